#include "src/plot/marks.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "src/plot/gnuplot.h"
#include "src/results/call_story.h"

namespace callflow::plot {

namespace {

using metrics::CallEventKind;
using results::Moment;

// More than this nobody reads; the data of a run have all.
constexpr std::size_t kMostMarks = 12;
constexpr double kMostLetters = 48;
constexpr int kRow = 15;         // pixels, of a label
constexpr double kLetter = 7;    // pixels, of its font at most
constexpr double kBeside = 5;    // pixels, from a pole to its label
constexpr double kTouching = 8;  // pixels, between poles that are one

std::string shortDeed(const Moment& moment) {
  switch (moment.kind) {
    case CallEventKind::restart:
      return "ICE restart";
    case CallEventKind::connected:
      return "connected";
    case CallEventKind::selected:
      return results::pathOf(moment.detail);
    case CallEventKind::ended:
      return moment.detail;
    default:
      return results::deedOf(moment);
  }
}

// "ann", or "ann +2"; nothing if it is everybody, or does not matter.
std::string whoOf(const Moment& moment, std::size_t participants) {
  if (moment.who.size() == participants || moment.kind == CallEventKind::restart) return {};
  std::string who = moment.who.front();
  who = who.substr(0, who.find('@'));
  if (moment.who.size() > 1) who += fmt::format(" +{}", moment.who.size() - 1);
  return who + " ";
}

// Of each series, what is less than `touching` s apart is one.
std::vector<Mark> joined(std::vector<Mark> marks, double touching) {
  std::vector<Mark> result;
  for (Mark& mark : marks) {
    const auto last = std::find_if(result.rbegin(), result.rend(),
                                   [&](const Mark& other) { return other.series == mark.series; });
    if (last != result.rend() && mark.at - last->at < touching) {
      last->words += ", " + mark.words;
    } else {
      result.push_back(std::move(mark));
    }
  }
  return result;
}

bool sameMark(const Mark& a, const Mark& b) {
  return a.words == b.words && std::abs(a.at - b.at) < 0.05;
}

}  // namespace

std::vector<Mark> marksOf(const metrics::CallRecord& call, Duration zero, std::size_t series) {
  std::vector<Mark> marks;
  for (const Moment& moment : results::midCall(call)) {
    marks.push_back({(moment.at - zero).seconds(),
                     whoOf(moment, call.participants.size()) + shortDeed(moment), series});
  }
  return marks;
}

std::vector<Mark> marksOf(const results::Result& result, const std::string& variant,
                          std::size_t series) {
  for (const metrics::RunRecord* run : recordsOf(result, variant)) {
    for (const metrics::CallRecord& call : run->calls) {
      auto marks = marksOf(call, call.scoredFrom, series);
      if (!marks.empty()) return marks;
    }
  }
  return {};
}

MarkStrip::MarkStrip(std::vector<Mark> marks, const Layout& layout, double low, double high) {
  const double perSecond = (layout.width - layout.left - layout.right) / (high - low);
  std::erase_if(marks, [&](const Mark& mark) { return mark.at < low || mark.at > high; });
  const auto earlier = [](const Mark& a, const Mark& b) { return a.at < b.at; };
  std::stable_sort(marks.begin(), marks.end(), earlier);
  std::vector<Mark> apart;
  for (const Mark& mark : joined(std::move(marks), kTouching / perSecond)) {
    const auto same = std::find_if(apart.begin(), apart.end(),
                                   [&](const Mark& other) { return sameMark(other, mark); });
    if (same != apart.end()) {
      same->shared = true;
    } else {
      apart.push_back(mark);
    }
  }
  for (std::size_t i = 0; i < std::min(apart.size(), kMostMarks); ++i)
    flags_.push_back({apart[i], 0});
  // From the right: what is to the right of a pole stands already.
  for (std::size_t i = flags_.size(); i-- > 0;) {
    Flag& flag = flags_[i];
    const double room =
        (layout.width - layout.left - (flag.mark.at - low) * perSecond - 3 * kBeside) / kLetter;
    flag.mark.words =
        shortened(flag.mark.words, static_cast<std::size_t>(std::clamp(room, 8.0, kMostLetters)));
    const double reach =
        flag.mark.at +
        (kBeside * 2 + kLetter * static_cast<double>(flag.mark.words.size())) / perSecond;
    for (std::size_t k = i + 1; k < flags_.size() && flags_[k].mark.at < reach; ++k)
      flag.row = std::max(flag.row, flags_[k].row + 1);
    rows_ = std::max(rows_, flag.row + 1);
  }
}

void MarkStrip::widen(Layout& layout) const {
  layout.top += kRow * rows_;
  layout.height += kRow * rows_;
}

std::string MarkStrip::script(const Layout& layout) const {
  std::string text;
  const double bottom = static_cast<double>(layout.bottom) / layout.height;
  for (const Flag& flag : flags_) {
    const std::string colourOf = flag.mark.shared ? "#444444" : colour(flag.mark.series);
    const double y = 1 - (layout.top - kRow * (flag.row + 0.5)) / layout.height;
    text += fmt::format(
        "set arrow from first {0}, screen {1} to first {0}, screen {2} nohead lw 1 dt '.' lc rgb "
        "'{3}' back\n"
        "set label {4} at first {0}, screen {2} left offset 0.6,0 font small_font tc rgb '{3}'\n",
        decimal(flag.mark.at), decimal(bottom), decimal(y), colourOf, literal(flag.mark.words));
  }
  return text;
}

}  // namespace callflow::plot
