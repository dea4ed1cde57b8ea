#include "src/cli/cli.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <exception>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "src/cli/exit_code.h"
#include "src/cli/output.h"
#include "src/cli/verb.h"
#include "src/compare/wrap.h"
#include "src/results/result.h"

namespace callflow::cli {
namespace {

constexpr std::array kTable{
    Verb{"init", "Write a first scenario, to be changed and run",
         "  callflow init\n"
         "  callflow init office-to-home my-office.yaml\n",
         setUpInit},
    Verb{"validate", "Check scenario and topology files without running them",
         "  callflow validate scenarios/udp-vs-tcp.yaml\n"
         "  callflow validate scenarios/*.yaml scenarios/topologies/*.yaml\n",
         setUpValidate},
    Verb{"check", "Say what a network lacks of what Azure Communication Services requires",
         "  callflow check scenarios/office-firewall.yaml\n"
         "  callflow check scenarios/topologies/contoso.yaml --format sarif -o contoso.sarif\n",
         setUpCheck},
    Verb{"explain", "Say which path each call's media takes, and why",
         "  callflow explain scenarios/office-firewall.yaml --variant tcp-only\n"
         "  callflow explain scenarios/office-firewall.yaml --from hq --to relay --udp 3478\n",
         setUpExplain},
    Verb{"graph", "Draw the network",
         "  callflow graph scenarios/topologies/contoso.yaml --format svg -o contoso.svg\n"
         "  callflow graph scenarios/office-firewall.yaml --format mermaid --call standup\n",
         setUpGraph},
    Verb{"run", "Simulate the calls of scenarios and write results",
         "  callflow run scenarios/udp-vs-tcp.yaml\n"
         "  callflow run scenarios/*.yaml --runs 20 --seed 7 -j 4\n",
         setUpRun},
    Verb{"compare", "Say what differs between variants, scenarios or results",
         "  callflow compare scenarios/udp-vs-tcp.yaml\n"
         "  callflow compare results/monday results/tuesday --fail-on-regression\n",
         setUpCompare},
    Verb{"plot", "Draw the pictures of results",
         "  callflow plot results/udp-vs-tcp/latest\n"
         "  callflow plot results/udp-vs-tcp/latest --format pdf --only delay-cdf\n",
         setUpPlot},
    Verb{"import", "Make a trace of what ping, an assessment tool or a capture measured",
         "  callflow import ping.txt --out office.csv\n"
         "  callflow import capture.pcap --step 10s > office.csv\n",
         setUpImport},
    Verb{"mos", "Compute R and MOS from network figures",
         "  callflow mos --codec opus --bitrate 25kbit/s --loss 2% --burst-ratio 1 --delay 150ms\n"
         "  callflow mos --bitrate 32kbit/s --delay 80ms --format json\n",
         setUpMos},
    Verb{"help", "Explain a verb, or the keys of one kind of YAML map",
         "  callflow help run\n"
         "  callflow help firewall\n",
         setUpHelp},
    Verb{"schema", "Print the JSON Schema of a file kind, for editors",
         "  callflow schema scenario > scenario.schema.json\n"
         "  callflow schema topology > topology.schema.json\n",
         setUpSchema},
    Verb{"version", "Print the version of callflow and of what it is built with",
         "  callflow version\n"
         "  callflow --version\n",
         setUpVersion},
};

// CLI11's own layout tells programmers' types and ranges; ours tells what to write and the default.
class HelpFormatter : public CLI::Formatter {
 public:
  HelpFormatter() { column_width(kIndent); }

  std::string make_option(const CLI::Option* option, bool positional) const override {
    const std::string what = make_option_name(option, positional) + make_option_opts(option);
    std::string text = "  " + what;
    if (text.size() + 1 > kIndent) text += "\n";
    const std::size_t start = text.rfind('\n') == std::string::npos ? text.size() : 0;
    text += std::string(kIndent - start, ' ');
    const std::size_t width = columnsToUse();
    const std::string indent = "\n" + std::string(kIndent, ' ');
    const auto lines =
        compare::linesOfProse(make_option_desc(option), std::max(width, kIndent + 20) - kIndent);
    return text + fmt::format("{}\n", fmt::join(lines, indent));
  }

  // A flag that may have a value, behind a = only, has "{}" here.
  std::string make_option_name(const CLI::Option* option, bool positional) const override {
    const std::string name = CLI::Formatter::make_option_name(option, positional);
    constexpr std::string_view kOptional = "{}";
    if (!name.ends_with(kOptional)) return name;
    return name.substr(0, name.size() - kOptional.size()) + option->get_type_name();
  }

  std::string make_option_opts(const CLI::Option* option) const override {
    if (option->get_positional()) return {};
    const std::string type = option->get_type_name();  // "N:INT in [1 - 100000]"
    const std::string word = type.substr(0, type.find(':'));
    return word.empty() || option->get_expected_max() == 0 ? std::string() : " " + word;
  }

  std::string make_option_desc(const CLI::Option* option) const override {
    const std::string value = option->get_default_str();
    return option->get_description() + (value.empty() ? "" : " (default " + value + ")");
  }

