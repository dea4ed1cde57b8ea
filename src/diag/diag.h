// What is wrong with a user's input, where, and what to write instead.
#pragma once

#include <compare>
#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace callflow {

// A place in a file that the user wrote. Lines and columns count from 1; 0 means "the whole file".
struct SourcePos {
  std::shared_ptr<const std::string> file;  // as the user named it; never null in a reported fault
  int line = 0;
  int column = 0;
};

enum class Severity { error, warning };

// Rendered as `file:line:col: error: path: problem; advice`.
struct Diagnostic {
  Severity severity = Severity::error;
  SourcePos pos;
  std::string path;     // dotted key path, e.g. devices.fw1.rules[2].ports; may be empty
  std::string problem;  // what is wrong
  std::string advice;   // what to write instead; may be empty

  std::string render() const;
};

// Collects every fault of every file of one run, each once: the same fault found on two ways (say,
// by the checks of two variants) counts once.
class Diagnostics {
 public:
  void error(SourcePos pos, std::string path, std::string problem, std::string advice = {});
  void warning(SourcePos pos, std::string path, std::string problem, std::string advice = {});
  bool hasErrors() const { return errors_ > 0; }
  int errorCount() const { return errors_; }
  int warningCount() const { return warnings_; }
  const std::vector<Diagnostic>& all() const { return list_; }
  // One line per fault, sorted by file, line, column and text; then
  // "2 errors, 0 warnings; nothing was run" (`outcome` is the last clause). Empty when there is
  // none.
  std::string render(const std::string& outcome) const;

 private:
  void add(Diagnostic diagnostic);

  std::vector<Diagnostic> list_;
  std::set<std::string> seen_;
  int errors_ = 0;
  int warnings_ = 0;
};

// The candidate nearest to `word` by edit distance (case aside, swapped neighbours count once), the
// first of equals, if it is near enough to be meant (distance at most 2, or a third of the word's
// length; 1 for words of up to three letters); else empty.
std::string nearestName(const std::string& word, const std::vector<std::string>& candidates);

}  // namespace callflow
