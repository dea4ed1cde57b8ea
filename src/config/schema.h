// Pieces of a JSON Schema as trees; shared by the types and the tables. Not for users of the
// tables.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "src/config/node.h"

namespace callflow::config {

inline NodePtr textNode(std::string text) {
  return Node::makeScalar(std::move(text), {}, true);
}
// A number or true/false, as the text says.
inline NodePtr bareNode(std::string text) {
  return Node::makeScalar(std::move(text));
}

inline NodePtr textList(const std::vector<std::string>& texts) {
  std::vector<NodePtr> items;
  for (const std::string& text : texts) items.push_back(textNode(text));
  return Node::makeSequence(std::move(items));
}

class SchemaObject {
 public:
  SchemaObject& add(std::string key, NodePtr value) {
    entries_.push_back({std::move(key), {}, std::move(value)});
    return *this;
  }
  NodePtr node() const { return Node::makeMap(entries_); }

 private:
  std::vector<Node::Entry> entries_;
};

}  // namespace callflow::config
