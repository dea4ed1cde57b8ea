#include "src/config/path.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include "src/units/quoted.h"

namespace callflow::config {
namespace {

// One step of a path: a key or an item's name, or an item's number.
struct Step {
  std::string name;
  std::optional<std::size_t> index;

  std::string text() const { return index ? "[" + std::to_string(*index) + "]" : name; }
};

std::optional<std::vector<Step>> splitPath(const std::string& path) {
  std::vector<Step> out;
  std::size_t at = 0;
  bool afterName = false;
  while (at < path.size()) {
    if (path[at] == '[') {
      const std::size_t end = path.find(']', at);
      if (end == std::string::npos || end == at + 1) return std::nullopt;
      std::size_t index = 0;
      const char* const last = path.data() + end;
      const auto [stop, error] = std::from_chars(path.data() + at + 1, last, index);
      if (error != std::errc{} || stop != last) return std::nullopt;
      out.push_back({"", index});
      at = end + 1;
    } else {
      if (afterName) {
        if (path[at] != '.') return std::nullopt;
        ++at;
      }
      const std::size_t end = std::min(path.find_first_of(".[]", at), path.size());
      if (end == at) return std::nullopt;
      out.push_back({path.substr(at, end - at), std::nullopt});
      at = end;
    }
    afterName = true;
  }
  if (out.empty()) return std::nullopt;
  return out;
}

// What items of a list are called.
constexpr const char* kNameKey = "name";

std::string itemName(const Node& item) {
  const NodePtr name = item.get(kNameKey);
  return name != nullptr && name->isScalar() ? name->text() : "";
}

std::optional<std::size_t> findItem(const Node& list, const Step& step) {
  if (step.index) {
    return *step.index < list.items().size() ? step.index : std::nullopt;
  }
  for (std::size_t i = 0; i < list.items().size(); ++i) {
    if (itemName(*list.items()[i]) == step.name) return i;
  }
  return std::nullopt;
}

bool isNumber(const std::string& text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string::npos;
}

// Changes one path; what is reported, is reported at the change.
class Editor {
 public:
  Editor(std::vector<Step> steps, NodePtr value, const SourcePos& pos, const std::string& path,
         Diagnostics& diagnostics)
      : steps_(std::move(steps)),
        value_(std::move(value)),
        pos_(pos),
        path_(path),
        diagnostics_(diagnostics) {}

  NodePtr table(const NodePtr& before, const TableBase& table, std::size_t at) {
    const Step& step = steps_[at];
    const NodePtr node = asMap(before, table);
    if (node == nullptr) {
      return fail(inQuotesUpTo(at) + " is " + before->kindName() + ", which has no keys",
                  "change " + inQuotesUpTo(at) + " as a whole");
    }
    const ValueType* type =
        step.index ? nullptr
                   : table.typeOfKey(step.name, node->entries().empty() ? nullptr : &*node);
    if (type == nullptr) {
      const TableBase* kind = table.chosen(node.get());
      return unknown(at, table.keys(node.get()),
                     " (see: callflow help " + (kind == nullptr ? table : *kind).kind() + ")");
    }
    return put(node, at, *type);
  }

 private:
  std::string upTo(std::size_t count) const {
    std::string out;
    for (std::size_t i = 0; i < count; ++i) {
      out += (out.empty() || steps_[i].index ? "" : ".") + steps_[i].text();
    }
    return out;
  }
  std::string inQuotesUpTo(std::size_t count) const {
    return count == 0 ? "the file" : quoted(upTo(count));
  }

  NodePtr fail(std::string problem, std::string advice) {
    diagnostics_.error(pos_, path_, std::move(problem), std::move(advice));
    return nullptr;
  }

  NodePtr unknown(std::size_t at, const std::vector<std::string>& known, const std::string& help) {
    const std::string problem = inQuotesUpTo(at) + " has no " + quoted(steps_[at].text());
    const std::string near = nearestName(steps_[at].name, known);
    if (!near.empty()) return fail(problem, "did you mean " + quoted(near) + "?" + help);
    std::string list;
    std::set<std::string> told;  // two items of one name are another fault's matter
    for (const std::string& one : known)
      if (told.insert(one).second) list += (list.empty() ? "" : ", ") + one;
    return fail(problem, (list.empty() ? "it is empty" : "it has " + list) + help);
  }

