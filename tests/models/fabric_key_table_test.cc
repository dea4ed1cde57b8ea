// The table of routes finds what was put in, and nothing else.
#include <catch2/catch.hpp>
#include <map>
#include <random>

#include "models/fabric/key_table.h"

namespace callflow::fabric {

TEMPLATE_TEST_CASE("a key table holds what a map holds", "", KeyTable<int>,
                   (KeyTable<int, KeyOrder::kept>)) {
  std::mt19937_64 random(1);
  for (const std::uint64_t spread :
       {std::uint64_t{16}, std::uint64_t{4096}, std::uint64_t{1} << 62}) {
    TestType table;
    std::map<std::uint64_t, int> map;
    CHECK(table.find(0) == nullptr);
    for (int i = 0; i < 3000; ++i) {
      const std::uint64_t key = random() % spread;
      table[key] = map[key] = i;
      const std::uint64_t asked = random() % spread;
      const int* const found = table.find(asked);
      REQUIRE((found != nullptr) == map.contains(asked));
      if (found != nullptr) REQUIRE(*found == map.at(asked));
    }
    for (const auto& [key, value] : map) REQUIRE(*table.find(key) == value);
  }
}

}  // namespace callflow::fabric
