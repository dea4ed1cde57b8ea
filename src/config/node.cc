#include "src/config/node.h"

#include <algorithm>
#include <utility>

namespace callflow::config {
namespace {

constexpr std::size_t kSizeCap = 1'000'000'000'000;  // far above any limit, far below overflow

}  // namespace

NodePtr Node::makeNull(SourcePos pos) {
  auto* node = new Node;
  NodePtr out{node};
  node->pos_ = std::move(pos);
  return out;
}

NodePtr Node::makeScalar(std::string text, SourcePos pos, bool quoted) {
  auto* node = new Node;
  NodePtr out{node};
  node->kind_ = Kind::scalar;
  node->text_ = std::move(text);
  node->pos_ = std::move(pos);
  node->quoted_ = quoted;
  return out;
}

NodePtr Node::makeSequence(std::vector<NodePtr> items, SourcePos pos) {
  auto* node = new Node;
  NodePtr out{node};
  node->kind_ = Kind::sequence;
  node->pos_ = std::move(pos);
  for (const NodePtr& item : items) {
    node->expandedSize_ = std::min(kSizeCap, node->expandedSize_ + item->expandedSize());
    node->height_ = std::max(node->height_, item->height() + 1);
  }
  node->items_ = std::move(items);
  return out;
}

NodePtr Node::makeMap(std::vector<Entry> entries, SourcePos pos) {
  auto* node = new Node;
  NodePtr out{node};
  node->kind_ = Kind::map;
  node->pos_ = std::move(pos);
  for (const Entry& entry : entries) {
    node->expandedSize_ = std::min(kSizeCap, node->expandedSize_ + entry.value->expandedSize());
    node->height_ = std::max(node->height_, entry.value->height() + 1);
  }
  node->entries_ = std::move(entries);
  return out;
}

const Node::Entry* Node::find(std::string_view key) const {
  const auto found = std::find_if(entries_.begin(), entries_.end(),
                                  [&](const Entry& entry) { return entry.key == key; });
  return found == entries_.end() ? nullptr : &*found;
}

NodePtr Node::get(std::string_view key) const {
  const Entry* entry = find(key);
  return entry == nullptr ? nullptr : entry->value;
}

std::string Node::kindName() const {
  switch (kind_) {
    case Kind::null:
      return "nothing";
    case Kind::scalar:
      return "a text";
    case Kind::sequence:
      return "a list";
    case Kind::map:
      return "a map";
  }
  return {};
}

bool sameValue(const Node& a, const Node& b) {
  if (a.kind() != b.kind() || a.text() != b.text() || a.quoted() != b.quoted()) return false;
  return std::equal(a.items().begin(), a.items().end(), b.items().begin(), b.items().end(),
                    [](const NodePtr& x, const NodePtr& y) { return sameValue(*x, *y); }) &&
         std::equal(a.entries().begin(), a.entries().end(), b.entries().begin(), b.entries().end(),
                    [](const Node::Entry& x, const Node::Entry& y) {
                      return x.key == y.key && sameValue(*x.value, *y.value);
                    });
}

}  // namespace callflow::config
