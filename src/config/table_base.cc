#include "src/config/table_base.h"

#include <algorithm>
#include <sstream>
#include <utility>

#include "src/config/row.h"
#include "src/config/schema.h"
#include "src/config/table.h"

namespace callflow::config {
namespace {

std::string inQuotes(std::string_view text) {
  return "\"" + std::string{text} + "\"";
}

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : ", ") + word;
  return out;
}

bool contains(const std::vector<std::string>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

struct Directions {
  std::string first;
  std::string second;
  bool found = false;  // the text names directions at all
  bool fine = false;
};

// "20 Mbit/s down 5 Mbit/s up" as its two values.
Directions splitDirections(const std::string& text, const BothWays& both) {
  std::istringstream words(text);
  Directions out;
  std::string value;
  std::string word;
  int firsts = 0;
  int seconds = 0;
  while (words >> word) {
    std::string bare = word;
    while (!bare.empty() && (bare.back() == ',' || bare.back() == ';')) bare.pop_back();
    // A lone "down" is a value of its own, not a direction of nothing.
    if (!value.empty() && (bare == both.first || bare == both.second)) {
      out.found = true;
      (bare == both.first ? out.first : out.second) = value;
      ++(bare == both.first ? firsts : seconds);
      value.clear();
    } else if (word != "/") {
      value += (value.empty() ? "" : " ") + word;
    }
  }
  out.fine = firsts == 1 && seconds == 1 && value.empty();
  return out;
}

}  // namespace

std::string SchemaDefinitions::require(const TableBase& table) {
  if (std::find(tables_.begin(), tables_.end(), &table) == tables_.end()) tables_.push_back(&table);
  return table.kind();
}

// ---- the rows ---------------------------------------------------------------------------------

void TableBase::addRow(std::string key, RowSpec spec, const ValueType& type,
                       std::shared_ptr<const Field> field) {
  Row row{std::move(key), std::move(spec), &type, std::move(field)};
  prepareRow(row, kind_);
  rows_.push_back(std::move(row));
}

const Row* TableBase::findRow(std::string_view key) const {
  const auto found =
      std::find_if(rows_.begin(), rows_.end(), [&](const Row& row) { return row.key == key; });
  return found == rows_.end() ? nullptr : &*found;
}

const TableBase* TableBase::chosen(const Node* node, std::size_t* index) const {
  if (kinds_.key.empty()) return nullptr;
  const Node::Entry* entry = node == nullptr ? nullptr : node->find(kinds_.key);
  const std::string& name = entry == nullptr ? kinds_.spec.def : entry->value->text();
  for (std::size_t i = 0; i < kinds_.tables.size(); ++i) {
    const TableBase& table = kinds_.tables[i]();
    if (table.kind() != name) continue;
    if (index != nullptr) *index = i;
    return &table;
  }
  return nullptr;
}

std::vector<std::string> TableBase::keys(const Node* node) const {
  std::vector<std::string> out;
  const auto add = [&](const std::string& key) {
    if (!contains(out, key)) out.push_back(key);
  };
  if (!kinds_.key.empty()) add(kinds_.key);
  for (const Row& row : rows_) add(row.key);
  if (!both_.first.empty()) {
    for (const Row& row : both_.type->table()->rows()) add(row.key);
    add(both_.first);
    add(both_.second);
  }
  if (!presets_.key.empty()) add(presets_.key);
  if (const TableBase* one = chosen(node)) {
    for (const std::string& key : one->keys(node)) add(key);
  } else {
    for (const auto& table : kinds_.tables) {
      for (const std::string& key : table().keys(node)) add(key);
    }
  }
  return out;
}

