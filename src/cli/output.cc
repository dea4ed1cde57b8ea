#include "src/cli/output.h"

#include <cerrno>
#include <cstdio>
#include <stdexcept>
#include <system_error>

#include "src/diag/diag.h"

namespace callflow::cli {

void printResult(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
}

void printNote(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stderr);
  std::fputc('\n', stderr);
}

void flushResults() {
  if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) {
    throw std::runtime_error("cannot write to standard output: " +
                             std::generic_category().message(errno));
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
