// The type-erased parameter table: everything that reads, writes and documents works on this.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "src/config/value_type.h"

namespace callflow::config {

// What a row says besides its key and its C++ type. Texts are what a user would write.
struct RowSpec {
  // Value in force when the key is absent; YAML, so an object's default reads "{rate: 1 Gbit/s}".
  // Empty: an object has its own table's defaults, a list or named map is empty, an optional is
  // absent; a scalar must have a default or be required.
  std::string def = {};
  bool required = false;
  // Bounds, both allowed themselves. For a variant several, joined by " or " ("1 B or 1 us"): each
  // bounds the alternative that it is written in. For a list each item is bounded.
  std::string min = {};
  std::string max = {};
  std::string help = {};    // one sentence
  std::string source = {};  // of the default: RFC and section, ITU table, "ours: why", ...
  // Of an optional object: values of keys not written when the object is written, e.g. "{rate: 20
  // Mbit/s}".
  std::string base = {};
  // What stands for an absent optional in files and help.
  std::string absent = "none";
};

// Reaches a row's storage in an object.
class Field {
 public:
  virtual ~Field() = default;
  // The member, or null for a property (then get/set copy).
  virtual void* member(void* object) const = 0;
  // A property's value; null: it has none now (it is not written).
  virtual std::shared_ptr<void> get(const void*) const { return nullptr; }
  virtual void set(void*, const void*) const {}
};

struct Row {
  std::string key;
  RowSpec spec;
  const ValueType* type = nullptr;
  std::shared_ptr<const Field> field;
  // The spec's texts, read once; null or empty where the spec has none.
  NodePtr defNode = nullptr;
  NodePtr baseNode = nullptr;
  std::vector<std::shared_ptr<void>> minValues = {};  // of the innermost type
  std::vector<std::shared_ptr<void>> maxValues = {};
};

// A key that chooses among objects with tables of their own: `kind: firewall`.
struct KindChoice {
  std::string key;  // empty: none
  RowSpec spec;
  std::vector<const TableBase& (*)()> tables;
  std::function<void*(void* object, std::size_t index)> emplace;
  std::function<std::size_t(const void* object)> index;
  std::function<const void*(const void* object)> get;
};

// The rows of one object twice, once for each direction: a key written at this level is for both,
// the two sub-maps override it.
struct BothWays {
  std::string first;  // "up"; empty: none
  std::string second;
  RowSpec spec;
  const ValueType* type = nullptr;  // of each direction
  std::shared_ptr<const Field> firstField;
  std::shared_ptr<const Field> secondField;
};

// A name that stands for values of several keys: `preset: cable`. What is written beside it wins.
struct Preset {
  std::string name;
  std::string help;    // one sentence
  std::string values;  // YAML, a map of keys of the table
  std::string source;
  std::vector<std::string> aliases = {};
};

// The key that names one of the presets of a table.
struct PresetChoice {
  std::string key;  // empty: none
  RowSpec spec;
  const std::vector<Preset>* all = nullptr;

  // Its place in `all`, by name or alias; nothing if there is none of that name.
  std::optional<std::size_t> find(std::string_view name) const;
  std::vector<std::string> names() const;  // aliases behind their presets
};

class TableBase {
 public:
  TableBase(std::string kind, std::string help) : kind_(std::move(kind)), help_(std::move(help)) {}
  virtual ~TableBase() = default;
  TableBase(const TableBase&) = delete;
  TableBase& operator=(const TableBase&) = delete;

  const std::string& kind() const { return kind_; }  // what `callflow help` calls it
  const std::string& help() const { return help_; }
  const std::vector<Row>& rows() const { return rows_; }  // own ones
  const KindChoice& kinds() const { return kinds_; }
  const BothWays& bothWays() const { return both_; }
  const PresetChoice& presetChoice() const { return presets_; }
  const std::string& shorthandKey() const { return shorthand_; }
  const std::vector<std::string>& positionalKeys() const { return positional_; }
  const std::string& nameKey() const { return nameKey_; }

  // Every key that may stand in an object like `node` (null: whatever its kind).
  std::vector<std::string> keys(const Node* node) const;
  // The type behind a key of an object like `node`; null if there is no such key.
  const ValueType* typeOfKey(std::string_view key, const Node* node) const;
  // The table of the kind that `node` chooses; null if none or unknown.
  const TableBase* chosen(const Node* node, std::size_t* index = nullptr) const;

  virtual std::shared_ptr<void> makeObject() const = 0;  // as its C++ type makes it
  void setDefaults(void* object) const;
  bool overlay(const Context& context, void* object) const;
  NodePtr write(const void* object) const;
  // The definition's body for a JSON Schema; of a kind: with the choosing key in it.
  NodePtr schema(SchemaDefinitions& definitions) const;

 protected:
  using KeySet = std::set<std::string, std::less<>>;
  const Row* findRow(std::string_view key) const;
  void addRow(std::string key, RowSpec spec, const ValueType& type,
              std::shared_ptr<const Field> field);
  // The node as a map: a shorthand or positional form spelled out; null (and reported) if it is
  // none.
  NodePtr asMap(const Context& context) const;
  bool overlayOwn(const Context& context, void* object, KeySet& used) const;
  bool overlayBothWays(const Context& context, void* object, KeySet& used) const;
  bool overlayKind(const Context& context, void* object, KeySet& used) const;
  bool overlayPreset(const Context& context, void* object, KeySet& used) const;
  void preparePresets(std::string key, const std::vector<Preset>& all, RowSpec spec);
  bool reportUnknown(const Context& context, const KeySet& used) const;
  bool reportMissing(const Context& context) const;
  bool missing(const Context& context, const std::string& key, const ValueType& type) const;
  void runHooks(const Context& context, void* object, bool fine) const;
  void writeInto(const void* object, std::vector<Node::Entry>& entries) const;
  void schemaInto(SchemaDefinitions& definitions, std::vector<Node::Entry>& properties,
                  std::vector<std::string>& required) const;

  std::string kind_;
  std::string help_;
  std::vector<Row> rows_;
  KindChoice kinds_;
  BothWays both_;
  PresetChoice presets_;
  std::string shorthand_;
  std::vector<std::string> positional_;
  std::string nameKey_;
  std::vector<std::function<void(void*, const Context&)>> checks_;
  std::function<void(void*, const SourcePos&)> setPos_;
};

// The range of a row as a user reads it ("1 kbit/s to 100 Gbit/s", "at least 1"); empty if it has
// none.
std::string rangeText(const Row& row);

// Faults of the tables themselves, reachable from `root`: a default that cannot be read or is out
// of its own range, a missing help sentence or source, a scalar neither required nor with a
// default, a key twice. For tests; empty if all is well.
std::vector<std::string> selfCheck(const TableBase& root);

}  // namespace callflow::config
