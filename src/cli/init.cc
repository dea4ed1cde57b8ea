// A first scenario, from one of the shipped ones.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "src/cli/exit_code.h"
#include "src/cli/output.h"
#include "src/cli/templates.h"
#include "src/cli/verb.h"
#include "src/compare/wrap.h"

namespace callflow::cli {
namespace {

struct Options {
  std::string name;
  std::string file;
  bool force = false;
};

struct Heading {
  std::string_view folder;
  std::string_view words;
};
constexpr std::array kHeadings{
    Heading{"use-cases", "Use cases of Azure Communication Services:"},
    Heading{"", "Lines, codecs, boxes and loads:"},
    Heading{"figures", "Figures of the call-flow documents:"},
};

std::string list() {
  const std::vector<Template> all = templates();
  std::size_t width = 0;
  for (const Template& one : all) width = std::max(width, one.name.size());
  std::string text = "callflow init NAME [FILE] writes one of these:\n";
  for (const Heading& heading : kHeadings) {
    text += fmt::format("\n{}\n", heading.words);
    for (const Template& one : all)
      if (one.folder == heading.folder)
        text += fmt::format("  {:{}}  {}\n", one.name, width, titleOf(one));
  }
  return text;
}

// "use-cases/pstn.yaml" is a way to say pstn.
std::string nameIn(const std::string& written) {
  const std::filesystem::path path(written);
  return path.extension() == ".yaml" ? path.stem().string() : written;
}

Template named(const std::string& written) {
  const std::string name = nameIn(written);
  std::vector<std::string> names;
  for (const Template& one : templates()) {
    if (one.name == name) return one;
    names.emplace_back(one.name);
  }
  std::sort(names.begin(), names.end());
  const std::string near = didYouMean(name, names);
  throw UsageError("there is no \"" + written + "\" to begin with" +
                   (near.empty() ? "; there are " + listed(names) : near));
}

void checkTarget(const Options& options) {
  std::error_code error;
  const auto status = std::filesystem::symlink_status(options.file, error);
  if (!std::filesystem::path(options.file).has_filename() ||
      std::filesystem::is_directory(std::filesystem::status(options.file, error)))
    throw UsageError("\"" + options.file + "\" is a directory; name a file in it");
  if (std::filesystem::exists(status) && !options.force)
    throw UsageError("\"" + options.file +
                     "\" is there already; name another file, or write --force to replace it");
}

// What the scenario and the folder of its results are called: as the file, if that is a name.
std::string nameFor(const std::string& file, const Template& one) {
  const std::string stem = std::filesystem::path(file).stem().string();
  const auto plain = [](unsigned char c) { return std::isalnum(c) != 0; };
  const bool good = !stem.empty() && plain(static_cast<unsigned char>(stem.front())) &&
                    std::all_of(stem.begin(), stem.end(), [&](char c) {
                      return plain(static_cast<unsigned char>(c)) || c == '-' || c == '_';
                    });
  return good ? stem : std::string(one.name);
}

// For a shell.
std::string word(const std::string& file) {
  const bool plain = file.find_first_of(" '\"\\$`&|;<>()*?[]#~!{}") == std::string::npos;
  if (plain) return file;
  std::string text = "'";
  for (const char c : file) text += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return text + "'";
}

int init(Options options) {
  if (options.name.empty()) {
    printResult(compare::fitted(list(), columnsToUse()));
    return exitFine;
  }
  const Template chosen = named(options.name);
  if (options.file == "-") {
    printResult(selfContained(chosen, chosen.name));
    return exitFine;
  }
  if (options.file.empty()) options.file = std::string(chosen.name) + ".yaml";
  checkTarget(options);
  writeOutput(options.file, selfContained(chosen, nameFor(options.file, chosen)));
  const std::string file = word(options.file);
  printNote(
      fmt::format("{}: {}\nWhat it shows: {}\n\nnext: callflow run {}\n"
                  "also: callflow explain {} says which way media takes, and callflow help "
                  "site (firewall, call ...) what can be changed",
                  options.file, titleOf(chosen), showsOf(chosen), file, file));
  return exitFine;
}

}  // namespace

Action setUpInit(CLI::App& app) {
  auto options = std::make_shared<Options>();
  app.add_option("NAME", options->name, "What to begin with; without it, all there is is listed")
      ->type_name("");
  app.add_option("FILE", options->file, "File to write; - writes standard output")
      ->type_name("")
      ->default_str("NAME.yaml");
  app.add_flag("--force", options->force, "Replace a file that is there");
  return [options] { return init(*options); };
}

}  // namespace callflow::cli
