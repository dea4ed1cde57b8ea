#include "src/plot/sequence/data.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "src/plot/figure.h"
#include "src/results/csv.h"
#include "src/results/number.h"

namespace callflow::plot::sequence {

namespace {

using metrics::FrameFate;
using metrics::FrameTrace;
using metrics::LegCrossing;
using metrics::StreamRecord;

constexpr std::size_t kMostFrames = 20;
constexpr std::size_t kMostPanels = 3;

bool fits(const StreamRecord& s) {
  return !s.trace.empty() && s.trace.size() <= kMostFrames &&
         std::any_of(s.trace.begin(), s.trace.end(),
                     [](const FrameTrace& f) { return !f.crossings.empty(); });
}

std::int64_t lostCopies(const StreamRecord& s) {
  std::int64_t n = 0;
  for (const FrameTrace& f : s.trace) {
    for (const LegCrossing& c : f.crossings) n += c.arrived == TimePoint::max() ? 1 : 0;
  }
  return n;
}

struct Panel {
  std::string variant;
  const StreamRecord* stream = nullptr;
  TimePoint origin;
  double left = 0;   // where its first lane stands
  double width = 0;  // from its first lane to its last
  double lane(std::int32_t index) const {
    return stream->legs.empty() ? left
                                : left + width * index / static_cast<double>(stream->legs.size());
  }
  double ms(TimePoint t) const { return (t - origin).milliseconds(); }
};

// The stream that loses most, in every variant that has it.
std::vector<Panel> panelsOf(const results::Result& result) {
  const StreamRecord* like = nullptr;
  for (const metrics::RunRecord& run : result.records) {
    for (const StreamRecord& s : run.streams) {
      if (fits(s) && (like == nullptr || lostCopies(s) > lostCopies(*like))) like = &s;
    }
  }
  std::vector<Panel> panels;
  if (like == nullptr) return panels;
  for (const std::string& variant : variantsWithRuns(result)) {
    Panel panel;
    panel.variant = variant;
    for (const metrics::RunRecord* run : recordsOf(result, variant)) {
      for (const StreamRecord& s : run->streams) {
        if (panel.stream == nullptr && fits(s) && s.call == like->call && s.from == like->from &&
            s.to == like->to && s.medium == like->medium) {
          panel.stream = &s;
        }
      }
    }
    if (panel.stream == nullptr) continue;
    panel.origin = panel.stream->trace.front().sent;
    panels.push_back(panel);
  }
  return panels;
}

std::string msText(double ms) {
  const double rounded = std::round(ms * 10) / 10;
  return rounded == std::floor(rounded) ? fmt::format("{:.0f} ms", rounded)
                                        : fmt::format("{:.1f} ms", rounded);
}

// Behind what the listener does not get to hear.
constexpr std::string_view kConcealedText = ", concealed";
constexpr std::string_view kConcealedLateText = ", too late";

// Text of a frame's number: the packets of a short trace count from 1, whatever their sequence
// numbers.
std::string numberOf(const Panel& panel, const FrameTrace& f) {
  return std::to_string(&f - panel.stream->trace.data() + 1);
}

// Who stands between the legs: by its role where the path says it, else by the name of its element.
std::string laneName(const StreamRecord& s, std::int32_t lane) {
  if (lane == 0) return s.from;
  const auto legs = static_cast<std::int32_t>(s.legs.size());
  if (lane == legs) return s.to;
  if (legs == 2 && s.path.starts_with("relay")) return "relay";
  if (legs == 2 && s.path == "media-processor") return "media processor";
  return s.legs[static_cast<std::size_t>(lane)].from;
}

class Drawing {
 public:
  explicit Drawing(const std::vector<Panel>& panels)
      : csv_({"kind", "panel", "x1", "t1[ms]", "x2", "t2[ms]", "frame", "copy", "label",
              "variant"}) {
    for (std::size_t i = 0; i < panels.size(); ++i) draw(panels[i], i);
  }

