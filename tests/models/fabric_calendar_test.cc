// The calendar against a plain sorted list: whatever is pushed comes out by time, then by order.
#include <algorithm>
#include <catch2/catch.hpp>
#include <random>
#include <vector>

#include "models/fabric/calendar.h"

using callflow::fabric::Calendar;
using callflow::fabric::comesBefore;

namespace {

constexpr std::int64_t kEver = std::int64_t{1} << 62;

std::vector<std::uint32_t> drained(Calendar& calendar) {
  std::vector<std::uint32_t> payloads;
  while (calendar.readyBy(kEver)) {
    payloads.push_back(calendar.front().payload);
    calendar.pop();
  }
  return payloads;
}

}  // namespace

TEST_CASE("equal times come out in the order of their numbers, also where these wrap") {
  Calendar calendar;
  calendar.push({500, 3, 0, 1});
  calendar.push({500, 0xffffffff, 0, 2});
  calendar.push({499, 7, 0, 3});
  calendar.push({500, 0, 0, 4});
  CHECK(drained(calendar) == std::vector<std::uint32_t>{3, 2, 4, 1});
  CHECK(calendar.empty());
}

TEST_CASE("a day is not opened before it begins") {
  Calendar calendar;
  calendar.push({1'000'000, 0, 0, 1});
  CHECK_FALSE(calendar.readyBy(900'000));
  // Earlier than what waits, and later than what was asked for.
  calendar.push({950'000, 1, 0, 2});
  CHECK(calendar.readyBy(1'000'000));
  CHECK(calendar.front().payload == 2);
  CHECK(drained(calendar) == std::vector<std::uint32_t>{2, 1});
}

TEST_CASE("what is far away comes in its turn") {
  Calendar calendar;
  const std::int64_t second = 1'000'000'000;
  calendar.push({3600 * second, 0, 0, 1});
  calendar.push({second, 1, 0, 2});
  calendar.push({0, 2, 0, 3});
  REQUIRE(calendar.readyBy(0));
  calendar.pop();
  calendar.passTo(second / 2);
  calendar.push({second / 2, 3, 0, 4});
  calendar.push({second + 1, 4, 0, 5});
  CHECK(drained(calendar) == std::vector<std::uint32_t>{4, 2, 5, 1});
}

TEST_CASE("pushes and pops in any mixture come out as from a sorted list") {
  std::mt19937_64 random(4711);
  for (const std::int64_t spread : {std::int64_t{1}, std::int64_t{1'000}, std::int64_t{300'000},
                                    std::int64_t{40'000'000}, std::int64_t{2'000'000'000}}) {
    Calendar calendar;
    std::vector<Calendar::Entry> list;
    std::int64_t now = 0;
    std::uint32_t order = 0xffffff00;  // wraps soon
    std::uint32_t payload = 0;
    std::size_t compared = 0;
    for (int step = 0; step < 20'000; ++step) {
      const int pushes = static_cast<int>(random() % 3);
      for (int i = 0; i < pushes; ++i) {
        const auto later = static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(spread));
        const Calendar::Entry entry{now + later, order++, 0, payload++};
        calendar.push(entry);
        list.insert(std::upper_bound(list.begin(), list.end(), entry, comesBefore), entry);
      }
      if (step % 1'000 == 999) {
        const auto leaves = [](const Calendar::Entry& entry) { return entry.payload % 7 == 0; };
        calendar.withdraw(leaves);
        std::erase_if(list, leaves);
      }
      REQUIRE(calendar.size() == list.size());
      if (list.empty() || random() % 2 == 0) continue;
      // An event of another kind may come first.
      if (list.front().time > now && random() % 4 == 0) {
        now += (list.front().time - now) / 2;
        if (!calendar.readyBy(now)) calendar.passTo(now);
        continue;
      }
      REQUIRE(calendar.readyBy(list.front().time));
      REQUIRE(calendar.front().payload == list.front().payload);
      now = list.front().time;
      calendar.pop();
      list.erase(list.begin());
      ++compared;
    }
    CHECK(compared > 5'000);
  }
}
