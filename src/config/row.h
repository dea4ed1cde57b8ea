// One row at work: reading, defaults, bounds, writing. Not for users of the tables.
#pragma once

#include <string>

#include "src/config/table_base.h"

namespace callflow::config {

// Reads the row's texts (default, base, bounds); throws std::logic_error if they are not what a
// user could write, because that is a fault of the table.
void prepareRow(Row& row, const std::string& kind);

// A table's own text as a node; `where` names it in faults of the table.
NodePtr tableText(const std::string& text, const std::string& where);

void setRowDefault(const Row& row, const std::string& kind, void* object);

// Reads the context's node over the row's member. False if a fault was reported.
bool readRow(const Row& row, const Context& context, void* object);

// Null if there is nothing to write (a property that has no value now).
NodePtr writeRow(const Row& row, const void* object);

NodePtr rowSchema(const Row& row, SchemaDefinitions& definitions);

}  // namespace callflow::config
