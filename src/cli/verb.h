// A verb of the command line: its options and what it does.
#pragma once

#include <functional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

namespace CLI {
class App;
}

namespace callflow::cli {

// What the user asked for cannot be done as asked: exit code 2. The message says what to write.
class UsageError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Runs after the arguments have been read; returns the exit code.
using Action = std::function<int()>;

struct Verb {
  std::string_view name;
  std::string_view summary;
  std::string_view examples;   // two, at the end of its help
  Action (*setUp)(CLI::App&);  // adds the verb's options
};

// In the order of `callflow --help`.
std::span<const Verb> verbs();

Action setUpInit(CLI::App& app);
Action setUpValidate(CLI::App& app);
Action setUpCheck(CLI::App& app);
Action setUpGraph(CLI::App& app);
Action setUpExplain(CLI::App& app);
Action setUpRun(CLI::App& app);
Action setUpCompare(CLI::App& app);
Action setUpPlot(CLI::App& app);
Action setUpImport(CLI::App& app);
Action setUpMos(CLI::App& app);
Action setUpHelp(CLI::App& app);
Action setUpSchema(CLI::App& app);
Action setUpVersion(CLI::App& app);

// The help text of a verb ("" for callflow's own), for `callflow help VERB`; throws UsageError for
// another name.
std::string helpOf(std::string_view verb);

}  // namespace callflow::cli
