// Names of files that are made of what users call things.
#pragma once

#include <string>

namespace callflow::cli {

// Variants and places may be called anything; cells of a sweep are called "turn-tcp, loss 2%, rtt
// 50 ms". Whatever is not plain becomes an underscore.
std::string fileName(const std::string& name);

}  // namespace callflow::cli
