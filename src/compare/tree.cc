#include "src/compare/tree.h"

#include <algorithm>

#include "src/config/load.h"

namespace callflow::compare {
namespace {

Tree treeOf(const config::Node& node) {
  Tree tree;
  if (node.isMap()) {
    tree.kind = Tree::Kind::map;
    for (const auto& entry : node.entries()) tree.map.emplace_back(entry.key, treeOf(*entry.value));
  } else if (node.isSequence()) {
    tree.kind = Tree::Kind::list;
    for (const auto& item : node.items()) tree.list.push_back(treeOf(*item));
  } else {
    tree.scalar = node.text();
  }
  return tree;
}

}  // namespace

const Tree* Tree::find(const std::string& key) const {
  const auto found =
      std::find_if(map.begin(), map.end(), [&](const auto& entry) { return entry.first == key; });
  return found == map.end() ? nullptr : &found->second;
}

std::string Tree::flow() const {
  if (kind == Kind::scalar) return scalar;
  std::string text;
  for (const auto& [key, value] : map)
    text += (text.empty() ? "" : ", ") + key + ": " + value.flow();
  for (const Tree& item : list) text += (text.empty() ? "" : ", ") + item.flow();
  return kind == Kind::map ? '{' + text + '}' : '[' + text + ']';
}

Tree parseTree(const std::string& yaml) {
  Diagnostics
      unheard;  // callflow wrote it; what somebody has changed by hand is shown as it stands
  if (const config::NodePtr root = config::parseYaml(yaml, "resolved", unheard))
    return treeOf(*root);
  Tree text;
  text.scalar = yaml;
  return text;
}

}  // namespace callflow::compare