const ValueType* TableBase::typeOfKey(std::string_view key, const Node* node) const {
  if (!kinds_.key.empty() && key == kinds_.key) return &typeOf<std::string>();
  if (!presets_.key.empty() && key == presets_.key) return &typeOf<std::string>();
  if (const Row* row = findRow(key)) return row->type;
  if (!both_.first.empty()) {
    if (key == both_.first || key == both_.second) return both_.type;
    if (const Row* row = both_.type->table()->findRow(key)) return row->type;
  }
  if (const TableBase* one = chosen(node)) return one->typeOfKey(key, node);
  for (const auto& table : kinds_.tables) {
    if (const ValueType* type = table().typeOfKey(key, node)) return type;
  }
  return nullptr;
}

// ---- reading ----------------------------------------------------------------------------------

void TableBase::setDefaults(void* object) const {
  for (const Row& row : rows_) setRowDefault(row, kind_, object);
  if (!both_.first.empty()) {
    both_.type->setDefaults(both_.firstField->member(object));
    both_.type->setDefaults(both_.secondField->member(object));
  }
  if (!kinds_.key.empty()) {
    std::size_t index = 0;
    const TableBase* table = chosen(nullptr, &index);
    if (table == nullptr) table = &kinds_.tables.front()();
    table->setDefaults(kinds_.emplace(object, index));
  }
}

NodePtr TableBase::asMap(const Context& context) const {
  const NodePtr& node = context.node();
  if (node->isMap()) return node;
  if (node->isSequence() && !positional_.empty()) {
    if (node->items().size() != positional_.size()) {
      context.valueError(
          "has " + std::to_string(node->items().size()) + " items",
          "write " + std::to_string(positional_.size()) + ": [" + joined(positional_) + "]");
      return nullptr;
    }
    std::vector<Node::Entry> entries;
    for (std::size_t i = 0; i < positional_.size(); ++i) {
      entries.push_back({positional_[i], node->items()[i]->pos(), node->items()[i]});
    }
    return Node::makeMap(std::move(entries), node->pos());
  }
  if (!node->isNull() && !shorthand_.empty()) {
    return Node::makeMap({{shorthand_, node->pos(), node}}, node->pos());
  }
  const std::string help = "(see: callflow help " + kind_ + ")";
  if (node->isNull()) {
    context.valueError("has nothing below it",
                       "write {} to take every default, or remove the key " + help);
  } else {
    // A value that one of the keys takes was meant for it.
    std::string inside = keys(nullptr).front() + ": ...";
    for (const Row& row : rows_) {
      const auto& choices = innermost(*row.type).choices();
      if (node->isScalar() &&
          std::find(choices.begin(), choices.end(), node->text()) != choices.end())
        inside = row.key + ": " + node->text();
    }
    if (presets_.find(node->text())) inside = presets_.key + ": " + node->text();
    context.valueError("is " + node->kindName() + ", not a map of keys",
                       "write {" + inside + "} " + help);
  }
  return nullptr;
}

bool TableBase::overlay(const Context& outer, void* object) const {
  const NodePtr map = asMap(outer);
  if (map == nullptr) return false;
  const Context context = map == outer.node() ? outer : outer.withNode(map);
  KeySet used;
  bool fine = overlayOwn(context, object, used);
  if (!kinds_.key.empty()) fine = overlayKind(context, object, used) && fine;
  fine = reportUnknown(context, used) && fine;
  runHooks(context, object, fine);
  return fine;
}

bool TableBase::overlayOwn(const Context& context, void* object, KeySet& used) const {
  bool fine = overlayPreset(context, object, used);
  for (const Row& row : rows_) {
    const Node::Entry* entry = context.node()->find(row.key);
    if (entry == nullptr) continue;
    used.insert(row.key);
    fine = readRow(row, context.forKey(row.key, entry->value, entry->keyPos), object) && fine;
  }
  if (!both_.first.empty()) fine = overlayBothWays(context, object, used) && fine;
  if (!context.isPartial()) fine = reportMissing(context) && fine;
  return fine;
}

