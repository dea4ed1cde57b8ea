// The lines of input that differ.
#include "src/compare/compare.h"
#include "src/compare/tree.h"

namespace callflow::compare {

namespace {

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
    if (a.list.size() == b.list.size()) {
      for (std::size_t i = 0; i < a.list.size(); ++i) {
        difference(a.list[i], b.list[i], path + '[' + std::to_string(i) + ']', false, found);
      }
      return;
    }
  }
  found.push_back({path, a.flow(), b.flow()});
}

}  // namespace

std::vector<KeyDifference> differingKeys(const std::string& yaml_a, const std::string& yaml_b) {
  std::vector<KeyDifference> found;
  if (yaml_a != yaml_b) difference(parseTree(yaml_a), parseTree(yaml_b), {}, false, found);
  return found;
}

}  // namespace callflow::compare
