// What this program was built from.
#pragma once

#include <string>
#include <string_view>

namespace callflow::cli {

std::string_view programVersion();  // "0.1.0"
std::string_view sourceCommit();    // "72f90b3"; empty if it was not built from a checkout
std::string compilerText();         // "g++ 12.2.0"
std::string_view ns3Version();      // "3.37"

}  // namespace callflow::cli
