#include "src/compare/wrap.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>

namespace callflow::compare {

namespace {

constexpr std::size_t kFurtherIn = 4;  // where a broken line of prose goes on

bool startsCharacter(char c) {
  return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
}
bool isDigit(char c) {
  return std::isdigit(static_cast<unsigned char>(c)) != 0;
}
// Of any script.
bool isLetter(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || !startsCharacter(c) ||
         static_cast<unsigned char>(c) >= 0x80U;
}

// How many bytes the first `columns` characters take.
std::size_t bytesOf(std::string_view text, std::size_t columns) {
  std::size_t at = 0;
  for (std::size_t seen = 0; at < text.size(); ++at) {
    if (startsCharacter(text[at]) && seen++ == columns) break;
  }
  return at;
}

// "1.27 %", "18.8 ms", "a -> b": what stands before the space belongs to what comes behind it.
bool belongsTogether(std::string_view text, std::size_t space) {
  const std::string_view behind = text.substr(space + 1);
  if (behind.starts_with("->")) return true;
  if (space == 0 || !isDigit(text[space - 1])) return false;
  const std::size_t unit = std::min(behind.find_first_of(" ],)"), behind.size());
  return unit > 0 && unit <= 2 && !isDigit(behind.front()) && behind.front() != '[';
}

bool inBrackets(std::string_view text, std::size_t at) {
  const std::size_t open = text.substr(0, at).find_last_of("[]");
  return open != std::string_view::npos && text[open] == '[';
}

// Whether a line may end before byte `at`. A space there, or before it, is dropped.
bool mayEndBefore(std::string_view text, std::size_t at, BreakAt place) {
  if (place == BreakAt::letters) return startsCharacter(text[at]);
  const char before = text[at - 1];
  const char here = text[at];
  if (here == ' ') {
    return place == BreakAt::parts || (!belongsTogether(text, at) && !inBrackets(text, at));
  }
  if (before == ' ') return false;  // told at the space
  const bool joins = before == '-' || before == '_';
  if (before == ',' || (joins && at > 1 && isLetter(text[at - 2]) && isLetter(here)))
    return place == BreakAt::parts || !inBrackets(text, at);
  if (place == BreakAt::words) return false;
  return std::string_view("./:@").find(before) != std::string_view::npos && isLetter(here) &&
         !isDigit(here);
}

std::size_t indentOf(std::string_view text) {
  return std::min(text.find_first_not_of(' '), text.size());
}

// Takes a line that ends at byte `end` off the front of `text`, and the spaces there.
std::string takeTo(std::string_view& text, std::size_t end) {
  std::string line(text.substr(0, end));
  line.erase(line.find_last_not_of(' ') + 1);
  text.remove_prefix(end);
  text.remove_prefix(indentOf(text));
  return line;
}

// The last byte, of the first `most`, that a line may end before; 0 if there is none.
std::size_t lastBreak(std::string_view text, std::size_t most, BreakAt place) {
  const std::size_t first = indentOf(text) + 1;
  for (std::size_t at = most; at >= first && at > 0; --at)
    if (mayEndBefore(text, at, place)) return at;
  return 0;
}

// Takes a line of at most `columns` off the front of `text`, broken at the best of `places`.
template <std::size_t kPlaces>
std::string takeLine(std::string_view& text, std::size_t columns,
                     const std::array<BreakAt, kPlaces>& places) {
  const std::size_t most = bytesOf(text, columns);
  if (most == text.size()) return takeTo(text, most);
  for (const BreakAt place : places)
    if (const std::size_t end = lastBreak(text, most, place); end > 0) return takeTo(text, end);
  return takeTo(text, std::max<std::size_t>(most, bytesOf(text, 1)));
}

constexpr std::array kOfCells = {BreakAt::words, BreakAt::parts, BreakAt::letters};

std::string takeProse(std::string_view& text, std::size_t columns) {
  const std::size_t most = bytesOf(text, columns);
  if (most < text.size()) {
    const std::size_t space = text.rfind(' ', most);
    if (space != std::string_view::npos && space > indentOf(text)) return takeTo(text, space);
  }
  return takeLine(text, columns, kOfCells);
}

}  // namespace

std::size_t columnsOf(const std::string& text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), startsCharacter));
}

std::string fitted(const std::string& text, std::size_t width) {
  std::string out;
  std::size_t start = 0;
  while (start < text.size()) {
    const std::size_t end = std::min(text.find('\n', start), text.size());
    const std::string line = text.substr(start, end - start);
    start = end + 1;
    if (columnsOf(line) > width) {
      const std::size_t indent = std::min(indentOf(line) + kFurtherIn, width / 2);
      std::string_view rest = line;
      out += takeProse(rest, width);
      while (!rest.empty())
        out += "\n" + std::string(indent, ' ') + takeProse(rest, width - indent);
    } else {
      out += line;
    }
    if (end < text.size()) out += '\n';
  }
  return out;
}

std::vector<std::string> linesOfProse(const std::string& text, std::size_t columns) {
  std::string_view rest = text;
  std::vector<std::string> lines;
  do {
    lines.push_back(takeProse(rest, columns));
  } while (!rest.empty());
  return lines;
}

std::vector<std::string> linesOf(const std::string& cell, std::size_t columns) {
  if (columnsOf(cell) <= columns) return {cell};
  const std::string indent(std::min(indentOf(cell), columns / 2), ' ');
  std::string_view rest = std::string_view(cell).substr(indentOf(cell));
  std::vector<std::string> lines;
  do {
    lines.push_back(indent + takeLine(rest, columns - indent.size(), kOfCells));
  } while (!rest.empty());
  return lines;
}

std::size_t leastColumns(const std::string& cell, BreakAt at) {
  const std::size_t indent = indentOf(cell);
  std::string_view rest = std::string_view(cell).substr(indent);
  std::size_t least = 0;
  while (!rest.empty()) {
    std::size_t end = 1;
    while (end < rest.size() && !mayEndBefore(rest, end, at)) ++end;
    least = std::max(least, columnsOf(takeTo(rest, end)));
  }
  return indent + least;
}

}  // namespace callflow::compare
