// From a file to a tree. Every fault of the file's form is reported with its place; nothing is
// thrown.
#pragma once

#include <cstddef>
#include <string>

#include "src/config/node.h"
#include "src/diag/diag.h"

namespace callflow::config {

// Bounds on what a person writes; above them a file is a mistake or an attack.
struct LoadLimits {
  std::size_t bytes = 4 * 1024 * 1024;
  int depth = 64;               // levels of maps and lists
  std::size_t nodes = 100'000;  // after every alias is expanded
};

struct LoadedFile {
  std::string text;  // verbatim; empty if it could not be read
  NodePtr root;      // null if there was any fault
  // The same without the keys at fault, if only keys were (twice, merge keys, tags): in it a caller
  // finds the file's other faults in the same run. Null if the text is not YAML; else root, if
  // sound.
  NodePtr partial;
};

// Is it read from somewhere that is no file: "-" (standard input), a pipe, a terminal?
bool isStream(const std::string& name);

// Reads one file of one YAML document, "-" from standard input. What can be read only once (a pipe)
// is kept, and given again when it is asked for again. `name` is both what is opened and what
// messages call it.
LoadedFile loadFile(const std::string& name, Diagnostics& diagnostics,
                    const LoadLimits& limits = {});

// The same for a text at hand. Null if there was any fault.
NodePtr parseYaml(const std::string& text, const std::string& name, Diagnostics& diagnostics,
                  const LoadLimits& limits = {});

}  // namespace callflow::config