bool TableBase::overlayBothWays(const Context& context, void* object, KeySet& used) const {
  const TableBase& inner = *both_.type->table();
  void* first = both_.firstField->member(object);
  void* second = both_.secondField->member(object);
  bool fine = true;
  for (const Row& row : inner.rows()) {
    const Node::Entry* entry = context.node()->find(row.key);
    if (entry == nullptr) continue;
    used.insert(row.key);
    const Node& node = *entry->value;
    const Context at = context.forKey(row.key, entry->value, entry->keyPos);
    const Directions split =
        node.isScalar() && innermost(*row.type).shape() == ValueType::Shape::scalar
            ? splitDirections(node.text(), both_)
            : Directions{};
    if (split.found && !split.fine) {
      const std::string example = row.type->example();
      at.valueError(
          inQuotes(node.text()) + " does not give one value for each direction",
          "write " + inQuotes(example + " " + both_.first + " " + example + " " + both_.second));
      fine = false;
      continue;
    }
    // A fault of a shared value is found twice and reported once.
    const auto part = [&](const std::string& text) {
      return split.found ? at.withNode(Node::makeScalar(text, node.pos(), node.quoted())) : at;
    };
    fine = readRow(row, part(split.first), first) && fine;
    fine = readRow(row, part(split.second), second) && fine;
  }
  for (const auto& [key, direction] : {std::pair{&both_.first, first}, {&both_.second, second}}) {
    const Node::Entry* entry = context.node()->find(*key);
    if (entry == nullptr) continue;
    used.insert(*key);
    const Context at = context.forKey(*key, entry->value, entry->keyPos);
    fine = inner.overlay(at.partial(), direction) && fine;
  }
  if (fine && !context.isPartial()) {
    inner.runHooks(context, first, true);
    inner.runHooks(context, second, true);
  }
  return fine;
}

bool TableBase::overlayKind(const Context& context, void* object, KeySet& used) const {
  const Node::Entry* entry = context.node()->find(kinds_.key);
  std::vector<std::string> names;
  for (const auto& table : kinds_.tables) names.push_back(table().kind());
  const auto allKeysKnown = [&] {
    for (const std::string& key : keys(nullptr)) used.insert(key);
  };
  if (entry == nullptr && kinds_.spec.def.empty()) {
    context.error("missing key " + inQuotes(kinds_.key),
                  "write \"" + kinds_.key + ": " + names.front() + "\" or another of " +
                      joined(names) + " (see: callflow help " + kind_ + ")");
    allKeysKnown();
    return false;
  }
  used.insert(kinds_.key);
  std::size_t index = 0;
  const TableBase* table = chosen(context.node().get(), &index);
  if (table == nullptr) {
    const Context at = context.forKey(kinds_.key, entry->value, entry->keyPos);
    if (entry->value->isScalar()) {
      at.valueError(notOneOf(entry->value->text(), names));
    } else {
      at.valueError("is " + entry->value->kindName() + ", not one of " + joined(names),
                    "write " + inQuotes(names.front()));
    }
    allKeysKnown();
    return false;
  }
  void* inside = kinds_.emplace(object, index);
  table->setDefaults(inside);
  const bool fine = table->overlayOwn(context, inside, used);
  table->runHooks(context, inside, fine);
  return fine;
}

bool TableBase::reportUnknown(const Context& context, const KeySet& used) const {
  bool fine = true;
  const Node* node = context.node().get();
  for (const Node::Entry& entry : node->entries()) {
    if (used.contains(entry.key)) continue;
    fine = false;
    const TableBase* kind = chosen(node);
    const std::vector<std::string> known = keys(node);
    const std::string near = nearestName(entry.key, known);
    const std::string help =
        " (see: callflow help " + (kind == nullptr ? kind_ : kind->kind()) + ")";
    context.forKey(entry.key, entry.value, entry.keyPos)
        .error("unknown key", (!near.empty()       ? "did you mean " + inQuotes(near) + "?"
                               : known.size() == 1 ? "the only key is " + inQuotes(known.front()) +
                                                         "; does this belong below it?"
                                                   : "the keys are " + joined(known)) +
                                  help);
  }
  return fine;
}

