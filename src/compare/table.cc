#include "src/compare/table.h"

#include <algorithm>
#include <string_view>

namespace callflow::compare {

namespace {

constexpr std::size_t kGap = 2;        // columns between two cells
constexpr std::size_t kFurtherIn = 4;  // where a broken line goes on

bool startsCharacter(char c) {
  return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
}

// How many bytes the first `columns` characters take.
std::size_t bytesOf(std::string_view text, std::size_t columns) {
  std::size_t at = 0;
  for (std::size_t seen = 0; at < text.size(); ++at) {
    if (startsCharacter(text[at]) && seen++ == columns) break;
  }
  return at;
}

// Takes a line of at most `columns` off the front of `text`, and the space that it was broken at.
std::string takeLine(std::string_view& text, std::size_t columns) {
  const std::size_t most = bytesOf(text, columns);
  if (most == text.size()) {
    const std::string all(text);
    text = {};
    return all;
  }
  const std::size_t space = text[most] == ' ' ? most : text.rfind(' ', most);
  const bool found =
      space != std::string_view::npos && space > 0 && text.find_first_not_of(' ') < space;
  std::string line(text.substr(0, found ? space : most));
  line.erase(line.find_last_not_of(' ') + 1);
  text.remove_prefix(found ? space : most);
  if (found) text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
  return line;
}

std::vector<std::string> linesOf(const std::string& cell, std::size_t columns) {
  std::vector<std::string> lines;
  std::string_view rest = cell;
  do {
    lines.push_back(takeLine(rest, columns));
  } while (!rest.empty());
  return lines;
}

}  // namespace

namespace {

std::size_t longestWord(const std::string& cell) {
  std::size_t longest = 0;
  for (std::size_t start = 0; start < cell.size();) {
    const std::size_t end = std::min(cell.find(' ', start), cell.size());
    longest = std::max(longest, columnsOf(cell.substr(start, end - start)));
    start = end + 1;
  }
  return longest;
}

// The widest column above its least gives way, a step at a time, until the row fits or none can.
void narrow(std::vector<std::size_t>& widths, const std::vector<std::size_t>& least,
            std::size_t& total, std::size_t width) {
  while (total > width) {
    std::size_t widest = widths.size();
    for (std::size_t i = 0; i < widths.size(); ++i) {
      if (widths[i] > least[i] && (widest == widths.size() || widths[i] > widths[widest]))
        widest = i;
    }
    if (widest == widths.size()) return;
    --widths[widest];
    --total;
  }
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
      const std::size_t indent = std::min(line.find_first_not_of(' ') + kFurtherIn, width / 2);
      std::string_view rest = line;
      out += takeLine(rest, width);
      while (!rest.empty()) out += "\n" + std::string(indent, ' ') + takeLine(rest, width - indent);
    } else {
      out += line;
    }
    if (end < text.size()) out += '\n';
  }
  return out;
}

std::vector<std::size_t> Table::widthsWithin(std::size_t width) const {
  std::vector<std::size_t> widths(columns_.size(), 0);
  for (const auto& row : rows_) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], columnsOf(row[i]));
  }
  std::size_t total = widths.empty() ? 0 : kGap * (widths.size() - 1);
  for (const std::size_t each : widths) total += each;
  if (width == 0) return widths;
  // First what stands on the left, to what reads well, then to what is left of it; then numbers
  // lose their units to the next line.
  for (const std::size_t narrowest : {10U, 4U, 0U}) {
    std::vector<std::size_t> least = widths;
    for (std::size_t i = 0; i < widths.size(); ++i) {
      if (columns_[i] == Align::left) least[i] = std::max<std::size_t>(narrowest, 4);
      if (columns_[i] == Align::left || narrowest > 0) continue;
      least[i] = 1;
      for (const auto& row : rows_)
        if (i < row.size()) least[i] = std::max(least[i], longestWord(row[i]));
    }
    narrow(widths, least, total, width);
  }
  return widths;
}

std::string Table::text(std::size_t width) const {
  const std::vector<std::size_t> widths = widthsWithin(width);
  std::string text;
  for (const auto& row : rows_) {
    std::vector<std::vector<std::string>> cells;
    std::size_t height = 1;
    for (std::size_t i = 0; i < row.size(); ++i) {
      cells.push_back(linesOf(row[i], std::max<std::size_t>(widths[i], 1)));
      height = std::max(height, cells.back().size());
    }
    for (std::size_t at = 0; at < height; ++at) {
      std::string line;
      for (std::size_t i = 0; i < row.size(); ++i) {
        const std::string cell = at < cells[i].size() ? cells[i][at] : "";
        const std::string padding(widths[i] - std::min(widths[i], columnsOf(cell)), ' ');
        if (i > 0) line += std::string(kGap, ' ');
        line += columns_[i] == Align::right ? padding + cell : cell + padding;
      }
      line.erase(line.find_last_not_of(' ') + 1);
      text += line + '\n';
    }
  }
  return text;
}

}  // namespace callflow::compare
