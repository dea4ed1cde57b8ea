// What a table says to people and editors.
#pragma once

#include <string>
#include <vector>

#include "src/config/table_base.h"

namespace callflow::config {

// Every table reachable from the roots, each once, in the order in which a reader meets them.
std::vector<const TableBase*> reachableTables(const std::vector<const TableBase*>& roots);

// The table called `kind`, or null.
const TableBase* findTable(const std::vector<const TableBase*>& roots, const std::string& kind);

// `callflow help KIND`: plain text, at most 100 columns wide.
std::string helpText(const TableBase& table);

// `callflow help presets`: every preset of every table with its values and its source.
std::string presetsText(const std::vector<const TableBase*>& roots);

// The reference of every key of every table, as Markdown; `title` is its first heading.
std::string referenceMarkdown(const std::vector<const TableBase*>& roots, const std::string& title);

// JSON Schema, draft-07, for files whose root is `root`.
std::string jsonSchema(const TableBase& root, const std::string& title);

}  // namespace callflow::config
