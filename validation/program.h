// How every program here ends.
#pragma once

#include <CLI/CLI.hpp>

#include <exception>
#include <iostream>

#include "validation/csv.h"

namespace callflow::validation {

// Reads the arguments and runs. Exit codes: what `run` returns; 2: a user's mistake, told in words;
// 3: a fault of ours.
template <class Run>
int runProgram(CLI::App& app, int argc, char** argv, Run run) {
  const std::string name = app.get_name();
  try {
    app.parse(argc, argv);
    return run();
  } catch (const CLI::CallForHelp& help) {
    return app.exit(help);
  } catch (const CLI::ParseError& error) {
    std::cerr << name << ": " << error.what() << "\n(" << name << " --help lists the options)\n";
    return 2;
  } catch (const InputError& error) {
    std::cerr << error.what() << '\n';
    return 2;
  } catch (const std::exception& error) {
    std::cerr << name << ": " << error.what() << '\n';
    return 3;
  }
}

}  // namespace callflow::validation