bool TableBase::missing(const Context& context, const std::string& key,
                        const ValueType& type) const {
  context.error("missing key " + inQuotes(key), "write \"" + key + ": " + type.example() +
                                                    "\" or the like (see: callflow help " + kind_ +
                                                    ")");
  return false;
}

bool TableBase::reportMissing(const Context& context) const {
  const auto given = [&](const std::string& key) {
    return context.has(key) || (context.base() != nullptr && context.base()->find(key) != nullptr);
  };
  bool fine = true;
  for (const Row& row : rows_) {
    if (given(row.key)) continue;
    if (row.spec.required) {
      fine = missing(context, row.key, *row.type);
    } else if (row.type->shape() == ValueType::Shape::table && row.defNode == nullptr) {
      const NodePtr nothing = Node::makeMap({}, context.pos());
      const Context at = context.forKey(row.key, nothing, context.pos());
      fine = row.type->table()->reportMissing(at) && fine;
    }
  }
  if (both_.first.empty()) return fine;
  const NodePtr first = context.node()->get(both_.first);
  const NodePtr second = context.node()->get(both_.second);
  for (const Row& row : both_.type->table()->rows()) {
    if (!row.spec.required || given(row.key)) continue;
    const bool each = first != nullptr && second != nullptr && first->find(row.key) != nullptr &&
                      second->find(row.key) != nullptr;
    if (!each) fine = missing(context, row.key, *row.type);
  }
  return fine;
}

void TableBase::runHooks(const Context& context, void* object, bool fine) const {
  if (setPos_) setPos_(object, context.pos());
  if (!fine || context.isPartial()) return;
  for (const auto& check : checks_) check(object, context);
}

bool readInto(const NodePtr& root, const TableBase& table, Diagnostics& diagnostics,
              const std::string& path, void* object) {
  const int before = diagnostics.errorCount();
  table.setDefaults(object);
  const Context context(diagnostics, root, path, root->pos());
  return table.overlay(context, object) && diagnostics.errorCount() == before;
}

// ---- writing ----------------------------------------------------------------------------------

NodePtr TableBase::write(const void* object) const {
  std::vector<Node::Entry> entries;
  writeInto(object, entries);
  return Node::makeMap(std::move(entries));
}

void TableBase::writeInto(const void* object, std::vector<Node::Entry>& entries) const {
  const auto put = [](std::vector<Node::Entry>& to, const std::string& key, NodePtr node) {
    if (node != nullptr) to.push_back({key, {}, std::move(node)});
  };
  const TableBase* kind = nullptr;
  if (!kinds_.key.empty()) {
    kind = &kinds_.tables[kinds_.index(object)]();
    put(entries, kinds_.key, Node::makeScalar(kind->kind()));
  }
  for (const Row& row : rows_) put(entries, row.key, writeRow(row, object));
  if (!both_.first.empty()) {
    const void* first = both_.firstField->member(const_cast<void*>(object));
    const void* second = both_.secondField->member(const_cast<void*>(object));
    std::vector<Node::Entry> onlyFirst;
    std::vector<Node::Entry> onlySecond;
    for (const Row& row : both_.type->table()->rows()) {
      NodePtr a = writeRow(row, first);
      NodePtr b = writeRow(row, second);
      if (a != nullptr && b != nullptr && sameValue(*a, *b)) {
        put(entries, row.key, std::move(a));
      } else {
        put(onlyFirst, row.key, std::move(a));
        put(onlySecond, row.key, std::move(b));
      }
    }
    if (!onlyFirst.empty()) put(entries, both_.first, Node::makeMap(std::move(onlyFirst)));
    if (!onlySecond.empty()) put(entries, both_.second, Node::makeMap(std::move(onlySecond)));
  }
  if (kind != nullptr) kind->writeInto(kinds_.get(object), entries);
}

