#pragma once

namespace callflow::cli {

// The whole program: reads the arguments, does what they say, returns the exit code (exit_code.h).
int run(int argc, const char* const* argv);

}  // namespace callflow::cli