  const std::string& data() const { return csv_.text(); }
  const std::vector<Label>& labels() const { return labels_; }
  double end() const { return end_; }

 private:
  void row(std::string_view kind, std::size_t panel, double x1, double t1, double x2, double t2,
           const std::string& frame, std::int32_t copy, const std::string& label,
           const std::string& variant) {
    csv_.row({std::string{kind}, std::to_string(panel), results::numberText(x1),
              results::numberText(t1), results::numberText(x2), results::numberText(t2), frame,
              std::to_string(copy), label, variant});
    end_ = std::max({end_, t1, t2});
  }

  void label(const std::string& text, double x, double t, std::string_view align,
             std::string_view colour, std::string_view offset) {
    labels_.push_back({text, x, t, std::string(align), std::string(colour), std::string(offset)});
  }

  void draw(const Panel& p, std::size_t index) {
    for (const FrameTrace& f : p.stream->trace) {
      const std::string number = numberOf(p, f);
      bool first = true;
      for (const LegCrossing& c : f.crossings) {
        const double x1 = p.lane(c.leg);
        const double x2 = p.lane(c.leg + 1);
        const double t1 = p.ms(c.sent);
        if (first) {
          // With its time, as at the other end.
          label(fmt::format("{}: {}", number, msText(t1)), x1, t1, "right", "#222222", "-0.8,0");
        } else if (c.copy > 1 && c.leg == 0) {
          label(fmt::format("{} again: {}", number, msText(t1)), x1, t1, "right", "#D55E00",
                "-0.8,0");
        }
        first = false;
        if (c.arrived == TimePoint::max()) {
          // Where on the leg it was lost is not to scale: half way, at half a usual crossing's
          // time.
          const double xm = x1 + 0.45 * (x2 - x1);
          const double tm = t1 + 0.45 * usual(p, c.leg);
          row("lost", index, x1, t1, xm, tm, number, c.copy, c.lostAt, p.variant);
          label("lost", xm, tm, "left", "#D55E00", "0.9,-0.2");
          continue;
        }
        const double t2 = p.ms(c.arrived);
        row(c.copy > 1 ? "again" : "sent", index, x1, t1, x2, t2, number, c.copy, {}, p.variant);
        if (c.delivered != TimePoint::max() && c.delivered > c.arrived) {
          const double t3 = p.ms(c.delivered);
          row("held", index, x2, t2, x2, t3, number, c.copy, {}, p.variant);
          label(fmt::format("{} held back", number), x2, t2 + 0.5 * (t3 - t2), "left", "#8C3D00",
                "0.8,0.45");
          label(msText(t3 - t2), x2, t2 + 0.5 * (t3 - t2), "left", "#8C3D00", "0.8,-0.55");
        }
      }
      end_ = std::max(end_, f.received == TimePoint::max() ? 0 : p.ms(f.received));
    }
    arrivals(p);
  }

