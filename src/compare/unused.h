// What a variant asks for and its calls never meet.
#pragma once

#include <string>

#include "src/results/result.h"

namespace callflow::compare {

// A line for each variant whose `tcp:` or `transport:` differ from the first variant's while none
// of its media goes over TCP: it is the first variant under another name.
std::string unusedNote(const results::Result& result);

}  // namespace callflow::compare
