// The lines of input that differ.
#include <algorithm>
#include <array>
#include <string_view>

#include "src/compare/compare.h"
#include "src/compare/tree.h"

namespace callflow::compare {

namespace {

// What a scenario says that no packet meets: names, and what is made of the results.
constexpr std::array<std::string_view, 4> kNotSimulated = {"scenario", "title", "variants",
                                                           "expect"};

// "calls[standup]" rather than "calls[0]" where every item has a name of its own.
const std::string* nameOf(const Tree& item) {
  const Tree* name = item.find("name");
  return name != nullptr && name->kind == Tree::Kind::scalar && !name->scalar.empty()
             ? &name->scalar
             : nullptr;
}

bool allNamed(const Tree& list) {
  for (const Tree& item : list.list) {
    if (nameOf(item) == nullptr) return false;
  }
  return !list.list.empty();
}

Tree byName(const Tree& list) {
  Tree map;
  map.kind = Tree::Kind::map;
  for (const Tree& item : list.list) map.map.emplace_back(*nameOf(item), item);
  return map;
}

void difference(const Tree& a, const Tree& b, const std::string& path, bool bracket,
                std::vector<KeyDifference>& found);

// How many items the longest common subsequence of a[i...] and b[j...] has, for all i and j.
std::vector<std::vector<std::size_t>> commonLengths(const std::vector<Tree>& a,
                                                    const std::vector<Tree>& b) {
  std::vector<std::vector<std::size_t>> length(a.size() + 1,
                                               std::vector<std::size_t>(b.size() + 1, 0));
  for (std::size_t i = a.size(); i-- > 0;) {
    for (std::size_t j = b.size(); j-- > 0;) {
      length[i][j] =
          a[i] == b[j] ? length[i + 1][j + 1] + 1 : std::max(length[i + 1][j], length[i][j + 1]);
    }
  }
  return length;
}

// Item by item if both are as long; else those that one side has and the other has not, as a rule
// taken out of a firewall must not make every rule behind it look changed.
void listDifference(const std::vector<Tree>& a, const std::vector<Tree>& b, const std::string& path,
                    std::vector<KeyDifference>& found) {
  const auto at = [&](std::size_t i) { return path + '[' + std::to_string(i) + ']'; };
  if (a.size() == b.size()) {
    for (std::size_t i = 0; i < a.size(); ++i) difference(a[i], b[i], at(i), false, found);
    return;
  }
  const auto length = commonLengths(a, b);
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < a.size() || j < b.size()) {
    if (i < a.size() && j < b.size() && a[i] == b[j]) {
      ++i;
      ++j;
    } else if (j == b.size() || (i < a.size() && length[i + 1][j] >= length[i][j + 1])) {
      found.push_back({at(i), a[i].flow(), {}});
      ++i;
    } else {
      found.push_back({at(j), {}, b[j].flow()});
      ++j;
    }
  }
}

void difference(const Tree& a, const Tree& b, const std::string& path, bool bracket,
                std::vector<KeyDifference>& found) {
  if (a == b) return;
  const auto child = [&](const std::string& key) {
    if (bracket) return path + '[' + key + ']';
    return path.empty() ? key : path + '.' + key;
  };
  if (a.kind == Tree::Kind::map && b.kind == Tree::Kind::map) {
    for (const auto& [key, value] : a.map) {
      if (const Tree* other = b.find(key)) {
        difference(value, *other, child(key), false, found);
      } else {
        found.push_back({child(key), value.flow(), {}});
      }
    }
    for (const auto& [key, value] : b.map) {
      if (a.find(key) == nullptr) found.push_back({child(key), {}, value.flow()});
    }
    return;
  }
  if (a.kind == Tree::Kind::list && b.kind == Tree::Kind::list) {
    if (allNamed(a) && allNamed(b)) {
      difference(byName(a), byName(b), path, true, found);
      return;
    }
    listDifference(a.list, b.list, path, found);
    return;
  }
  found.push_back({path, a.flow(), b.flow()});
}

}  // namespace

std::vector<KeyDifference> differingKeys(const std::string& yamlA, const std::string& yamlB) {
  std::vector<KeyDifference> found;
  if (yamlA == yamlB) return found;
  const auto simulated = [](const std::string& yaml) {
    Tree tree = parseTree(yaml);
    std::erase_if(tree.map, [](const auto& entry) {
      return std::find(kNotSimulated.begin(), kNotSimulated.end(), entry.first) !=
             kNotSimulated.end();
    });
    return tree;
  };
  difference(simulated(yamlA), simulated(yamlB), {}, false, found);
  return found;
}

}  // namespace callflow::compare