  // What the receiver got and when; those that came together share a line.
  void arrivals(const Panel& p) {
    const double x = p.lane(static_cast<std::int32_t>(p.stream->legs.size()));
    std::vector<std::pair<double, std::string>> lines;
    for (const FrameTrace& f : p.stream->trace) {
      if (f.fate == FrameFate::lost) {
        // Where it would have come.
        double t = p.ms(f.sent);
        for (std::int32_t leg = 0; leg < static_cast<std::int32_t>(p.stream->legs.size()); ++leg) {
          t += usual(p, leg);
        }
        lines.emplace_back(t, fmt::format("{}: never{}", numberOf(p, f), kConcealedText));
      } else if (f.fate != FrameFate::inFlight) {
        lines.emplace_back(p.ms(f.received),
                           fmt::format("{}: {}{}", numberOf(p, f), msText(p.ms(f.received)),
                                       f.fate == FrameFate::late ? kConcealedLateText : ""));
      }
    }
    std::stable_sort(lines.begin(), lines.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    double at = -1e9;
    int below = 0;
    for (const auto& [t, text] : lines) {
      below = t - at < 0.02 * std::max(end_, 1.0) ? below + 1 : 0;
      if (below == 0) at = t;
      label(text, x, at, "left",
            text.ends_with(kConcealedText) || text.ends_with(kConcealedLateText) ? "#D55E00"
                                                                                 : "#222222",
            fmt::format("0.8,{}", decimal(-1.05 * below)));
    }
  }

  // Time that a packet which gets there takes over the leg.
  static double usual(const Panel& p, std::int32_t leg) {
    for (const FrameTrace& f : p.stream->trace) {
      for (const LegCrossing& c : f.crossings) {
        if (c.leg == leg && c.arrived != TimePoint::max())
          return (c.arrived - c.sent).milliseconds();
      }
    }
    return 10;
  }

  results::CsvWriter csv_;
  std::vector<Label> labels_;
  double end_ = 0;
};

std::string titleOf(const std::vector<Panel>& panels) {
  double held = 0;
  std::string heldIn;
  for (const Panel& p : panels) {
    for (const FrameTrace& f : p.stream->trace) {
      for (const LegCrossing& c : f.crossings) {
        if (c.arrived == TimePoint::max() || c.delivered == TimePoint::max()) continue;
        const double ms = (c.delivered - c.arrived).milliseconds();
        if (ms > held) {
          held = ms;
          heldIn = p.variant;
        }
      }
    }
  }
  if (held > 0) {
    return fmt::format("TCP holds back what comes after a lost packet: {} in {}", msText(held),
                       heldIn);
  }
  return "Packet by packet, from sender to receiver";
}

Lanes lanesOf(const Panel& panel) {
  Lanes lanes;
  lanes.variant = panel.variant;
  const auto last = static_cast<std::int32_t>(panel.stream->legs.size());
  for (std::int32_t i = 0; i <= last; ++i) {
    lanes.at.push_back(panel.lane(i));
    lanes.names.push_back(laneName(*panel.stream, i));
  }
  for (const metrics::Leg& leg : panel.stream->legs)
    lanes.transports.emplace_back(leg.transport == "tcp" ? "TCP" : "UDP");
  return lanes;
}

}  // namespace

Found<Data> dataOf(const results::Result& result) {
  std::vector<Panel> panels = panelsOf(result);
  if (panels.empty()) {
    return {std::nullopt,
            fmt::format("no trace of at most {} packets with their legs", kMostFrames)};
  }
  if (panels.size() > kMostPanels) panels.resize(kMostPanels);
  // A panel is 1 wide; its pixels are room for text on both sides and the legs between.
  std::size_t legs = 1;
  for (const Panel& p : panels) legs = std::max(legs, p.stream->legs.size());
  constexpr int kBefore = 110;
  constexpr int kAfter = 130;
  constexpr int kLegWidth = 150;
  Data data;
  data.panelWidth = kBefore + kLegWidth * static_cast<int>(legs) + kAfter;
  for (std::size_t i = 0; i < panels.size(); ++i) {
    panels[i].left = static_cast<double>(i) + static_cast<double>(kBefore) / data.panelWidth;
    panels[i].width = static_cast<double>(kLegWidth) *
                      static_cast<double>(panels[i].stream->legs.size()) / data.panelWidth;
    data.panels.push_back(lanesOf(panels[i]));
  }
  const Drawing drawing(panels);
  const StreamRecord& s = *panels.front().stream;
  data.title = titleOf(panels);
  data.subtitle = fmt::format("{} to {}; time runs downwards, counted from the first packet; {}",
                              s.from, s.to, result.title.empty() ? result.scenario : result.title);
  data.labels = drawing.labels();
  data.end = drawing.end();
  data.table = drawing.data();
  return {std::move(data), {}};
}

}  // namespace callflow::plot::sequence