  // The node as keys that can be changed one by one; null if it has none.
  NodePtr asMap(const NodePtr& node, const TableBase& table) const {
    if (node->isMap()) return node;
    if (node->isSequence() && node->items().size() == table.positionalKeys().size() &&
        !node->items().empty()) {
      std::vector<Node::Entry> entries;
      for (std::size_t i = 0; i < node->items().size(); ++i) {
        const NodePtr& item = node->items()[i];
        entries.push_back({table.positionalKeys()[i], item->pos(), item});
      }
      return Node::makeMap(std::move(entries), node->pos());
    }
    if (node->isScalar() && !table.shorthandKey().empty()) {
      return Node::makeMap({{table.shorthandKey(), node->pos(), node}}, node->pos());
    }
    return nullptr;
  }

  // The map with the step's key changed, the value below it being of the type.
  NodePtr put(const NodePtr& map, std::size_t at, const ValueType& type) {
    const std::string& key = steps_[at].name;
    const bool last = at + 1 == steps_.size();
    std::vector<Node::Entry> entries = map->entries();
    Node::Entry* entry = nullptr;
    for (Node::Entry& one : entries) {
      if (one.key == key) entry = &one;
    }
    NodePtr below =
        last ? value_ : descend(entry == nullptr ? nullptr : entry->value, at + 1, type);
    if (below == nullptr) return nullptr;
    if (entry == nullptr) {
      entries.push_back({key, pos_, std::move(below)});
    } else {
      entry->value = std::move(below);
      if (last) entry->keyPos = pos_;
    }
    return Node::makeMap(std::move(entries), map->pos());
  }

  // `node` is null if nothing is written there yet.
  NodePtr descend(NodePtr node, std::size_t at, const ValueType& outer) {
    const ValueType* type = &outer;
    while (type->shape() == ValueType::Shape::optional) {
      type = type->element();
      if (node != nullptr && node->isScalar() && type->shape() != ValueType::Shape::scalar &&
          (type->table() == nullptr || type->table()->shorthandKey().empty())) {
        node = nullptr;  // written as absent
      }
    }
    switch (type->shape()) {
      case ValueType::Shape::table:
        return table(node == nullptr ? Node::makeMap({}, pos_) : node, *type->table(), at);
      case ValueType::Shape::named:
        return named(node, at, *type->element());
      case ValueType::Shape::list:
        return list(node, at, *type->element());
      case ValueType::Shape::raw:
        return fail(inQuotesUpTo(at) + " cannot be changed in parts", "change it as a whole");
      default:
        return fail(inQuotesUpTo(at) + " is a single value (" + type->name() + ")",
                    "change " + inQuotesUpTo(at) + " itself");
    }
  }

  NodePtr named(const NodePtr& before, std::size_t at, const ValueType& element) {
    const NodePtr node = before == nullptr ? Node::makeMap({}, pos_) : before;
    const bool last = at + 1 == steps_.size();
    const bool there = node->find(steps_[at].name) != nullptr;
    if (!node->isMap() || steps_[at].index || (!last && !there)) {
      std::vector<std::string> names;
      for (const Node::Entry& entry : node->entries()) names.push_back(entry.key);
      return unknown(at, names, "");
    }
    if (last && value_->isNull()) return failNull(at);
    if (!last || !removes()) return put(node, at, element);
    std::vector<Node::Entry> entries = node->entries();
    const std::string& name = steps_[at].name;
    if (std::erase_if(entries, [&](const Node::Entry& one) { return one.key == name; }) == 0) {
      std::vector<std::string> names;
      for (const Node::Entry& entry : node->entries()) names.push_back(entry.key);
      return unknown(at, names, "");
    }
    return Node::makeMap(std::move(entries), node->pos());
  }

  // A member of a map of the user's names, or a named item of a list, is taken away by `none`.
  bool removes() const {
    return value_->isScalar() && !value_->quoted() && value_->text() == "none";
  }

  NodePtr failNull(std::size_t at) {
    return fail(inQuotesUpTo(at + 1) + " is given no value", "write none to take it away");
  }

