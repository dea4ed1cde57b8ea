// The pictures of a result's calls, at the end of `callflow run`.
#pragma once

#include <string>

#include "src/compare/table.h"
#include "src/results/result.h"

namespace callflow::compare {

// A row for each variant, of the means over its streams of video; nothing where no call has any.
std::string videoText(const results::Result& result, const Layout& layout);

}  // namespace callflow::compare
