#include "src/config/documents.h"

#include <algorithm>
#include <sstream>

#include "src/config/schema.h"

namespace callflow::config {
namespace {

constexpr std::size_t kColumns = 100;

void collect(const TableBase& table, std::vector<const TableBase*>& out);

void collectFrom(const ValueType& type, std::vector<const TableBase*>& out) {
  const ValueType* at = &type;
  while (at->element() != nullptr) at = at->element();
  if (at->table() != nullptr) collect(*at->table(), out);
}

void collect(const TableBase& table, std::vector<const TableBase*>& out) {
  if (std::find(out.begin(), out.end(), &table) != out.end()) return;
  out.push_back(&table);
  for (const auto& kind : table.kinds().tables) collect(kind(), out);
  for (const Row& row : table.rows()) collectFrom(*row.type, out);
  if (table.bothWays().type != nullptr) collectFrom(*table.bothWays().type, out);
}

std::string joined(const std::vector<std::string>& words, const char* between) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : between) + word;
  return out;
}

std::string sentence(const std::string& text) {
  return text.empty() || text.back() == '.' ? text : text + ".";
}

// What is in force when the key is absent.
std::string defaultText(const Row& row) {
  if (row.spec.required) return "required";
  if (!row.spec.def.empty()) return row.spec.def;
  switch (row.type->shape()) {
    case ValueType::Shape::optional:
      return row.spec.absent;
    case ValueType::Shape::list:
      return "[]";
    case ValueType::Shape::named:
      return "{}";
    case ValueType::Shape::table:
      return "see " + row.type->name();
    default:
      return "not set";
  }
}

std::vector<std::string> kindNames(const TableBase& table) {
  std::vector<std::string> out;
  for (const auto& kind : table.kinds().tables) out.push_back(kind().kind());
  return out;
}

// A key as both documents show it.
struct Entry {
  std::string key;
  std::string type;
  std::string def;
  std::string range;
  std::string help;
  std::string source;
  std::string see;  // the kind of table below it
};

std::string tableBelow(const ValueType& type) {
  const ValueType* at = &type;
  while (at->element() != nullptr) at = at->element();
  return at->table() == nullptr ? "" : at->table()->kind();
}

Entry entryOf(const Row& row) {
  Entry out{row.key,       row.type->name(), defaultText(row),     rangeText(row),
            row.spec.help, row.spec.source,  tableBelow(*row.type)};
  if (!row.spec.base.empty()) {
    out.help = sentence(out.help) + " Keys left out when it is written: " + row.spec.base + ".";
  }
  return out;
}

std::vector<Entry> entriesOf(const TableBase& table) {
  std::vector<Entry> out;
  if (!table.kinds().key.empty()) {
    const RowSpec& spec = table.kinds().spec;
    out.push_back({table.kinds().key, joined(kindNames(table), " | "),
                   spec.def.empty() ? "required" : spec.def, "", spec.help, spec.source, ""});
  }
  if (const PresetChoice& presets = table.presetChoice(); !presets.key.empty()) {
    out.push_back({presets.key, "name of a preset", "none", "",
                   sentence(presets.spec.help) + " callflow help presets lists them.",
                   presets.spec.source, ""});
  }
  for (const Row& row : table.rows()) out.push_back(entryOf(row));
  const BothWays& both = table.bothWays();
  if (both.first.empty()) return out;
  for (const Row& row : both.type->table()->rows()) out.push_back(entryOf(row));
  for (const std::string& key : {both.first, both.second}) {
    out.push_back({key, both.type->name(), "as above", "", both.spec.help, both.spec.source,
                   both.type->name()});
  }
  return out;
}

// Sentences that follow from the table's form.
std::vector<std::string> formsOf(const TableBase& table) {
  std::vector<std::string> out;
  if (!table.kinds().key.empty()) {
    out.push_back("The keys of the kind chosen (" + joined(kindNames(table), ", ") +
                  ") stand beside these.");
  }
  const BothWays& both = table.bothWays();
  if (!both.first.empty()) {
    out.push_back("A key is for both directions; `" + both.first + ":` and `" + both.second +
                  ":` override it for one, and so does a value such as `" +
                  both.type->table()->rows().front().type->example() + " " + both.first + " " +
                  both.type->table()->rows().front().type->example() + " " + both.second + "`.");
  }
  if (!table.shorthandKey().empty()) {
    out.push_back("A single value stands for {" + table.shorthandKey() + ": value}.");
  }
  if (!table.positionalKeys().empty()) {
    out.push_back("A list stands for [" + joined(table.positionalKeys(), ", ") + "].");
  }
  return out;
}

std::string wrapped(const std::string& text, std::size_t indent) {
  std::istringstream words(text);
  std::string out;
  std::string word;
  std::size_t column = 0;
  while (words >> word) {
    if (column > 0 && column + 1 + word.size() > kColumns) {
      out += '\n';
      column = 0;
    }
    if (column == 0) {
      out.append(indent, ' ');
      column = indent;
    } else {
      out += ' ';
      ++column;
    }
    out += word;
    column += word.size();
  }
  return out + "\n";
}