// ---- schema -----------------------------------------------------------------------------------

void TableBase::schemaInto(SchemaDefinitions& definitions, std::vector<Node::Entry>& properties,
                           std::vector<std::string>& required) const {
  if (!presets_.key.empty()) {
    SchemaObject choice;
    choice.add("description", textNode(presets_.spec.help));
    choice.add("enum", textList(presets_.names()));
    properties.push_back({presets_.key, {}, choice.node()});
  }
  for (const Row& row : rows_) {
    properties.push_back({row.key, {}, rowSchema(row, definitions)});
    if (row.spec.required) required.push_back(row.key);
  }
  if (both_.first.empty()) return;
  const std::string names = "(" + both_.first + "|" + both_.second + ")";
  const NodePtr split = SchemaObject{}
                            .add("type", textNode("string"))
                            .add("pattern", textNode("^.+ " + names + "[,;]? .+ " + names + "$"))
                            .node();
  for (const Row& row : both_.type->table()->rows()) {
    NodePtr schema = rowSchema(row, definitions);
    if (innermost(*row.type).shape() == ValueType::Shape::scalar) {
      SchemaObject either;
      either.add("description", schema->get("description"));
      schema = either.add("anyOf", Node::makeSequence({schema, split})).node();
    }
    properties.push_back({row.key, {}, schema});
  }
  for (const std::string& key : {both_.first, both_.second}) {
    SchemaObject direction;
    direction.add("description", textNode(both_.spec.help));
    direction.add("allOf", Node::makeSequence({both_.type->schema(definitions)}));
    properties.push_back({key, {}, direction.node()});
  }
}

NodePtr TableBase::schema(SchemaDefinitions& definitions) const {
  const auto object = [](std::vector<Node::Entry> properties,
                         const std::vector<std::string>& required) {
    SchemaObject out;
    out.add("type", textNode("object"));
    out.add("additionalProperties", bareNode("false"));
    out.add("properties", Node::makeMap(std::move(properties)));
    if (!required.empty()) out.add("required", textList(required));
    return out.node();
  };
  std::vector<Node::Entry> properties;
  std::vector<std::string> required;
  schemaInto(definitions, properties, required);
  std::vector<NodePtr> forms;
  if (kinds_.key.empty()) forms.push_back(object(properties, required));
  for (const auto& table : kinds_.tables) {
    SchemaObject choice;
    choice.add("description", textNode(kinds_.spec.help));
    choice.add("const", textNode(table().kind()));
    std::vector<Node::Entry> all{{kinds_.key, {}, choice.node()}};
    all.insert(all.end(), properties.begin(), properties.end());
    std::vector<std::string> allRequired = required;
    const bool isDefault = table().kind() == kinds_.spec.def;
    if (!isDefault) allRequired.push_back(kinds_.key);
    table().schemaInto(definitions, all, allRequired);
    forms.push_back(object(std::move(all), allRequired));
  }
  if (!shorthand_.empty()) forms.push_back(typeOfKey(shorthand_, nullptr)->schema(definitions));
  if (!positional_.empty()) {
    std::vector<NodePtr> items;
    for (const std::string& key : positional_) {
      items.push_back(typeOfKey(key, nullptr)->schema(definitions));
    }
    const std::string count = std::to_string(positional_.size());
    SchemaObject list;
    list.add("type", textNode("array")).add("items", Node::makeSequence(std::move(items)));
    list.add("minItems", bareNode(count)).add("maxItems", bareNode(count));
    forms.push_back(list.node());
  }
  SchemaObject out;
  out.add("description", textNode(help_));
  if (forms.size() == 1) {
    for (const Node::Entry& entry : forms.front()->entries()) out.add(entry.key, entry.value);
  } else {
    out.add("anyOf", Node::makeSequence(std::move(forms)));
  }
  return out.node();
}

}  // namespace callflow::config