 private:
  static constexpr std::size_t kIndent = 30;  // where descriptions begin
};

struct Program {
  CLI::App app;
  Action action;
};

std::unique_ptr<Program> makeProgram(const Verb& verb) {
  auto program = std::make_unique<Program>();
  CLI::App& app = program->app;
  app.name("callflow " + std::string(verb.name));
  app.description(std::string(verb.summary));
  app.footer("Examples:\n" + std::string(verb.examples));
  app.formatter(std::make_shared<HelpFormatter>());
  app.set_help_flag("-h,--help", "Print this help");
  program->action = verb.setUp(app);
  return program;
}

std::vector<std::string> verbNames() {
  std::vector<std::string> names;
  for (const Verb& verb : kTable) names.emplace_back(verb.name);
  return names;
}

const Verb* findVerb(std::string_view word) {
  for (const Verb& verb : kTable) {
    if (verb.name == word) return &verb;
  }
  return nullptr;
}

std::string rootHelp() {
  std::string text =
      "callflow: what happens to this call if the network changes\n"
      "Usage: callflow VERB [OPTIONS] ...\n\nVerbs:\n";
  for (const Verb& verb : kTable) text += fmt::format("  {:10}{}\n", verb.name, verb.summary);
  text +=
      "\nOptions:\n"
      "  -h,--help Print this help; callflow VERB --help prints that of a verb\n"
      "  --version Print the version\n\n"
      "Exit codes: 0 fine, 1 internal error, 2 wrong usage or input, 3 an expectation failed\n"
      "or check found an error, 4 regression, 5 some runs failed, a call did not connect, or no\n"
      "space is left, 130 and 143 stopped by a signal.\n\n"
      "Examples:\n"
      "  callflow run scenarios/udp-vs-tcp.yaml\n"
      "  callflow help scenario\n";
  return text;
}

// Arguments that no option took: an unknown option if one starts with a dash.
std::string unexpected(const CLI::App& verb, const std::vector<std::string>& rest) {
  std::vector<std::string> names;
  for (const CLI::Option* option : verb.get_options()) {
    for (const auto& name : option->get_lnames()) names.push_back("--" + name);
    for (const auto& name : option->get_snames()) names.push_back("-" + name);
  }
  for (const std::string& word : rest) {
    if (word.size() < 2 || word.front() != '-') continue;
    const std::string name = word.substr(0, word.find('='));
    return "unknown option \"" + name + "\"" + didYouMean(name, names);
  }
  return "unexpected argument \"" + (rest.empty() ? std::string() : rest.front()) + "\"";
}

int wrongUsage(const std::string& name, const std::string& what) {
  printNote(name + ": " + what);
  printNote("\"" + name + " --help\" shows what can be written");
  return exitBadInput;
}

int runVerb(const Verb& verb, int argc, const char* const* argv) {
  const auto program = makeProgram(verb);
  const std::string name = program->app.get_name();
  try {
    program->app.parse(argc, argv);
    return program->action();
  } catch (const CLI::CallForHelp&) {
    printResult(program->app.help());
    return exitFine;
  } catch (const CLI::ExtrasError&) {
    return wrongUsage(name, unexpected(program->app, program->app.remaining(true)));
  } catch (const CLI::ParseError& error) {
    return wrongUsage(name, error.what());
  } catch (const UsageError& error) {
    return wrongUsage(name, error.what());
  }
}

int dispatch(int argc, const char* const* argv) {
  const std::string first = argc > 1 ? argv[1] : "";
  if (first.empty()) {
    printNote(rootHelp());
    return exitBadInput;
  }
  if (first == "-h" || first == "--help") {
    printResult(rootHelp());
    return exitFine;
  }
  if (const Verb* verb = findVerb(first == "--version" ? "version" : first)) {
    return runVerb(*verb, argc - 1, argv + 1);
  }
  if (first.front() == '-') {
    return wrongUsage("callflow", "unknown option \"" + first + "\"" +
                                      didYouMean(first, {"--help", "--version"}));
  }
  return wrongUsage("callflow", "unknown verb \"" + first + "\"" + didYouMean(first, verbNames()));
}

// Whoever starts us with a standard stream closed does not want what goes there. Another file must
// not be opened in its place and get it.
void openStandardStreams() {
  for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; ++fd) {
    if (::fcntl(fd, F_GETFD) >= 0 || errno != EBADF) continue;
    if (::open("/dev/null", O_RDWR) < 0) return;  // takes the lowest number: this one
  }
}

}  // namespace

std::span<const Verb> verbs() {
  return kTable;
}

std::string helpOf(std::string_view name) {
  if (name.empty()) return rootHelp();
  const Verb* verb = findVerb(name);
  if (verb == nullptr) throw UsageError("unknown verb \"" + std::string(name) + "\"");
  return makeProgram(*verb)->app.help();
}

int run(int argc, const char* const* argv) {
  openStandardStreams();
  // A limit of file sizes is met like a disk that is full: by what write() says.
  std::signal(SIGXFSZ, SIG_IGN);
  try {
    const int code = dispatch(argc, argv);
    flushResults();
    return code;
  } catch (const results::NoSpaceError& error) {
    printNote(std::string("callflow: ") + error.what());
    return exitNoRoom;
  } catch (const std::exception& error) {
    printNote(std::string("internal error: ") + error.what());
    return exitInternalError;
  } catch (...) {
    printNote("internal error: of an unknown kind");
    return exitInternalError;
  }
}

}  // namespace callflow::cli
