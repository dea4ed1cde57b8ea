#include "src/plot/call_events/data.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "src/plot/figure.h"
#include "src/results/call_story.h"
#include "src/results/csv.h"
#include "src/results/number.h"

namespace callflow::plot::call_events {

namespace {

using metrics::CallRecord;
using metrics::RunRecord;
using CallKey = std::pair<std::string, int>;  // name, copy

CallKey keyOf(const CallRecord& call) {
  return {call.call, call.copy};
}

// The call to which most happened in any run: the first of them, or none.
const CallRecord* chosen(const results::Result& result) {
  const CallRecord* best = nullptr;
  std::size_t most = 0;
  for (const RunRecord& run : result.records) {
    for (const CallRecord& call : run.calls) {
      const std::size_t moments = results::midCall(call).size();
      if (moments <= most) continue;
      best = &call;
      most = moments;
    }
  }
  return best;
}

// Of a variant, the first run in which anything happened to the call, or the first that has it.
std::pair<const RunRecord*, const CallRecord*> runOf(const results::Result& result,
                                                     const std::string& variant,
                                                     const CallKey& key) {
  std::pair<const RunRecord*, const CallRecord*> quiet{nullptr, nullptr};
  for (const RunRecord* run : recordsOf(result, variant)) {
    for (const CallRecord& call : run->calls) {
      if (keyOf(call) != key) continue;
      if (!results::midCall(call).empty()) return {run, &call};
      if (quiet.first == nullptr) quiet = {run, &call};
    }
  }
  return quiet;
}

struct Silence {
  double length = 0;  // s
  std::string who, variant;
};

Silence longestSilence(const std::vector<Group>& groups) {
  Silence longest;
  for (const Group& group : groups) {
    for (const Lane& lane : group.lanes) {
      for (const Band& gap : lane.silence) {
        const double length = gap.to - gap.from;
        if (length > longest.length) longest = {length, lane.participant, group.variant};
      }
    }
  }
  return longest;
}

std::string titleOf(const Data& data, const CallRecord& call) {
  const Silence longest = longestSilence(data.groups);
  const std::string in =
      data.groups.size() > 1 && !longest.variant.empty() ? " in " + longest.variant : "";
  // What is shorter is hardly noticed beside what is drawn here.
  if (longest.length >= 1)
    return fmt::format("{} hears nothing for {:.1f} s{}", longest.who, longest.length, in);
  const auto moments = results::midCall(call);
  return fmt::format("{}: {}", call.call, results::wordsOf(moments, call.participants.size(), 2));
}

std::string tableOf(const Data& data) {
  results::CsvWriter csv({"y", "band", "what", "from[s]", "to[s]", "variant", "participant"});
  for (const Group& group : data.groups) {
    for (const Lane& lane : group.lanes) {
      const auto row = [&](const char* band, const std::string& what, double from, double to) {
        csv.row({results::numberText(lane.y), band, what, results::numberText(from),
                 results::numberText(to), group.variant, lane.participant});
      };
      for (const Band& b : lane.states) row("state", b.what, b.from, b.to);
      for (const Band& b : lane.paths) row("path", b.what, b.from, b.to);
      for (const Band& b : lane.silence) row("silence", "", b.from, b.to);
      for (const double at : lane.restarts) row("restart", "", at, at);
      if (!lane.end.empty() && !lane.states.empty())
        row("ended", lane.end, lane.states.back().to, lane.states.back().to);
    }
  }
  return csv.text();
}

}  // namespace

Found<Data> dataOf(const results::Result& result) {
  const CallRecord* const call = chosen(result);
  if (call == nullptr)
    return {std::nullopt, "nothing happened to the connections of calls once they stood"};
  Data data;
  data.start = call->start.seconds();
  std::vector<std::string> runs;
  double y = 0;
  for (const std::string& variant : variantsWithRuns(result)) {
    const auto [run, here] = runOf(result, variant, keyOf(*call));
    if (run == nullptr) continue;
    Group group{variant, lanesOf(*run, *here)};
    if (group.lanes.empty()) continue;
    y += kHeader;
    for (Lane& lane : group.lanes) {
      lane.y = std::exchange(y, y + 1);
      for (const Band& state : lane.states) data.end = std::max(data.end, state.to);
    }
    runs.push_back(std::to_string(run->replication));
    data.groups.push_back(std::move(group));
  }
  if (data.groups.empty()) return {std::nullopt, "no client of the call noted its connection"};
  data.title = titleOf(data, *call);
  const bool same = std::all_of(runs.begin(), runs.end(),
                                [&](const std::string& run) { return run == runs.front(); });
  data.subtitle = fmt::format("{}, {} {}; {}", call->call, same ? "run" : "runs",
                              same ? runs.front() : fmt::format("{}", fmt::join(runs, ", ")),
                              result.title.empty() ? result.scenario : result.title);
  data.table = tableOf(data);
  return {std::move(data), {}};
}

}  // namespace callflow::plot::call_events
