// How a C++ type is read from a node, written back and described. One ValueType object a C++ type;
// the tables are lists of (key, ValueType, how to reach the member). Type-erased, so that a table
// costs little to compile; table.h gives the typed surface.
#pragma once

#include <compare>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "src/config/node.h"
#include "src/diag/diag.h"

namespace callflow::config {

class TableBase;

// One object being read: its node, where it is, what to call it.
class Context {
 public:
  // `pos` is where the object is introduced: its key, or its item in a list.
  Context(Diagnostics& diagnostics, NodePtr node, std::string path, SourcePos pos);

  Diagnostics& diagnostics() const { return *diagnostics_; }
  const NodePtr& node() const { return node_; }
  const std::string& path() const { return path_; }
  const SourcePos& pos() const { return pos_; }

  // Whether the user wrote this key of the object (a default does not count).
  bool has(std::string_view key) const { return node_->find(key) != nullptr; }
  // Where the key, or its value, is written; pos() if it is not.
  SourcePos keyPos(std::string_view key) const;
  SourcePos valuePos(std::string_view key) const;

  // A fault of the whole object, at pos().
  void error(std::string problem, std::string advice = {}) const;
  // A fault of the object's value, at the node.
  void valueError(std::string problem, std::string advice = {}) const;
  // A fault of one key of the object: path.key, at the key's value.
  void keyError(std::string_view key, std::string problem, std::string advice = {}) const;

  Context forKey(std::string_view key, const NodePtr& node, const SourcePos& pos) const;
  Context forItem(std::size_t index, const NodePtr& node) const;
  // The same object seen through another node.
  Context withNode(NodePtr node) const;
  // Only some keys of the object stand here: nothing required, no checks of the whole.
  Context partial() const;
  bool isPartial() const { return partial_; }
  // Keys that a default has given already, and that are thus not missing.
  Context onTopOf(NodePtr base) const;
  const NodePtr& base() const { return base_; }
  // What the value, or each item of it, may be, in words: of its key, which is often narrower than
  // what its type can hold. Empty if the key does not bound it on both sides.
  Context inRange(std::string range) const;
  const std::string& range() const { return range_; }

 private:
  Diagnostics* diagnostics_;
  NodePtr node_;
  std::string path_;
  SourcePos pos_;
  NodePtr base_;
  bool partial_ = false;
  std::string range_;
};

// Collects the tables that a schema refers to.
class SchemaDefinitions {
 public:
  // Notes that the definition is needed; gives its name.
  std::string require(const TableBase& table);
  const std::vector<const TableBase*>& tables() const { return tables_; }

 private:
  std::vector<const TableBase*> tables_;
};

class ValueType {
 public:
  enum class Shape { scalar, table, list, named, optional, raw };

  virtual ~ValueType() = default;
  virtual Shape shape() const = 0;
  // For people: "time", "list of rates", "exponential | uniform".
  virtual std::string name() const = 0;
  // A value that a user could write, for advice.
  virtual std::string example() const = 0;
  // A fresh value as the C++ type makes it.
  virtual std::shared_ptr<void> make() const = 0;
  // Fills in the defaults of its own table, if it has one.
  virtual void setDefaults(void* value) const = 0;
  // Reads the node over the value: scalars, lists and named maps are replaced, of an object only
  // the keys that are there. False if a fault was reported.
  virtual bool overlay(const Context& context, void* value) const = 0;
  // Null: there is nothing to write.
  virtual NodePtr write(const void* value) const = 0;
  virtual NodePtr schema(SchemaDefinitions& definitions) const = 0;
  // Of a list, named map or optional: what is inside.
  virtual const ValueType* element() const { return nullptr; }
  // Of an object: its table.
  virtual const TableBase* table() const { return nullptr; }
  // Of a scalar whose texts can be listed: these.
  virtual const std::vector<std::string>& choices() const;
  // Unordered if the two cannot be compared (another alternative, or a type without an order).
  virtual std::partial_ordering order(const void* a, const void* b) const;
  // Bounds of the type itself, where a row gives none.
  virtual std::string naturalMin() const { return {}; }
  virtual std::string naturalMax() const { return {}; }
};

// The type below optionals and lists.
const ValueType& innermost(const ValueType& type);

// ---- type-erased bases of the typed adapters in value_adapters.h ------------------------------

// What is to be known of a type that is written as one scalar.
struct ScalarInfo {
  std::string name;     // "time"
  std::string example;  // "20 ms"
  std::string pattern;  // regular expression (ECMA 262, anchored) of the texts allowed; empty: any
  // JSON types that YAML tools see: "string", "integer", "number", "boolean". Without "string", a
  // text in quotes is refused.
  std::vector<std::string> jsonTypes = {"string"};
  std::vector<std::string> choices = {};  // every text allowed, if they can be listed
  std::string min = {};                   // natural bounds, as a user would write them
  std::string max = {};
};

class ScalarTypeBase : public ValueType {
 public:
  Shape shape() const override { return Shape::scalar; }
  std::string name() const override;
  std::string example() const override { return info().example; }
  const std::vector<std::string>& choices() const override { return info().choices; }
  void setDefaults(void*) const override {}
  bool overlay(const Context& context, void* value) const override;
  NodePtr write(const void* value) const override;
  NodePtr schema(SchemaDefinitions& definitions) const override;
  std::string naturalMin() const override { return info().min; }
  std::string naturalMax() const override { return info().max; }

