#include "src/diag/diag.h"

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <tuple>
#include <utility>

namespace callflow {
namespace {

const std::string& fileOf(const SourcePos& pos) {
  static const std::string kUnknown = "(input)";
  return pos.file ? *pos.file : kUnknown;
}

std::string counted(int count, const char* what) {
  return std::to_string(count) + " " + what + (count == 1 ? "" : "s");
}

// People mix up case and the two kinds of dash; that alone must not make a name far from another.
std::string folded(const std::string& word) {
  std::string out = word;
  for (char& c : out) {
    c = c == '_' ? '-' : static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return out;
}

// Insertions, deletions, replacements, and swaps of neighbours (optimal string alignment).
std::size_t editDistance(const std::string& a, const std::string& b) {
  std::vector<std::size_t> before(b.size() + 1);
  std::vector<std::size_t> last(b.size() + 1);
  std::vector<std::size_t> now(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    now[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t cost = a[i - 1] == b[j - 1] ? 0 : 1;
      now[j] = std::min({last[j] + 1, now[j - 1] + 1, last[j - 1] + cost});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        now[j] = std::min(now[j], before[j - 2] + 1);
      }
    }
    std::swap(before, last);
    std::swap(last, now);
  }
  return last[b.size()];
}

}  // namespace

std::string Diagnostic::render() const {
  std::string out = fileOf(pos);
  if (pos.line > 0) {
    out += ":" + std::to_string(pos.line);
    if (pos.column > 0) out += ":" + std::to_string(pos.column);
  }
  out += severity == Severity::error ? ": error: " : ": warning: ";
  if (!path.empty()) out += path + ": ";
  out += problem;
  if (!advice.empty()) out += "; " + advice;
  return out;
}

void Diagnostics::add(Diagnostic diagnostic) {
  if (!seen_.insert(diagnostic.render()).second) return;
  ++(diagnostic.severity == Severity::error ? errors_ : warnings_);
  list_.push_back(std::move(diagnostic));
}

void Diagnostics::error(SourcePos pos, std::string path, std::string problem, std::string advice) {
  add({Severity::error, std::move(pos), std::move(path), std::move(problem), std::move(advice)});
}

void Diagnostics::warning(SourcePos pos, std::string path, std::string problem,
                          std::string advice) {
  add({Severity::warning, std::move(pos), std::move(path), std::move(problem), std::move(advice)});
}

std::string Diagnostics::render(const std::string& outcome) const {
  if (list_.empty()) return {};
  std::vector<std::pair<const Diagnostic*, std::string>> lines;
  lines.reserve(list_.size());
  for (const Diagnostic& d : list_) lines.emplace_back(&d, d.render());
  std::sort(lines.begin(), lines.end(), [](const auto& a, const auto& b) {
    return std::tie(fileOf(a.first->pos), a.first->pos.line, a.first->pos.column, a.second) <
           std::tie(fileOf(b.first->pos), b.first->pos.line, b.first->pos.column, b.second);
  });
  std::string out;
  for (const auto& [diagnostic, text] : lines) out += text + "\n";
  out += counted(errors_, "error") + ", " + counted(warnings_, "warning") + "; " + outcome + "\n";
  return out;
}

std::string nearestName(const std::string& word, const std::vector<std::string>& candidates) {
  constexpr std::size_t kLongest = 200;  // nobody means a word longer than that
  if (word.empty() || word.size() > kLongest) return {};
  const std::string meant = folded(word);
  // Two edits turn any word of three or four letters into almost any other: g711 into g722.
  const std::size_t limit = std::max<std::size_t>(word.size() <= 4 ? 1 : 2, word.size() / 3);
  std::size_t best = limit + 1;
  std::string found;
  for (const std::string& candidate : candidates) {
    if (candidate.size() > kLongest) continue;
    const std::size_t distance = editDistance(meant, folded(candidate));
    if (distance < best && distance < std::max(word.size(), candidate.size())) {
      best = distance;
      found = candidate;
    }
  }
  return found;
}

}  // namespace callflow
