#include "src/cli/output.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <system_error>

#include "src/cli/verb.h"
#include "src/compare/wrap.h"
#include "src/diag/diag.h"
#include "src/results/directory.h"
#include "src/results/result.h"

namespace callflow::cli {

void printResult(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
}

namespace {

// What COLUMNS says, or 0.
std::size_t columnsAsked() {
  constexpr std::size_t kLeast = 40;
  const char* columns = std::getenv("COLUMNS");
  if (columns == nullptr) return 0;
  std::size_t asked = 0;
  const std::string_view text(columns);
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), asked);
  if (fault != std::errc{} || end != text.data() + text.size()) return 0;
  return std::clamp<std::size_t>(asked, kLeast, 10000);
}

// What the terminal has, or 0 if there is none.
std::size_t columnsOfTerminal(int stream) {
  constexpr std::size_t kLeast = 40, kMost = 100;
  winsize size{};
  if (::isatty(stream) != 1 || ::ioctl(stream, TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
    return 0;
  return std::clamp<std::size_t>(size.ws_col, kLeast, kMost);
}

}  // namespace

void printNote(std::string_view text) {
  // Whatever reads messages line by line, an editor or a log, gets them whole.
  const std::size_t asked = columnsAsked();
  const std::size_t width = asked > 0 ? asked : columnsOfTerminal(STDERR_FILENO);
  std::fflush(stdout);  // what was said before comes before, where both go to one place
  const std::string lines =
      width > 0 ? compare::fitted(std::string(text), width) : std::string(text);
  std::fwrite(lines.data(), 1, lines.size(), stderr);
  std::fputc('\n', stderr);
}

std::size_t columnsToUse() {
  constexpr std::size_t kOfFiles = 100;
  if (const std::size_t asked = columnsAsked(); asked > 0) return asked;
  const std::size_t terminal = columnsOfTerminal(STDOUT_FILENO);
  return terminal > 0 ? terminal : kOfFiles;
}

void flushResults() {
  if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) {
    results::failOn("standard output", "cannot be written", errno);
  }
}

void writeOutput(const std::string& file, const std::string& text) {
  if (file.empty()) {
    printResult(text);
    return;
  }
  // A file is whole or as it was; a pipe or a device is written as it is.
  const std::filesystem::path target(file);
  std::error_code none;
  const bool special =
      std::filesystem::exists(target, none) && !std::filesystem::is_regular_file(target, none);
  std::filesystem::path aside = target;
  if (!special)
    aside.replace_filename("." + target.filename().string() + "-" + std::to_string(::getpid()));
  const std::filesystem::path parent = target.has_parent_path() ? target.parent_path() : ".";
  if (!std::filesystem::is_directory(parent, none))
    throw UsageError("there is no directory \"" + parent.string() + "\" to write " +
                     target.filename().string() + " to");
  try {
    results::writeFile(aside, text);
    std::error_code error;
    if (!special) std::filesystem::rename(aside, target, error);
    if (error) results::failOn(target, "cannot be written", error.value());
  } catch (const results::NoSpaceError& error) {
    if (!special) std::filesystem::remove(aside, none);
    throw error.of(target);
  } catch (const results::ResultError& error) {
    if (!special) std::filesystem::remove(aside, none);
    throw UsageError(error.what());
  }
}

std::string didYouMean(const std::string& word, const std::vector<std::string>& candidates) {
  const std::string nearest = nearestName(word, candidates);
  return nearest.empty() ? std::string{} : "; did you mean \"" + nearest + "\"?";
}

std::string counted(std::size_t count, std::string_view noun) {
  return std::to_string(count) + " " + std::string(noun) + (count == 1 ? "" : "s");
}

std::string listed(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) text += i + 1 == names.size() ? " and " : ", ";
    text += names[i];
  }
  return text;
}

}  // namespace callflow::cli
