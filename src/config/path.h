// Places in a tree by key path, as messages write them: `devices.fw1.rules[2].ports`. Items of a
// list are counted from 0, or named by their `name:` (`calls.standup.duration`).
#pragma once

#include <string>

#include "src/config/node.h"
#include "src/config/table_base.h"
#include "src/diag/diag.h"

namespace callflow::config {

// The tree with the value at `path` replaced or added. Shares all else with `root`; what lies on
// the way keeps its places, the value and keys that are new have those of the change. Faults (a
// component that the table does not know, or that is not there to be changed) are reported at
// `change_pos` with `change_path` as their key path and the nearest name as advice; then null.
// `table` is the table of `root`.
NodePtr setPath(const NodePtr& root, const TableBase& table, const std::string& path,
                const NodePtr& value, const SourcePos& changePos, const std::string& changePath,
                Diagnostics& diagnostics);

// What is written at `path`; null if nothing is.
NodePtr valueAt(const NodePtr& root, const std::string& path);

// Where the value at `path` is written, or what of the way there exists: the place for a fault that
// is found after reading (a name that nothing has).
SourcePos positionOf(const NodePtr& root, const std::string& path);

}  // namespace callflow::config
