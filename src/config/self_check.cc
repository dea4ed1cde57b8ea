// Faults of the tables themselves, found by a test rather than by a user.
#include <map>
#include <memory>
#include <set>
#include <stdexcept>

#include "src/config/documents.h"
#include "src/config/table_base.h"
#include "src/config/value_adapters.h"

namespace callflow::config {
namespace {

void checkSpec(const std::string& where, const RowSpec& spec, std::vector<std::string>& faults) {
  if (spec.help.empty() || spec.help.back() != '.') {
    faults.push_back(where + ": help is not a sentence");
  }
  if (!spec.def.empty() && spec.source.empty()) {
    faults.push_back(where + ": the default has no source");
  }
  if (!spec.def.empty() && spec.required) {
    faults.push_back(where + ": required, and with a default");
  }
}

// A property (no member) may be unset, so it needs no default.
bool needsDefault(const Row& row, void* object) {
  return row.type->shape() == ValueType::Shape::scalar && row.field->member(object) != nullptr;
}

// Each can be read, tells what it is and where its numbers come from, and has names of its own.
void checkPresets(const TableBase& table, std::vector<std::string>& faults) {
  const PresetChoice& presets = table.presetChoice();
  if (presets.key.empty()) return;
  checkSpec(table.kind() + "." + presets.key, presets.spec, faults);
  std::set<std::string> known;
  for (const std::string& name : presets.names()) {
    if (!known.insert(name).second) faults.push_back(table.kind() + ": two presets " + name);
  }
  for (const Preset& preset : *presets.all) {
    const std::string where = table.kind() + " preset " + preset.name;
    if (preset.help.empty() || preset.help.back() != '.') {
      faults.push_back(where + ": help is not a sentence");
    }
    if (preset.source.empty()) faults.push_back(where + ": no source");
    Diagnostics diagnostics;
    const NodePtr written = Node::makeMap({{presets.key, {}, Node::makeScalar(preset.name)}});
    const std::shared_ptr<void> object = table.makeObject();
    table.setDefaults(object.get());
    try {
      table.overlay(Context(diagnostics, written, where, {}).partial(), object.get());
    } catch (const std::logic_error& e) {
      faults.push_back(e.what());
    }
  }
}

}  // namespace

std::vector<std::string> selfCheck(const TableBase& root) {
  std::vector<std::string> faults;
  std::map<std::string, const TableBase*> kinds;
  for (const TableBase* table : reachableTables({&root})) {
    const std::string& kind = table->kind();
    if (!kinds.emplace(kind, table).second) faults.push_back(kind + ": two tables of this kind");
    if (table->help().empty()) faults.push_back(kind + ": no help");
    std::set<std::string> keys;
    const auto once = [&](const std::string& key) {
      if (!keys.insert(key).second) faults.push_back(kind + "." + key + ": a key twice");
    };
    const std::shared_ptr<void> object = table->makeObject();
    for (const Row& row : table->rows()) {
      const std::string where = kind + "." + row.key;
      once(row.key);
      checkSpec(where, row.spec, faults);
      if (!row.spec.required && row.spec.def.empty() && needsDefault(row, object.get())) {
        faults.push_back(where + ": neither required nor with a default");
      }
    }
    const BothWays& both = table->bothWays();
    if (!both.first.empty()) {
      checkSpec(kind + "." + both.first, both.spec, faults);
      for (const Row& row : both.type->table()->rows()) once(row.key);
      once(both.first);
      once(both.second);
    }
    checkPresets(*table, faults);
    if (!table->presetChoice().key.empty()) once(table->presetChoice().key);
    if (!table->kinds().key.empty()) {
      checkSpec(kind + "." + table->kinds().key, table->kinds().spec, faults);
      once(table->kinds().key);
      for (const auto& one : table->kinds().tables) {
        for (const Row& row : one().rows()) {
          if (keys.contains(row.key)) faults.push_back(kind + "." + row.key + ": a key twice");
        }
      }
    }
    for (const std::string& key : {table->shorthandKey(), table->nameKey()}) {
      if (!key.empty() && !keys.contains(key)) faults.push_back(kind + ": no such key: " + key);
    }
    for (const std::string& key : table->positionalKeys()) {
      if (!keys.contains(key)) faults.push_back(kind + ": no such key: " + key);
    }
    try {
      table->setDefaults(object.get());
    } catch (const std::logic_error& e) {
      faults.push_back(e.what());
    }
  }
  return faults;
}

}  // namespace callflow::config
