// The comparison with real Chromium calls as a page with a picture.
#pragma once

#include <string>

#include "validation/chromium_study.h"

namespace callflow::validation {

// Writes `path` (Markdown) and, beside it, the picture that it shows. Throws InputError if that
// cannot be done.
void writePage(const Comparison& comparison, int seeds, const std::string& path);

}  // namespace callflow::validation