  // The list with one more item, which the change has named.
  NodePtr added(const NodePtr& list, const std::string& name) {
    if (removes() || !value_->isMap()) {
      std::string names;
      std::set<std::string> told;
      for (const NodePtr& item : list == nullptr ? std::vector<NodePtr>{} : list->items())
        if (told.insert(itemName(*item)).second)
          names += (names.empty() ? "" : ", ") + itemName(*item);
      const std::string there = names.empty() ? "it is empty" : "it has " + names;
      return fail(inQuotesUpTo(steps_.size() - 1) + " has no " + quoted(name),
                  removes() ? there : there + "; to add it, write a map of its keys");
    }
    std::vector<Node::Entry> entries;
    if (value_->find(kNameKey) == nullptr)
      entries.push_back({kNameKey, pos_, Node::makeScalar(name, pos_)});
    entries.insert(entries.end(), value_->entries().begin(), value_->entries().end());
    std::vector<NodePtr> items = list == nullptr ? std::vector<NodePtr>{} : list->items();
    items.push_back(Node::makeMap(std::move(entries), pos_));
    return Node::makeSequence(std::move(items), list == nullptr ? pos_ : list->pos());
  }

  NodePtr list(const NodePtr& before, std::size_t at, const ValueType& element) {
    NodePtr node = before;
    if (node != nullptr && !node->isSequence()) node = Node::makeSequence({node}, node->pos());
    const bool last = at + 1 == steps_.size();
    const std::optional<std::size_t> index =
        node == nullptr ? std::nullopt : findItem(*node, steps_[at]);
    if (!index) {
      const std::size_t count = node == nullptr ? 0 : node->items().size();
      if (steps_[at].index) {
        return fail(inQuotesUpTo(at) + " has no item " + steps_[at].text(),
                    count == 0 ? "no item of it is written in the file"
                               : "write [0] to [" + std::to_string(count - 1) + "]");
      }
      if (isNumber(steps_[at].name)) {
        const std::string list = upTo(at);
        return fail(
            inQuotesUpTo(at) + " has no " + quoted(steps_[at].text()),
            "items are counted in brackets: write " + quoted(list + "[" + steps_[at].name + "]"));
      }
      if (last && element.table() != nullptr && element.table()->nameKey() == kNameKey)
        return added(node, steps_[at].name);
      std::vector<std::string> names;
      for (std::size_t i = 0; i < count; ++i) {
        std::string name = itemName(*node->items()[i]);
        if (!name.empty()) names.push_back(std::move(name));
      }
      return unknown(at, names, "");
    }
    std::vector<NodePtr> items = node->items();
    if (last && removes()) {
      items.erase(items.begin() + static_cast<std::ptrdiff_t>(*index));
      return Node::makeSequence(std::move(items), node->pos());
    }
    if (last && value_->isNull()) return failNull(at);
    NodePtr below = last ? value_ : descend(items[*index], at + 1, element);
    if (below == nullptr) return nullptr;
    items[*index] = std::move(below);
    return Node::makeSequence(std::move(items), node->pos());
  }

  std::vector<Step> steps_;
  NodePtr value_;
  const SourcePos& pos_;
  const std::string& path_;
  Diagnostics& diagnostics_;
};

}  // namespace

NodePtr setPath(const NodePtr& root, const TableBase& table, const std::string& path,
                const NodePtr& value, const SourcePos& changePos, const std::string& changePath,
                Diagnostics& diagnostics) {
  std::optional<std::vector<Step>> steps = splitPath(path);
  if (!steps) {
    diagnostics.error(changePos, changePath, quoted(path) + " is not a key path",
                      "write keys with points between them, such as \"devices.fw1.rules[0].to\"");
    return nullptr;
  }
  Editor editor(std::move(*steps), value, changePos, changePath, diagnostics);
  return editor.table(root, table, 0);
}

NodePtr valueAt(const NodePtr& root, const std::string& path) {
  const std::optional<std::vector<Step>> steps = splitPath(path);
  if (!steps) return nullptr;
  NodePtr node = root;
  for (const Step& step : *steps) {
    if (const Node::Entry* entry = step.index ? nullptr : node->find(step.name)) {
      node = entry->value;
    } else if (const auto index = findItem(*node, step)) {
      node = node->items()[*index];
    } else {
      return nullptr;
    }
  }
  return node;
}

SourcePos positionOf(const NodePtr& root, const std::string& path) {
  SourcePos pos = root->pos();
  const std::optional<std::vector<Step>> steps = splitPath(path);
  if (!steps) return pos;
  NodePtr node = root;
  for (const Step& step : *steps) {
    if (const Node::Entry* entry = step.index ? nullptr : node->find(step.name)) {
      const bool inlineValue = !entry->value->isMap() && !entry->value->isNull();
      pos = inlineValue ? entry->value->pos() : entry->keyPos;
      node = entry->value;
    } else if (const auto index = findItem(*node, step)) {
      node = node->items()[*index];
      pos = node->pos();
    } else {
      break;
    }
  }
  return pos;
}

}  // namespace callflow::config