 protected:
  virtual const ScalarInfo& info() const = 0;
  // Empty: fine; else what is wrong, as Parsed::problem.
  virtual std::string parse(std::string_view text, const SourcePos& pos, void* value) const = 0;
  virtual std::string print(const void* value) const = 0;
};

class OptionalTypeBase : public ValueType {
 public:
  Shape shape() const override { return Shape::optional; }
  std::string name() const override { return element()->name(); }
  std::string example() const override { return element()->example(); }
  void setDefaults(void*) const override {}
  bool overlay(const Context& context, void* value) const override;
  NodePtr write(const void* value) const override;
  NodePtr schema(SchemaDefinitions& definitions) const override;
  std::partial_ordering order(const void* a, const void* b) const override;
  std::string naturalMin() const override { return element()->naturalMin(); }
  std::string naturalMax() const override { return element()->naturalMax(); }

  virtual const void* get(const void* value) const = 0;  // null if absent
  virtual void* emplace(void* value) const = 0;
  virtual void reset(void* value) const = 0;
};

// A list. One item may be written without the brackets if it is a scalar.
class ListTypeBase : public ValueType {
 public:
  Shape shape() const override { return Shape::list; }
  std::string name() const override { return "list of " + element()->name(); }
  std::string example() const override { return "[" + element()->example() + "]"; }
  void setDefaults(void*) const override {}
  bool overlay(const Context& context, void* value) const override;
  NodePtr write(const void* value) const override;
  NodePtr schema(SchemaDefinitions& definitions) const override;
  std::string naturalMin() const override { return element()->naturalMin(); }
  std::string naturalMax() const override { return element()->naturalMax(); }

  virtual void clear(void* value) const = 0;
  virtual void* append(void* value) const = 0;
  virtual std::size_t size(const void* value) const = 0;
  virtual const void* at(const void* value, std::size_t index) const = 0;
};

// A map whose keys are the user's names: a-z, 0-9, "-" and "_".
class NamedTypeBase : public ValueType {
 public:
  Shape shape() const override { return Shape::named; }
  std::string name() const override { return "map of name to " + element()->name(); }
  std::string example() const override { return "{a-name: " + element()->example() + "}"; }
  void setDefaults(void*) const override {}
  bool overlay(const Context& context, void* value) const override;
  NodePtr write(const void* value) const override;
  NodePtr schema(SchemaDefinitions& definitions) const override;

  virtual void clear(void* value) const = 0;
  virtual void* append(void* value, const std::string& name) const = 0;
  virtual std::size_t size(const void* value) const = 0;
  virtual const std::string& nameAt(const void* value, std::size_t index) const = 0;
  virtual const void* at(const void* value, std::size_t index) const = 0;
};

// An object with a table.
class TableTypeBase : public ValueType {
 public:
  Shape shape() const override { return Shape::table; }
  std::string name() const override;
  std::string example() const override;
  void setDefaults(void* value) const override;
  bool overlay(const Context& context, void* value) const override;
  NodePtr write(const void* value) const override;
  NodePtr schema(SchemaDefinitions& definitions) const override;
};

// Problems in the words that all scalars share.
std::string notOneOf(std::string_view text, const std::vector<std::string>& names);
// Empty if `name` may be a user's name; else what is wrong with it and what to write.
std::string nameProblem(std::string_view name);
// The same as a part of a regular expression, for schemas.
const std::string& namePattern();

}  // namespace callflow::config
