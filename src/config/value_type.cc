#include "src/config/value_type.h"

#include <cctype>
#include <clocale>
#include <cwctype>
#include <map>
#include <utility>

#include "src/config/scalar.h"
#include "src/config/schema.h"
#include "src/config/table_base.h"
#include "src/config/value_adapters.h"

namespace callflow::config {
namespace {

std::string inQuotes(std::string_view text) {
  return "\"" + std::string{text} + "\"";
}

// Whether YAML tools would take the plain text for something else than a text.
bool looksTyped(const std::string& text) {
  static const char* const kWords[] = {"true", "false", "yes", "no",  "on",
                                       "off",  "null",  "~",   "none"};
  for (const char* word : kWords) {
    if (text == word) return true;
  }
  return text.empty() || text.find_first_not_of("0123456789.-+eE_xob") == std::string::npos;
}

}  // namespace

// ---- Context ----------------------------------------------------------------------------------

Context::Context(Diagnostics& diagnostics, NodePtr node, std::string path, SourcePos pos)
    : diagnostics_(&diagnostics),
      node_(std::move(node)),
      path_(std::move(path)),
      pos_(std::move(pos)) {}

SourcePos Context::keyPos(std::string_view key) const {
  const Node::Entry* entry = node_->find(key);
  return entry == nullptr ? pos_ : entry->keyPos;
}

SourcePos Context::valuePos(std::string_view key) const {
  const Node::Entry* entry = node_->find(key);
  return entry == nullptr ? pos_ : entry->value->pos();
}

void Context::error(std::string problem, std::string advice) const {
  diagnostics_->error(pos_, path_, std::move(problem), std::move(advice));
}

void Context::valueError(std::string problem, std::string advice) const {
  diagnostics_->error(node_->pos(), path_, std::move(problem), std::move(advice));
}

void Context::keyError(std::string_view key, std::string problem, std::string advice) const {
  diagnostics_->error(valuePos(key), path_ + (path_.empty() ? "" : ".") + std::string{key},
                      std::move(problem), std::move(advice));
}

Context Context::forKey(std::string_view key, const NodePtr& node, const SourcePos& pos) const {
  return {*diagnostics_, node, path_ + (path_.empty() ? "" : ".") + std::string{key}, pos};
}

Context Context::forItem(std::size_t index, const NodePtr& node) const {
  Context out(*diagnostics_, node, path_ + "[" + std::to_string(index) + "]", node->pos());
  out.range_ = range_;
  return out;
}

Context Context::withNode(NodePtr node) const {
  Context out = *this;
  out.node_ = std::move(node);
  return out;
}

Context Context::partial() const {
  Context out = *this;
  out.partial_ = true;
  return out;
}

Context Context::onTopOf(NodePtr base) const {
  Context out = *this;
  out.base_ = std::move(base);
  return out;
}

Context Context::inRange(std::string range) const {
  Context out = *this;
  out.range_ = std::move(range);
  return out;
}

// ---- names ------------------------------------------------------------------------------------

std::string notOneOf(std::string_view text, const std::vector<std::string>& names) {
  std::string list;
  for (const std::string& name : names) list += (list.empty() ? "" : ", ") + name;
  const std::string near = nearestName(std::string{text}, names);
  return inQuotes(text) + " is not one of " + list +
         (near.empty() ? "; write one of these" : "; did you mean " + inQuotes(near) + "?");
}

namespace {

// Letters and digits of any script. The C library knows them; its C.UTF-8 is the same everywhere
// and part of it, whatever language the user has set.
bool isLetterOrDigit(char32_t c) {
  static const locale_t kUtf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
  if (c < 0x80) return std::isalnum(static_cast<unsigned char>(c)) != 0;
  return kUtf8 != nullptr && iswalnum_l(static_cast<wint_t>(c), kUtf8) != 0;
}

// Precondition: UTF-8, as whatever was read from a file is.
std::vector<std::string> charactersOf(std::string_view text) {
  std::vector<std::string> out;
  for (const char c : text) {
    const bool continues = (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
    if (continues && !out.empty())
      out.back() += c;
    else
      out.emplace_back(1, c);
  }
  return out;
}

char32_t codeOf(const std::string& character) {
  const auto lead = static_cast<unsigned char>(character.front());
  if (character.size() == 1) return lead;
  char32_t code = lead & (0xFFU >> (character.size() + 1));
  for (std::size_t i = 1; i < character.size(); ++i)
    code = code << 6 | (static_cast<unsigned char>(character[i]) & 0x3FU);
  return code;
}

}  // namespace

std::string nameProblem(std::string_view name) {
  constexpr std::size_t kLongest = 63;  // as a DNS label (RFC 1035 section 2.3.4)
  const std::string rule =
      "a name is made of letters, digits, \"-\" and \"_\", and starts with a letter or digit";
  if (name.empty()) return "a name is empty; write letters, digits, \"-\" and \"_\"";
  const std::vector<std::string> characters = charactersOf(name);
  if (characters.size() > kLongest)
    return "a name is longer than 63 characters; write a shorter one";
  std::string good;
  bool first = true;
  for (const std::string& one : characters) {
    const bool dash = one == "-" || one == "_";
    if (isLetterOrDigit(codeOf(one)) || (dash && !first)) {
      good += one;
      first = false;
    } else if (!good.empty() && good.back() != '-') {
      good += '-';
    }
  }
  while (!good.empty() && good.back() == '-' && name.back() != '-') good.pop_back();
  if (good == name) return {};
  return rule + "; write " + (good.empty() ? "another name" : inQuotes(good));
}

const std::string& namePattern() {
  // Editors' regular expressions differ in what they know of scripts, but not in these ranges: all
  // but ASCII's signs.
  static const std::string kPattern = [] {
    const std::string signs = "\\s!-,./:-@\\[-^`{-~";
    return "[^" + signs + "_-][^" + signs + "]{0,62}";
  }();
  return kPattern;
}

// ---- types ------------------------------------------------------------------------------------

const std::vector<std::string>& ValueType::choices() const {
  static const std::vector<std::string> kNone;
  return kNone;
}

std::partial_ordering ValueType::order(const void*, const void*) const {
  return std::partial_ordering::unordered;
}

const ValueType& innermost(const ValueType& type) {
  const ValueType* at = &type;
  while ((at->shape() == ValueType::Shape::optional || at->shape() == ValueType::Shape::list) &&
         at->element() != nullptr) {
    at = at->element();
  }
  return *at;
}

std::string ScalarTypeBase::name() const {
  return info().name;
}

bool ScalarTypeBase::overlay(const Context& context, void* value) const {
  const Node& node = *context.node();
  const ScalarInfo& about = info();
  bool textAllowed = false;
  for (const std::string& type : about.jsonTypes) textAllowed = textAllowed || type == "string";
  const std::string example = textAllowed ? inQuotes(about.example) : about.example;
  if (node.isNull()) {
    context.valueError("has no value", "write for example " + example + " (" + about.name + ")");
    return false;
  }
  if (!node.isScalar()) {
    context.valueError("is " + node.kindName() + ", not a single value (" + about.name + ")",
                       "write for example " + example);
    return false;
  }
  if (node.quoted() && !textAllowed) {
    context.valueError(inQuotes(node.text()) + " is a text in quotes, not a " + about.name,
                       "leave the quotes out");
    return false;
  }
  std::string problem = parse(node.text(), node.pos(), value);
  if (problem.empty()) return true;
  if (!context.range().empty() && about.name == integerInfo().name && isPlainInteger(node.text())) {
    // No integer here holds it: the key's own range says more than a type's.
    context.valueError(inQuotes(node.text()) + " is out of range", "write " + context.range());
    return false;
  }
  context.valueError(std::move(problem));
  return false;
}

NodePtr ScalarTypeBase::write(const void* value) const {
  std::string text = print(value);
  const ScalarInfo& about = info();
  // Only a free text can look like something else; the others must stay plain to stay what they
  // are.
  const bool freeText = about.jsonTypes == std::vector<std::string>{"string"} &&
                        about.choices.empty() && about.pattern.empty();
  const bool quoted = freeText && looksTyped(text);
  return Node::makeScalar(std::move(text), {}, quoted);
}

NodePtr ScalarTypeBase::schema(SchemaDefinitions&) const {
  const ScalarInfo& about = info();
  SchemaObject out;
  if (!about.choices.empty()) {
    out.add("enum", textList(about.choices));
    return out.node();
  }
  out.add("type", about.jsonTypes.size() == 1 ? textNode(about.jsonTypes.front())
                                              : textList(about.jsonTypes));
  if (!about.pattern.empty()) out.add("pattern", textNode(about.pattern));
  return out.node();
}

bool OptionalTypeBase::overlay(const Context& context, void* value) const {
  void* inside = const_cast<void*>(get(value));  // the value itself is not const
  if (inside == nullptr) {
    inside = emplace(value);
    element()->setDefaults(inside);
  }
  return element()->overlay(context, inside);
}

NodePtr OptionalTypeBase::write(const void* value) const {
  const void* inside = get(value);
  return inside == nullptr ? nullptr : element()->write(inside);
}

NodePtr OptionalTypeBase::schema(SchemaDefinitions& definitions) const {
  return element()->schema(definitions);
}

std::partial_ordering OptionalTypeBase::order(const void* a, const void* b) const {
  const void* x = get(a);
  const void* y = get(b);
  if (x == nullptr || y == nullptr) return std::partial_ordering::unordered;
  return element()->order(x, y);
}

bool ListTypeBase::overlay(const Context& context, void* value) const {
  const NodePtr& node = context.node();
  const ValueType& item = *element();
  clear(value);
  if (node->isScalar() && item.shape() == Shape::scalar) {
    return item.overlay(context, append(value));
  }
  if (!node->isSequence()) {
    context.valueError(
        node->isNull() ? "has no value" : "is " + node->kindName() + ", not a list",
        node->isNull() ? "write [] for an empty list" : "write " + inQuotes(example()));
    return false;
  }
  const TableBase* table = item.table();
  const std::string nameKey = table == nullptr ? "" : table->nameKey();
  std::map<std::string, int> lines;
  bool fine = true;
  for (std::size_t i = 0; i < node->items().size(); ++i) {
    const NodePtr& here = node->items()[i];
    Context inner = context.forItem(i, here);
    const NodePtr name = nameKey.empty() ? nullptr : here->get(nameKey);
    if (name != nullptr && name->isScalar() && nameProblem(name->text()).empty()) {
      inner = context.forKey(name->text(), here, here->pos());
      const auto [first, is_new] = lines.emplace(name->text(), name->pos().line);
      if (!is_new) {
        context.diagnostics().error(name->pos(), inner.path(), "defined twice",
                                    "first definition at line " + std::to_string(first->second));
        fine = false;
      }
    }
    void* slot = append(value);
    item.setDefaults(slot);
    fine = item.overlay(inner, slot) && fine;
  }
  return fine;
}

NodePtr ListTypeBase::write(const void* value) const {
  std::vector<NodePtr> items;
  for (std::size_t i = 0; i < size(value); ++i) {
    NodePtr item = element()->write(at(value, i));
    items.push_back(item == nullptr ? Node::makeNull() : std::move(item));
  }
  return Node::makeSequence(std::move(items));
}

NodePtr ListTypeBase::schema(SchemaDefinitions& definitions) const {
  const NodePtr item = element()->schema(definitions);
  SchemaObject list;
  list.add("type", textNode("array"));
  list.add("items", item);
  if (element()->shape() != Shape::scalar) return list.node();
  return SchemaObject{}.add("anyOf", Node::makeSequence({list.node(), item})).node();
}

bool NamedTypeBase::overlay(const Context& context, void* value) const {
  const NodePtr& node = context.node();
  clear(value);
  if (!node->isMap()) {
    context.valueError(
        node->isNull() ? "has nothing below it" : "is " + node->kindName() + ", not a map",
        node->isNull() ? "write {} for an empty map, or remove the key"
                       : "write one name a line, with \":\" behind it");
    return false;
  }
  bool fine = true;
  for (const Node::Entry& entry : node->entries()) {
    const Context inner = context.forKey(entry.key, entry.value, entry.keyPos);
    std::string problem = nameProblem(entry.key);
    if (!problem.empty()) {
      inner.error(std::move(problem));
      fine = false;
    }
    void* slot = append(value, entry.key);
    element()->setDefaults(slot);
    fine = element()->overlay(inner, slot) && fine;
  }
  return fine;
}

NodePtr NamedTypeBase::write(const void* value) const {
  std::vector<Node::Entry> entries;
  for (std::size_t i = 0; i < size(value); ++i) {
    NodePtr inside = element()->write(at(value, i));
    entries.push_back({nameAt(value, i), {}, inside == nullptr ? Node::makeNull() : inside});
  }
  return Node::makeMap(std::move(entries));
}

NodePtr NamedTypeBase::schema(SchemaDefinitions& definitions) const {
  SchemaObject names;
  names.add("pattern", textNode("^" + namePattern() + "$"));
  SchemaObject out;
  out.add("type", textNode("object"));
  out.add("propertyNames", names.node());
  out.add("additionalProperties", element()->schema(definitions));
  return out.node();
}

std::string TableTypeBase::name() const {
  return table()->kind();
}

std::string TableTypeBase::example() const {
  const std::string& key = table()->shorthandKey();
  if (!key.empty()) return table()->typeOfKey(key, nullptr)->example();
  return "{...}";
}

void TableTypeBase::setDefaults(void* value) const {
  table()->setDefaults(value);
}

bool TableTypeBase::overlay(const Context& context, void* value) const {
  return table()->overlay(context, value);
}

NodePtr TableTypeBase::write(const void* value) const {
  return table()->write(value);
}

NodePtr TableTypeBase::schema(SchemaDefinitions& definitions) const {
  return SchemaObject{}
      .add("$ref", textNode("#/definitions/" + definitions.require(*table())))
      .node();
}

bool RawType::overlay(const Context& context, void* value) const {
  *static_cast<NodePtr*>(value) = context.node();
  return true;
}

NodePtr RawType::write(const void* value) const {
  return *static_cast<const NodePtr*>(value);
}

NodePtr RawType::schema(SchemaDefinitions&) const {
  return SchemaObject{}.node();
}

bool RawMapType::overlay(const Context& context, void* value) const {
  if (!context.node()->isMap()) {
    context.valueError(context.node()->isNull()
                           ? "has nothing below it"
                           : "is " + context.node()->kindName() + ", not a map",
                       "write " + inQuotes(example()) + ", or {} for none");
    return false;
  }
  static_cast<RawMap*>(value)->entries = context.node()->entries();
  return true;
}

NodePtr RawMapType::write(const void* value) const {
  return Node::makeMap(static_cast<const RawMap*>(value)->entries);
}

NodePtr RawMapType::schema(SchemaDefinitions&) const {
  return SchemaObject{}.add("type", textNode("object")).node();
}

}  // namespace callflow::config
