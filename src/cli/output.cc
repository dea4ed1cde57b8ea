#include "src/cli/output.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <system_error>

#include "src/diag/diag.h"
#include "src/results/directory.h"

namespace callflow::cli {

void printResult(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
}

void printNote(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stderr);
  std::fputc('\n', stderr);
}

std::size_t columnsToUse() {
  constexpr std::size_t kMost = 100;
  constexpr std::size_t kLeast = 40;
  if (const char* columns = std::getenv("COLUMNS")) {
    std::size_t asked = 0;
    const std::string_view text(columns);
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), asked);
    if (fault == std::errc{} && end == text.data() + text.size())
      return std::clamp<std::size_t>(asked, kLeast, 10000);
  }
  winsize size{};
  if (::isatty(STDOUT_FILENO) == 1 && ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 &&
      size.ws_col > 0)
    return std::clamp<std::size_t>(size.ws_col, kLeast, kMost);
  return kMost;
}

void flushResults() {
  if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) {
    results::failOn("standard output", "cannot be written", errno);
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
