#include "src/cli/cli.h"

#include <CLI/CLI.hpp>
#include <array>
#include <exception>
#include <memory>
#include <string>
#include <vector>

#include "src/cli/exit_code.h"
#include "src/cli/output.h"
#include "src/cli/verb.h"

namespace callflow::cli {
namespace {

constexpr std::array table{
    Verb{"validate", "Check scenario and topology files without running them",
         "  callflow validate scenarios/udp-vs-tcp.yaml\n"
         "  callflow validate scenarios/*.yaml scenarios/topologies/*.yaml\n",
         setUpValidate},
    Verb{"explain", "Say which path each call's media takes, and why",
         "  callflow explain scenarios/udp-vs-tcp.yaml --variant tcp-only\n"
         "  callflow explain scenarios/group-call.yaml --call consultation\n",
         setUpExplain},
    Verb{"graph", "Draw the network",
         "  callflow graph scenarios/topologies/contoso.yaml --format svg -o contoso.svg\n"
         "  callflow graph scenarios/udp-vs-tcp.yaml --format mermaid --call standup\n",
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

constexpr const char* rootExamples =
    "Exit codes: 0 fine, 1 internal error, 2 wrong usage or input, 3 an expectation failed,\n"
    "4 regression, 5 some runs failed, 130 and 143 stopped by a signal.\n\n"
    "Examples:\n"
    "  callflow run scenarios/udp-vs-tcp.yaml\n"
    "  callflow help scenario\n";

struct Program {
  CLI::App app{"callflow: what happens to this call if the network changes", "callflow"};
  Action action;
  std::vector<CLI::App*> subcommands;
};

std::unique_ptr<Program> makeProgram() {
  auto program = std::make_unique<Program>();
  CLI::App& app = program->app;
  app.get_formatter()->column_width(34);
  app.footer(rootExamples);
  app.set_help_flag("-h,--help", "Print this help");
  app.add_flag_function("--version", [](std::int64_t) {}, "Print the version");
  for (const Verb& verb : table) {
    CLI::App* sub = app.add_subcommand(std::string(verb.name), std::string(verb.summary));
    sub->footer("Examples:\n" + std::string(verb.examples));
    const Action action = verb.set_up(*sub);
    sub->final_callback([target = program.get(), action] { target->action = action; });
    program->subcommands.push_back(sub);
  }
  return program;
}

std::vector<std::string> verbNames() {
  std::vector<std::string> names;
  for (const Verb& verb : table) names.emplace_back(verb.name);
  return names;
}

bool isVerb(const std::string& word) {
  for (const Verb& verb : table) {
    if (verb.name == word) return true;
  }
  return false;
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

int wrongUsage(const std::string& verb, const std::string& what) {
  const std::string name = verb.empty() ? "callflow" : "callflow " + verb;
  printNote(name + ": " + what);
  printNote("\"" + name + " --help\" shows what can be written");
  return exitBadInput;
}

int dispatch(int argc, const char* const* argv) {
  const std::string first = argc > 1 ? argv[1] : "";
  auto program = makeProgram();
  if (first.empty()) {
    printNote(program->app.help());
    return exitBadInput;
  }
  if (first.front() != '-' && !isVerb(first)) {
    return wrongUsage("", "unknown verb \"" + first + "\"" + didYouMean(first, verbNames()));
  }
  if (first == "--version") {
    const char* const version[] = {argv[0], "version"};
    return dispatch(2, version);
  }
  const std::string verb = isVerb(first) ? first : "";
  try {
    program->app.parse(argc, argv);
    if (!program->action) return wrongUsage("", "a verb is missing");
    return program->action();
  } catch (const CLI::CallForHelp&) {
    printResult(helpOf(verb));
    return exitFine;
  } catch (const CLI::ExtrasError&) {
    const CLI::App& where =
        verb.empty() ? program->app : *program->app.get_subcommand(std::string(verb));
    return wrongUsage(verb, unexpected(where, program->app.remaining(true)));
  } catch (const CLI::ParseError& error) {
    return wrongUsage(verb, error.what());
  } catch (const UsageError& error) {
    return wrongUsage(verb, error.what());
  }
}

}  // namespace

std::span<const Verb> verbs() {
  return table;
}

std::string helpOf(std::string_view verb) {
  const auto program = makeProgram();
  if (verb.empty()) return program->app.help();
  if (!isVerb(std::string(verb))) {
    throw UsageError("unknown verb \"" + std::string(verb) + "\"" +
                     didYouMean(std::string(verb), verbNames()));
  }
  return program->app.get_subcommand(std::string(verb))->help("callflow");
}

int run(int argc, const char* const* argv) {
  try {
    const int code = dispatch(argc, argv);
    flushResults();
    return code;
  } catch (const std::exception& error) {
    printNote(std::string("internal error: ") + error.what());
    return exitInternalError;
  } catch (...) {
    printNote("internal error: of an unknown kind");
    return exitInternalError;
  }
}

}  // namespace callflow::cli
