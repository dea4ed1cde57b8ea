// Damage to what a file means, not to its bytes: keys, values, lists and maps moved, doubled,
// renamed, emptied and exchanged, so that nearly every file is good YAML and goes far into the
// checks behind the reader.
#include <yaml-cpp/yaml.h>

#include <array>
#include <catch2/catch.hpp>
#include <random>
#include <string>
#include <vector>

#include "tests/fuzz/load_checks.h"
#include "tests/fuzz/rounds.h"

namespace callflow::test {
namespace {

class Damage {
 public:
  explicit Damage(unsigned seed) : random_(seed) {}

  std::size_t below(std::size_t limit) { return limit == 0 ? 0 : random_() % limit; }

  // One to three faults; parts of `other` serve as strange values and keys.
  YAML::Node apply(const YAML::Node& file, const YAML::Node& other) {
    YAML::Node root = YAML::Clone(file);
    for (std::size_t faults = 1 + below(3); faults > 0; --faults) fault(root, other);
    return root;
  }

 private:
  // All maps and lists that are not empty, the root first.
  static void collect(const YAML::Node& node, std::vector<YAML::Node>& holders,
                      std::vector<YAML::Node>& all) {
    all.push_back(node);
    if (node.size() == 0 || node.IsScalar()) return;
    holders.push_back(node);
    if (node.IsMap()) {
      for (const auto& entry : node) collect(entry.second, holders, all);
    } else if (node.IsSequence()) {
      for (const auto& entry : node) collect(entry, holders, all);
    }
  }

  YAML::Node any(const YAML::Node& root) {
    std::vector<YAML::Node> holders, all;
    collect(root, holders, all);
    return YAML::Clone(all[below(all.size())]);
  }

  std::string anyKey(const YAML::Node& root) {
    std::vector<YAML::Node> holders, all;
    collect(root, holders, all);
    for (int tries = 0; tries < 20; ++tries) {
      const YAML::Node holder = holders.empty() ? root : holders[below(holders.size())];
      if (holder.IsMap()) return keyAt(holder, below(holder.size()));
    }
    return "key";
  }

  static std::string keyAt(const YAML::Node& map, std::size_t index) {
    for (const auto& entry : map)
      if (index-- == 0) return entry.first.IsScalar() ? entry.first.Scalar() : std::string("?");
    return "?";
  }

  YAML::Node strange(const YAML::Node& root, const YAML::Node& other) {
    switch (below(6)) {
      case 0:
        return any(root);
      case 1:
        return any(other);
      case 2: {
        YAML::Node list;
        list.push_back(any(root));
        list.push_back(any(other));
        return list;
      }
      case 3: {
        YAML::Node map;
        map[anyKey(other)] = any(root);
        return map;
      }
      default:
        return YAML::Node(std::string(words[below(words.size())]));
    }
  }

  void fault(YAML::Node root, const YAML::Node& other) {
    std::vector<YAML::Node> holders, all;
    collect(root, holders, all);
    if (holders.empty()) return;
    YAML::Node holder = holders[below(holders.size())];
    if (holder.IsMap()) {
      const std::string key = keyAt(holder, below(holder.size()));
      const std::string second = keyAt(holder, below(holder.size()));
      switch (below(7)) {
        case 0:
          holder.remove(key);
          return;
        case 1: {  // the value of another key
          const YAML::Node value = YAML::Clone(holder[second]);
          holder[key] = value;
          return;
        }
        case 2: {  // another name
          const YAML::Node value = YAML::Clone(holder[key]);
          holder.remove(key);
          holder[below(2) == 0 ? anyKey(root) : anyKey(other)] = value;
          return;
        }
        case 3:  // a key from elsewhere
          holder[anyKey(other)] = strange(root, other);
          return;
        case 4: {  // one level deeper
          YAML::Node inner;
          inner[second] = YAML::Clone(holder[key]);
          holder[key] = inner;
          return;
        }
        default:
          holder[key] = strange(root, other);
          return;
      }
    }
    const std::size_t index = below(holder.size());
    switch (below(4)) {
      case 0:
        holder.remove(index);
        return;
      case 1:
        holder.push_back(YAML::Clone(holder[index]));
        return;
      case 2:
        holder.push_back(strange(root, other));
        return;
      default:
        holder[index] = strange(root, other);
        return;
    }
  }

  static constexpr std::array words = {
      "",           "~",         "0",       "-1",      "1e300",      "0 ms",      "1 ns",
      "10 s",       "48 h",      "1 bit/s", "0 bit/s", "unlimited",  "100%",      "0%",
      "50%",        "1 packets", "1 us",    "1 B",     "10.0.0.0/8", "0.0.0.0/0", "alice@hq",
      "hq",         "home",      "azure",   "any",     "none",       "auto",      "true",
      "westeurope", "eastus",    "group",   "tcp",     "relay-tcp",  "base",      "audio.mos >= 3",
      "../../x",    "\xc3\xa9",  "[52, 4]", "{}",      "a b"};

  std::mt19937 random_;
};

}  // namespace

TEST_CASE("a file with its parts in the wrong place is loaded or refused with a place") {
  const std::vector<Original> files = originals();
  std::vector<std::pair<const Original*, YAML::Node>> trees;
  for (const Original& file : files) {
    try {
      const YAML::Node tree = YAML::Load(file.text);
      if (tree.IsMap() && tree.size() > 0) trees.emplace_back(&file, tree);
    } catch (const YAML::Exception&) {
      // Files of tests/errors may be no YAML at all; tests/fuzz/bytes_test.cc damages those.
    }
  }
  REQUIRE(trees.size() > 40);
  Rounds rounds(20261126, 1'500);
  Damage damage(rounds.seed());
  int loaded = 0, refused = 0;
  while (rounds.next()) {
    const auto& [file, tree] = trees[damage.below(trees.size())];
    const auto& [other, spare] = trees[damage.below(trees.size())];
    const std::filesystem::path path = file->folder / "damaged.yaml";
    writeFile(path, YAML::Dump(damage.apply(tree, spare)) + "\n");
    CAPTURE(rounds.seed(), rounds.number(), file->name, path.string());
    ++(load(path.string()) == Outcome::loaded ? loaded : refused);
  }
  CHECK(loaded > rounds.number() / 50);
  CHECK(refused > rounds.number() / 3);
}

}  // namespace callflow::test
