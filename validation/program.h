// What programs here are asked, and how every one of them ends.
#pragma once

#include <CLI/CLI.hpp>

#include <exception>
#include <fstream>
#include <iostream>
#include <optional>
#include <string>

#include "validation/csv.h"

namespace callflow::validation {

// Of a program that simulates what a file has and says which bars are met.
struct BarOptions {
  std::string measured;  // a file
  std::string out, page;
  int seeds = 5;
  std::optional<std::size_t> atLeast;

  void addTo(CLI::App& app, const std::string& whatIsMeasured) {
    app.add_option("--measured", measured, whatIsMeasured);
    app.add_option("--out", out, "write measured and simulated side by side as CSV");
    app.add_option("--page", page, "write a page (Markdown) about all of it");
    app.add_option("--seeds", seeds, "simulations of each condition")
        ->check(CLI::Range(1, 10'000))
        ->capture_default_str();
    app.add_option("--at-least", atLeast, "exit with 0 if so many bars are met; all if not given");
  }
};

// Throws InputError if it cannot.
inline void writeFile(const std::string& path, const std::string& text) {
  std::ofstream out(path);
  out << text;
  if (!out.flush()) throw InputError(path + ": cannot be written");
}

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
