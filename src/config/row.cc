#include "src/config/row.h"

#include <algorithm>
#include <compare>
#include <stdexcept>
#include <utility>

#include "src/config/load.h"
#include "src/config/schema.h"
#include "src/config/value_adapters.h"
#include "src/units/quoted.h"

namespace callflow::config {
namespace {

[[noreturn]] void badTable(const std::string& where, const std::string& what) {
  throw std::logic_error("parameter table: " + where + ": " + what);
}

std::string firstOf(const Diagnostics& faults) {
  return faults.all().empty() ? "unreadable" : faults.all().front().render();
}

bool isPlainWord(const std::string& text) {
  return text.find_first_of("[]{}\"':#&*!|>%@`,?~\n") == std::string::npos || text.back() == '%';
}

// A table's own text as a node. Most are one scalar, and need no YAML parser.
NodePtr nodeOf(const std::string& text, const std::string& where) {
  static const auto kFile = std::make_shared<const std::string>("(default)");
  if (text.empty()) return nullptr;
  if (isPlainWord(text) && text.find("- ") != 0) return Node::makeScalar(text, {kFile, 1, 1});
  Diagnostics faults;
  NodePtr node = parseYaml(text, "(default)", faults);
  if (node == nullptr) badTable(where, firstOf(faults));
  return node;
}

// "1 B or 1 us" as its two.
std::vector<std::string> alternatives(const std::string& text) {
  constexpr std::string_view kOr = " or ";
  std::vector<std::string> out;
  for (std::size_t start = 0; !text.empty() && start <= text.size();) {
    const std::size_t end = std::min(text.find(kOr, start), text.size());
    out.push_back(text.substr(start, end - start));
    start = end + kOr.size();
  }
  return out;
}

std::vector<std::shared_ptr<void>> boundsOf(const std::string& text, const ValueType& type,
                                            const std::string& where) {
  std::vector<std::shared_ptr<void>> out;
  for (const std::string& bound : alternatives(text)) {
    Diagnostics faults;
    const Context context(faults, Node::makeScalar(bound), where, {});
    std::shared_ptr<void> value = type.make();
    if (!type.overlay(context, value.get())) badTable(where, firstOf(faults));
    if (type.order(value.get(), value.get()) != std::partial_ordering::equivalent) {
      badTable(where, "a bound of a type without an order");
    }
    out.push_back(std::move(value));
  }
  return out;
}

std::string minText(const Row& row) {
  return row.spec.min.empty() ? innermost(*row.type).naturalMin() : row.spec.min;
}

std::string maxText(const Row& row) {
  return row.spec.max.empty() ? innermost(*row.type).naturalMax() : row.spec.max;
}

bool inBounds(const Row& row, const ValueType& type, const Context& context, const void* value) {
  if (row.minValues.empty() && row.maxValues.empty()) return true;
  if (type.shape() == ValueType::Shape::optional) {
    const void* inside = static_cast<const OptionalTypeBase&>(type).get(value);
    return inside == nullptr || inBounds(row, *type.element(), context, inside);
  }
  if (type.shape() == ValueType::Shape::list) {
    const auto& list = static_cast<const ListTypeBase&>(type);
    bool fine = true;
    for (std::size_t i = 0; i < list.size(value); ++i) {
      const Context item =
          context.node()->isSequence() ? context.forItem(i, context.node()->items()[i]) : context;
      fine = inBounds(row, *type.element(), item, list.at(value, i)) && fine;
    }
    return fine;
  }
  const auto below = [&](const auto& bound) {
    return type.order(value, bound.get()) == std::partial_ordering::less;
  };
  const auto above = [&](const auto& bound) {
    return type.order(value, bound.get()) == std::partial_ordering::greater;
  };
  if (std::none_of(row.minValues.begin(), row.minValues.end(), below) &&
      std::none_of(row.maxValues.begin(), row.maxValues.end(), above)) {
    return true;
  }
  // A choice of ours explains no bound, nor does why there is no default; a standard does.
  const std::string& source = row.spec.source;
  const bool ours = source.empty() || source.starts_with("ours") || source.starts_with("none");
  context.valueError("\"" + context.node()->text() + "\" is out of range",
                     "write " + rangeText(row) + (ours ? "" : " (see " + row.spec.source + ")"));
  return false;
}

// The unit that somebody means who leaves it out of a time: that of the key's default; without one
// seconds, where more than a minute may be written.
std::string usualUnit(const Row& row) {
  const auto unitOf = [](const std::string& time) { return time.substr(time.rfind(' ') + 1); };
  if (row.defNode != nullptr && row.defNode->isScalar()) return unitOf(row.defNode->text());
  const Parsed<Duration> most = parseDuration(maxText(row));
  return most.value && *most.value > Duration::s(60) ? "s" : "ms";
}

// Tells of a time without a unit, in the unit that the key goes by. False if it is something else.
bool lacksUnit(const Row& row, const Context& context) {
  const Node& node = *context.node();
  if (innermost(*row.type).name() != Scalar<Duration>::info().name || !node.isScalar() ||
      node.quoted() || parseDuration(node.text()).value)
    return false;
  const std::string meant = node.text() + " " + usualUnit(row);
  if (!parseDuration(meant).value) return false;
  std::string units;
  for (const std::string& unit : durationUnits()) units += (units.empty() ? "" : ", ") + unit;
  context.valueError(quoted(node.text()) + " has no unit",
                     "write " + quoted(meant) + " (units: " + units + ")");
  return true;
}

// What could be written for a key that needs a value.
std::string exampleOf(const ValueType& type) {
  const TableBase* table = type.element() == nullptr ? nullptr : type.element()->table();
  if (type.shape() != ValueType::Shape::list || table == nullptr) return type.example();
  std::string keys;
  for (const Row& row : table->rows())
    if (row.spec.required)
      keys += (keys.empty() ? "" : ", ") + row.key + ": " + row.type->example();
  return "[{" + keys + "}]";
}

bool overlayValue(const Row& row, const Context& context, void* value) {
  const ValueType& type = *row.type;
  if (row.spec.required && type.shape() == ValueType::Shape::list && context.node()->isNull()) {
    context.valueError("has nothing below it", "write for example " + exampleOf(type));
    return false;
  }
  if (type.shape() == ValueType::Shape::optional) {
    const auto& optional = static_cast<const OptionalTypeBase&>(type);
    const Node& node = *context.node();
    if (node.isScalar() && !node.quoted() && node.text() == row.spec.absent) {
      optional.reset(value);
      return true;
    }
    if (node.isNull()) {
      context.valueError("has no value", "write \"" + row.spec.absent + "\" or a value");
      return false;
    }
    if (optional.get(value) == nullptr) {
      void* inside = optional.emplace(value);
      type.element()->setDefaults(inside);
      if (row.baseNode != nullptr) {
        Diagnostics faults;
        const Context base(faults, row.baseNode, row.key, {});
        if (!type.element()->overlay(base.partial(), inside)) {
          badTable(row.key, firstOf(faults));
        }
      }
    }
  }
  const NodePtr& under = type.shape() == ValueType::Shape::optional ? row.baseNode : row.defNode;
  // Only a whole number's text asks for it; of all other keys it would be put together for nothing.
  const bool bounded = innermost(type).name() == integerInfo().name && !minText(row).empty() &&
                       !maxText(row).empty();
  const Context ranged = bounded ? context.inRange(rangeText(row)) : context;
  const Context inner = under == nullptr ? ranged : ranged.onTopOf(under);
  return !lacksUnit(row, inner) && type.overlay(inner, value) &&
         inBounds(row, type, context, value);
}

std::string sentence(const std::string& text) {
  return text.empty() || text.back() == '.' ? text : text + ".";
}

}  // namespace

std::string rangeText(const Row& row) {
  const std::string min = minText(row);
  const std::string max = maxText(row);
  if (min.empty() && max.empty()) return {};
  if (max.empty()) return "at least " + min;
  if (min.empty()) return "at most " + max;
  const std::vector<std::string> mins = alternatives(min);
  const std::vector<std::string> maxes = alternatives(max);
  if (mins.size() != maxes.size()) return min + " to " + max;
  std::string out;
  for (std::size_t i = 0; i < mins.size(); ++i) {
    out += (i == 0 ? "" : " or ") + mins[i] + " to " + maxes[i];
  }
  return out;
}

NodePtr tableText(const std::string& text, const std::string& where) {
  return nodeOf(text, where);
}

void prepareRow(Row& row, const std::string& kind) {
  const std::string where = kind + "." + row.key;
  row.defNode = nodeOf(row.spec.def, where);
  row.baseNode = nodeOf(row.spec.base, where);
  const ValueType& type = innermost(*row.type);
  if (type.shape() != ValueType::Shape::scalar) return;
  row.minValues = boundsOf(minText(row), type, where);
  row.maxValues = boundsOf(maxText(row), type, where);
}

void setRowDefault(const Row& row, const std::string& kind, void* object) {
  const ValueType& type = *row.type;
  void* value = row.field->member(object);
  std::shared_ptr<void> own;
  if (value == nullptr) {
    if (row.defNode == nullptr) return;
    own = type.make();
    value = own.get();
  }
  type.setDefaults(value);
  if (row.defNode != nullptr) {
    Diagnostics faults;
    const Context context(faults, row.defNode, kind + "." + row.key, {});
    if (!overlayValue(row, context.partial(), value)) {
      badTable(kind + "." + row.key, firstOf(faults));
    }
  }
  if (own != nullptr) row.field->set(object, value);
}

bool readRow(const Row& row, const Context& context, void* object) {
  void* value = row.field->member(object);
  if (value != nullptr) return overlayValue(row, context, value);
  const std::shared_ptr<void> own = row.type->make();
  row.type->setDefaults(own.get());
  if (!overlayValue(row, context, own.get())) return false;
  row.field->set(object, own.get());
  return true;
}

NodePtr writeRow(const Row& row, const void* object) {
  // A member is only looked at; member() is not const because reading shares it.
  const void* value = row.field->member(const_cast<void*>(object));
  std::shared_ptr<void> own;
  if (value == nullptr) {
    own = row.field->get(object);
    if (own == nullptr) return nullptr;
    value = own.get();
  }
  NodePtr node = row.type->write(value);
  if (row.type->shape() != ValueType::Shape::optional) return node;
  if (node == nullptr) return Node::makeScalar(row.spec.absent);
  const bool mistakable = node->isScalar() && node->text() == row.spec.absent;
  return mistakable ? Node::makeScalar(node->text(), {}, true) : node;
}

NodePtr rowSchema(const Row& row, SchemaDefinitions& definitions) {
  NodePtr type = row.type->schema(definitions);
  SchemaObject out;
  std::string text = sentence(row.spec.help);
  if (!row.spec.def.empty()) text += " Default: " + sentence(row.spec.def);
  const std::string range = rangeText(row);
  if (!range.empty()) text += " Range: " + sentence(range);
  if (!row.spec.source.empty()) text += " Source: " + sentence(row.spec.source);
  out.add("description", textNode(text));
  if (row.defNode != nullptr) out.add("default", row.defNode);
  if (row.type->shape() == ValueType::Shape::optional) {
    const NodePtr absent = SchemaObject{}.add("enum", textList({row.spec.absent})).node();
    out.add("anyOf", Node::makeSequence({type, absent}));
    return out.node();
  }
  if (type->find("$ref") != nullptr) {  // draft-07 ignores what stands beside a $ref
    out.add("allOf", Node::makeSequence({type}));
    return out.node();
  }
  for (const Node::Entry& entry : type->entries()) out.add(entry.key, entry.value);
  const NodePtr kind = type->get("type");
  if (kind != nullptr && (kind->text() == "integer" || kind->text() == "number")) {
    if (!minText(row).empty()) out.add("minimum", bareNode(minText(row)));
    if (!maxText(row).empty()) out.add("maximum", bareNode(maxText(row)));
  }
  return out.node();
}

}  // namespace callflow::config