std::string withoutBackticks(std::string text) {
  std::replace(text.begin(), text.end(), '`', '"');
  return text;
}

std::string cell(const std::string& text) {
  std::string out;
  for (const char c : text) out += c == '|' ? std::string{"\\|"} : std::string{c};
  return out;
}

std::string code(const std::string& text) {
  return "`" + cell(text) + "`";
}

}  // namespace

std::vector<const TableBase*> reachableTables(const std::vector<const TableBase*>& roots) {
  std::vector<const TableBase*> out;
  for (const TableBase* root : roots) collect(*root, out);
  return out;
}

const TableBase* findTable(const std::vector<const TableBase*>& roots, const std::string& kind) {
  for (const TableBase* table : reachableTables(roots)) {
    if (table->kind() == kind) return table;
  }
  return nullptr;
}

std::string helpText(const TableBase& table) {
  std::string out = wrapped(table.kind() + ": " + table.help(), 0);
  for (const std::string& form : formsOf(table)) out += wrapped(withoutBackticks(form), 0);
  for (const Entry& entry : entriesOf(table)) {
    out += "\n" + wrapped(entry.key + ": " + entry.type, 2);
    std::string facts = sentence(entry.help);
    facts += (facts.empty() ? "" : " ");
    facts += entry.def == "required" ? "Required." : "Default: " + sentence(entry.def);
    if (!entry.range.empty()) facts += " Range: " + sentence(entry.range);
    if (!entry.source.empty()) facts += " Source: " + sentence(entry.source);
    if (!entry.see.empty()) facts += " See: callflow help " + entry.see + ".";
    out += wrapped(facts, 6);
  }
  return out;
}

std::string presetsText(const std::vector<const TableBase*>& roots) {
  std::vector<std::pair<const std::vector<Preset>*, std::vector<const TableBase*>>> lists;
  for (const TableBase* table : reachableTables(roots)) {
    const std::vector<Preset>* all = table->presetChoice().all;
    if (all == nullptr) continue;
    auto list = std::find_if(lists.begin(), lists.end(),
                             [&](const auto& known) { return known.first == all; });
    if (list == lists.end()) list = lists.insert(lists.end(), {all, {}});
    list->second.push_back(table);
  }
  std::string out;
  for (const auto& [all, tables] : lists) {
    std::vector<std::string> kinds;
    for (const TableBase* table : tables) kinds.push_back(table->kind());
    out +=
        (out.empty() ? "" : "\n") +
        wrapped("Presets of " + joined(kinds, ", ") + ": `" + tables.front()->presetChoice().key +
                    ": " + all->front().name + "`; keys written beside it win.",
                0);
    for (const Preset& preset : *all) {
      out += "\n" + wrapped(preset.name + (preset.aliases.empty() ? "" : ", or ") +
                                joined(preset.aliases, ", "),
                            2);
      out += wrapped(sentence(preset.help), 6) + wrapped(preset.values, 6) +
             wrapped("Source: " + sentence(preset.source), 6);
    }
  }
  return out;
}

std::string referenceMarkdown(const std::vector<const TableBase*>& roots,
                              const std::string& title) {
  std::string out = "# " + title + "\n";
  for (const TableBase* table : reachableTables(roots)) {
    out += "\n## " + table->kind() + "\n\n" + table->help() + "\n";
    for (const std::string& form : formsOf(*table)) out += "\n" + form + "\n";
    out += "\n| key | value | default | range | meaning | source of the default |\n";
    out += "|---|---|---|---|---|---|\n";
    for (const Entry& entry : entriesOf(*table)) {
      const std::string type =
          entry.see.empty() ? cell(entry.type) : "[" + cell(entry.type) + "](#" + entry.see + ")";
      out += "| " + code(entry.key) + " | " + type + " | " +
             (entry.def == "required" || entry.def.starts_with("see ") || entry.def == "as above"
                  ? entry.def
                  : code(entry.def)) +
             " | " + cell(entry.range) + " | " + cell(sentence(entry.help)) + " | " +
             cell(entry.source) + " |\n";
    }
  }
  return out;
}

std::string jsonSchema(const TableBase& root, const std::string& title) {
  SchemaDefinitions definitions;
  definitions.require(root);
  std::vector<Node::Entry> bodies;
  for (std::size_t i = 0; i < definitions.tables().size(); ++i) {  // grows on the way
    const TableBase& table = *definitions.tables()[i];
    bodies.push_back({table.kind(), {}, table.schema(definitions)});
  }
  SchemaObject out;
  out.add("$schema", textNode("http://json-schema.org/draft-07/schema#"));
  out.add("title", textNode(title));
  const NodePtr body = SchemaObject{}.add("$ref", textNode("#/definitions/" + root.kind())).node();
  out.add("allOf", Node::makeSequence({body}));
  out.add("definitions", Node::makeMap(std::move(bodies)));
  return toJson(*out.node());
}

}  // namespace callflow::config
