#include "src/compare/group_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <string_view>
#include <utility>

#include "src/metrics/statistics.h"
#include "src/results/format.h"

namespace callflow::compare {

namespace {

using metrics::CallRecord;
using metrics::MetricId;
using metrics::StreamRecord;
using Runs = std::vector<const metrics::RunRecord*>;

constexpr std::size_t kWorst = 10;
// What is told of each, of all that it hears and sees.
constexpr std::array kTold{MetricId::audio_mos, MetricId::audio_one_way_delay_p95,
                           MetricId::audio_concealed_ratio, MetricId::video_frame_rate,
                           MetricId::video_freeze_ratio};
constexpr std::size_t kMos = 0, kFrames = 3;
using Figures = std::array<std::vector<double>, kTold.size()>;

struct Receiver {
  std::string call, name, leg;
  Figures figures;

  std::string site() const { return name.substr(name.find('@') + 1); }
  double mean(std::size_t told) const { return metrics::mean(figures[told]); }
};

bool isLarge(const CallRecord& call) {
  return call.group && call.participants.size() > kSmallGroup;
}

const CallRecord* largeGroupOf(const metrics::RunRecord& run, const StreamRecord& stream) {
  for (const CallRecord& call : run.calls)
    if (call.call == stream.call && isLarge(call)) return &call;
  return nullptr;
}

// Of the way from the media processor to who hears.
std::string legOf(const CallRecord& call, const StreamRecord& stream) {
  std::size_t first = stream.legs.size();
  for (std::size_t i = 0; i < stream.legs.size(); ++i)
    if (stream.legs[i].from == call.mediaProcessor) first = i;
  if (first == stream.legs.size()) return "-";
  const bool tcp =
      std::any_of(stream.legs.begin() + static_cast<std::ptrdiff_t>(first), stream.legs.end(),
                  [](const metrics::Leg& leg) { return leg.transport == "tcp"; });
  switch (stream.legs.size() - first) {
    case 1:
      return tcp ? "TCP" : "UDP";
    case 2:
      return tcp ? "relay, TCP" : "relay, UDP";
    default:
      return "relay, proxy";
  }
}

std::vector<Receiver> receiversOf(const Runs& runs) {
  std::vector<Receiver> receivers;
  std::map<std::pair<std::string, std::string>, std::size_t> places;
  for (const auto* const run : runs) {
    for (const StreamRecord& stream : run->streams) {
      const CallRecord* const call = largeGroupOf(*run, stream);
      if (call == nullptr) continue;
      const auto [place, isNew] = places.try_emplace({stream.call, stream.to}, receivers.size());
      if (isNew) receivers.push_back({stream.call, stream.to, legOf(*call, stream), {}});
      for (std::size_t i = 0; i < kTold.size(); ++i) {
        const double value = stream.totals[kTold[i]];
        if (!std::isnan(value)) receivers[place->second].figures[i].push_back(value);
      }
    }
  }
  return receivers;
}

// How far somebody is from who fares best, in sound or in picture, as a share.
double shortfall(const Receiver& one, double bestMos, double bestFrames) {
  const double mos = one.mean(kMos), frames = one.mean(kFrames);
  double worst = 0;
  if (bestMos > 1 && !std::isnan(mos)) worst = std::max(worst, (bestMos - mos) / (bestMos - 1));
  if (bestFrames > 0 && !std::isnan(frames)) worst = std::max(worst, 1 - frames / bestFrames);
  return worst;
}

double bestOf(const std::vector<Receiver>& receivers, std::size_t told) {
  double best = 0;
  for (const Receiver& one : receivers) best = std::fmax(best, one.mean(told));
  return best;
}

std::vector<std::string> cells(const std::vector<const Receiver*>& of) {
  std::vector<std::string> result;
  for (std::size_t i = 0; i < kTold.size(); ++i) {
    std::vector<double> values;
    for (const Receiver* const one : of)
      if (!one->figures[i].empty()) values.push_back(one->mean(i));
    result.push_back(values.empty()
                         ? "-"
                         : results::valueText(metrics::metric(kTold[i]), metrics::mean(values)));
  }
  return result;
}

using Cells = std::vector<std::string>;

Table tableOf(Cells head) {
  std::vector<Align> columns(head.size() + kTold.size(), Align::right);
  columns[0] = columns[1] = Align::left;
  Table table(std::move(columns));
  for (const char* const title : {"MOS", "DELAY p95", "CONCEALED", "FRAMES", "FROZEN"})
    head.emplace_back(title);
  table.row(std::move(head));
  return table;
}

void row(Table& table, Cells head, const std::vector<const Receiver*>& of) {
  for (std::string& cell : cells(of)) head.push_back(std::move(cell));
  table.row(std::move(head));
}

std::string groupsText(const std::string& variant, const std::vector<const Receiver*>& all,
                       const Layout& layout) {
  std::map<std::pair<std::string, std::string>, std::vector<const Receiver*>> groups;
  for (const Receiver* const one : all) groups[{one->site(), one->leg}].push_back(one);
  Table table = tableOf({"WHO SUFFERS in " + variant, "LEG", "PEOPLE"});
  row(table, {"all", "", std::to_string(all.size())}, all);
  for (const auto& [of, members] : groups)
    row(table, {of.first, of.second, std::to_string(members.size())}, members);
  return table.text(layout.width);
}

}  // namespace

bool hasLargeGroup(const Runs& runs) {
  return std::any_of(runs.begin(), runs.end(), [](const auto* run) {
    return std::any_of(run->calls.begin(), run->calls.end(), isLarge);
  });
}

std::string largeGroupsText(const std::string& variant, const Runs& runs, const Layout& layout) {
  const std::vector<Receiver> receivers = receiversOf(runs);
  if (receivers.empty()) return {};
  std::vector<const Receiver*> all;
  for (const Receiver& one : receivers) all.push_back(&one);
  std::string text = "\n" + groupsText(variant, all, layout);

  const double mos = bestOf(receivers, kMos), frames = bestOf(receivers, kFrames);
  std::stable_sort(all.begin(), all.end(), [&](const Receiver* a, const Receiver* b) {
    return shortfall(*a, mos, frames) > shortfall(*b, mos, frames);
  });
  const std::size_t told = layout.verbose ? all.size() : std::min(all.size(), kWorst);
  Table worst = tableOf({"WORST of " + variant, "LEG"});
  for (std::size_t i = 0; i < told; ++i) row(worst, {all[i]->name, all[i]->leg}, {all[i]});
  text += "\n" + worst.text(layout.width);
  if (told < all.size())
    text += fmt::format("all {} with -v and in summary.csv; each run's streams.csv has its own\n",
                        all.size());
  return text;
}

}  // namespace callflow::compare
