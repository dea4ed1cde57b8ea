// A file's text, before anybody looks for YAML in it. Internal to loading.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "src/config/load.h"
#include "src/diag/diag.h"

namespace callflow::config {

using FileName = std::shared_ptr<const std::string>;

// At most the limit is read, so that a pipe or a device is bounded as a file is. A pipe gives its
// text once, and a file is looked at twice: for its kind, and to be read. Thus it is kept.
std::optional<std::string> readOnce(const std::string& name, const FileName& file,
                                    const LoadLimits& limits, Diagnostics& diagnostics);

// UTF-8 without control characters; else reports where not.
bool isText(const FileName& file, const std::string& text, Diagnostics& diagnostics);

void tooLarge(const FileName& file, const LoadLimits& limits, Diagnostics& diagnostics);

}  // namespace callflow::config
