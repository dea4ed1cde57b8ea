#include "src/compare/table.h"

#include <algorithm>
#include <limits>
#include <map>
#include <numeric>

#include "src/compare/wrap.h"

namespace callflow::compare {

namespace {

using Widths = std::vector<std::size_t>;
using Rows = std::vector<std::vector<std::string>>;

constexpr std::size_t kGap = 2;  // columns between two cells
// Of a long table the first rows say where room is needed.
constexpr std::size_t kRowsTried = 100;

// What it costs to break cells. A line of the table is one; a line of a cell a fraction, for it is
// harder to read, more so where figures lose their units; and a name or a word in two is worst.
class Cost {
 public:
  Cost(const Rows& rows, const std::vector<Align>& columns)
      : rows_(rows),
        columns_(columns),
        tried_(std::min(rows.size(), kRowsTried)),
        broken_(columns.size()) {}

  double of(const Widths& widths) {
    std::vector<std::size_t> highest(tried_, 1);
    double cost = 0;
    for (std::size_t i = 0; i < widths.size(); ++i) {
      const Broken& broken = at(i, widths[i]);
      cost += broken.cost;
      for (std::size_t r = 0; r < tried_; ++r) highest[r] = std::max(highest[r], broken.lines[r]);
    }
    return std::accumulate(highest.begin(), highest.end(), cost);
  }

 private:
  struct Broken {
    std::vector<std::size_t> lines;  // of each row
    double cost = 0;
  };

  const Broken& at(std::size_t column, std::size_t width) {
    const auto [known, fresh] = broken_[column].try_emplace(width);
    Broken& broken = known->second;
    if (!fresh) return broken;
    const double ofName = 0.5;
    const double ofLine = columns_[column] == Align::right ? 0.5 : 0.2;
    for (std::size_t r = 0; r < tried_; ++r) {
      broken.lines.push_back(1);
      if (column >= rows_[r].size()) continue;
      const std::string& cell = rows_[r][column];
      const std::vector<std::string> lines = linesOf(cell, width);
      broken.lines.back() = lines.size();
      broken.cost += ofLine * static_cast<double>(lines.size() - 1);
      // A metric's name in two is no longer one to copy.
      for (std::size_t i = 0; i + 1 < lines.size(); ++i)
        if (lines[i].ends_with('_')) broken.cost += ofName;
      if (leastColumns(cell, BreakAt::words) > width) broken.cost += 1;
      if (leastColumns(cell, BreakAt::parts) > width) broken.cost += 4;
    }
    return broken;
  }

  const Rows& rows_;
  const std::vector<Align>& columns_;
  std::size_t tried_;
  std::vector<std::map<std::size_t, Broken>> broken_;  // of column, by width
};

std::size_t totalOf(const Widths& widths) {
  return std::accumulate(widths.begin(), widths.end(), kGap * (widths.size() - 1));
}

// Columns give way, none below its least, until the row fits or none can: first that which costs
// least for the room it gives.
void narrow(Cost& cost, const Widths& least, std::size_t width, Widths& widths) {
  for (std::size_t total = totalOf(widths); total > width; total = totalOf(widths)) {
    const std::size_t excess = total - width;
    const double before = cost.of(widths);
    double cheapest = std::numeric_limits<double>::infinity();
    Widths best;
    for (std::size_t i = 0; i < widths.size(); ++i) {
      const std::size_t lowest = std::max(least[i], widths[i] - std::min(widths[i], excess));
      Widths tried = widths;
      for (tried[i] = lowest; tried[i] < widths[i]; ++tried[i]) {
        const double price = (cost.of(tried) - before) / static_cast<double>(widths[i] - tried[i]);
        if (price >= cheapest) continue;
        cheapest = price;
        best = tried;
      }
    }
    if (best.empty()) return;
    widths = best;
  }
}

// One column at a time was narrowed: what another would do better with changes hands.
void trade(Cost& cost, const Widths& least, std::size_t width, Widths& widths) {
  constexpr std::size_t kMost = 16;  // columns of text at a time
  constexpr int kTrades = 32;        // tables are read, not proved to be the best
  for (int trades = 0; trades < kTrades; ++trades) {
    double cheapest = cost.of(widths) - 1e-9;
    Widths best;
    for (std::size_t gets = 0; gets < widths.size(); ++gets) {
      for (std::size_t gives = 0; gives < widths.size(); ++gives) {
        for (std::size_t n = 1; n <= kMost; ++n) {
          Widths tried = widths;
          tried[gets] += n;
          const std::size_t total = totalOf(tried);
          const std::size_t over = total > width ? total - width : 0;
          if (over > 0 && (gives == gets || tried[gives] < least[gives] + over)) break;
          tried[gives] -= over;
          const double price = cost.of(tried);
          if (price >= cheapest) continue;
          cheapest = price;
          best = tried;
        }
      }
    }
    if (best.empty()) return;
    widths = best;
  }
}

}  // namespace

std::vector<std::size_t> Table::widthsWithin(std::size_t width) const {
  Widths widths(columns_.size(), 0);
  for (const auto& row : rows_) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], columnsOf(row[i]));
  }
  if (width == 0 || widths.empty()) return widths;
  Cost cost(rows_, columns_);
  for (const BreakAt place : {BreakAt::words, BreakAt::parts, BreakAt::letters}) {
    if (totalOf(widths) <= width) break;
    Widths least(columns_.size(), 1);
    for (const auto& row : rows_) {
      for (std::size_t i = 0; i < row.size(); ++i)
        least[i] = std::min(widths[i], std::max(least[i], leastColumns(row[i], place)));
    }
    narrow(cost, least, width, widths);
    if (totalOf(widths) <= width) trade(cost, least, width, widths);
  }
  return widths;
}

std::string Table::text(std::size_t width) const {
  const Widths widths = widthsWithin(width);
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
