#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "src/cli/exit_code.h"
#include "src/cli/explain_options.h"
#include "src/cli/json.h"
#include "src/cli/loading.h"
#include "src/cli/output.h"
#include "src/cli/verb.h"
#include "src/compare/wrap.h"
#include "src/explain/fix.h"
#include "src/explain/signaling_reach.h"
#include "src/sim/found_calls.h"
#include "src/sim/run.h"

namespace callflow::cli {
namespace {

using Json = nlohmann::ordered_json;
using topology::Case;

// What a call gets: the longest base delay of all its paths, and the worst score of a short run in
// which there are no other calls: so much that paths can be told apart, not what `run` would say.
struct Outlook {
  Duration delay;
  double mos = 0;
};
constexpr Duration kRun = Duration::s(10);

double scoreOf(const Case& one, std::size_t number) {
  Case alone = one;
  alone.calls = {one.calls[number]};
  topology::Call& call = alone.calls.front();
  call.duration = std::min(call.duration, kRun);
  sim::RunOptions options;
  options.drain = Duration::s(2);
  const metrics::RunRecord record = sim::simulate(alone, options);
  double worst = std::numeric_limits<double>::infinity();
  for (const metrics::StreamRecord& stream : record.streams) {
    const double mos = stream.totals[metrics::MetricId::audio_mos];
    if (!std::isnan(mos)) worst = std::min(worst, mos);
  }
  return worst;
}

std::optional<Outlook> outlookOf(const topology::NetworkGraph& graph, const Case& one,
                                 std::size_t number, const explain::CallPlan& plan) {
  if (!explain::classOf(plan)) return std::nullopt;
  Outlook worst{{}, scoreOf(one, number)};
  for (const explain::MediaPath& path : plan.paths) {
    Duration delay;
    for (const explain::Leg& leg : path.legs) delay += graph.baseDelay(leg.links);
    worst.delay = std::max(worst.delay, delay);
  }
  return worst;
}

struct Told {
  explain::Fix fix;
  std::optional<Outlook> after;
};

struct CallFixes {
  std::string call;
  explain::FixSearch search;
  std::optional<Outlook> before;
  std::vector<Told> fixes;
  std::vector<std::string> allowed;  // kinds of path; none: all
  // "alice@hq's signaling: wall refuses ...": with these there is no call, whatever path there is.
  std::vector<std::string> signaling;
};

// All calls of a case, and what their signaling meets.
std::vector<explain::CallPlan> plansOf(const topology::NetworkGraph& graph, const Case& one) {
  auto plans = sim::findCalls(graph, one);
  for (std::size_t i = 0; i < plans.size(); ++i)
    if (one.calls[i].copy == 0)
      explain::addSignalingRefusals(graph, one.topology, one.calls[i], plans[i]);
  return plans;
}

// The case with what is to be written written, read as a user's file is. What only a variant has
// cannot be set for the whole file: then as the search has changed it.
Case changedBy(const std::string& file, const Case& one, const explain::Fix& fix) {
  topology::Overrides overrides;
  for (const explain::Setting& setting : fix.settings)
    overrides.settings.push_back({setting.key, setting.value});
  overrides.variants = {one.variant};
  Diagnostics unheard;
  auto scenario = topology::loadScenario(file, unheard, overrides);
  if (scenario && !scenario->cases.empty()) return std::move(scenario->cases.front());
  Case changed = one;
  changed.topology = fix.topology;
  return changed;
}

CallFixes fixesOf(const std::string& file, const Case& one, std::size_t number,
                  const topology::NetworkGraph& graph, const explain::CallPlan& plan) {
  CallFixes all{plan.call, explain::findFixes(one, number, plan), {}, {}, {}, {}};
  for (const explain::Signaling& each : plan.signaling)
    if (!each.refused.empty())
      all.signaling.push_back(graph.element(each.participant).name +
                              "'s signaling: " + each.refused);
  const auto& paths = one.calls[number].paths;
  if (paths.size() < std::size(topology::kPathKindNames))
    for (const topology::PathKind kind : paths) all.allowed.emplace_back(topology::name(kind));
  if (!all.search.fixes.empty()) all.before = outlookOf(graph, one, number, plan);
  for (explain::Fix& fix : all.search.fixes) {
    // What is promised is what the changed network gives, among all calls.
    const Case changed = changedBy(file, one, fix);
    const topology::NetworkGraph then =
        topology::NetworkGraph::ofCalls(changed.topology, changed.calls);
    const auto plans = plansOf(then, changed);
    if (explain::classOf(plans[number]) != fix.after) continue;
    const auto after = outlookOf(then, changed, number, plans[number]);
    // Nothing was heard: the call's agents do not find the path that was planned.
    if (after && std::isinf(after->mos)) continue;
    all.fixes.push_back({std::move(fix), after});
  }
  return all;
}

std::string outlookText(const std::optional<Outlook>& before, const std::optional<Outlook>& after) {
  const auto delay = [](const std::optional<Outlook>& of) {
    return of ? topology::roundedText(of->delay) : std::string("none");
  };
  const auto mos = [](const std::optional<Outlook>& of) {
    return of ? fmt::format("{:.2f}", of->mos) : std::string("none");
  };
  return fmt::format("base delay {} -> {}, MOS in a run of {:g} s {} -> {}", delay(before),
                     delay(after), kRun.seconds(), mos(before), mos(after));
}

std::string whyNothing(const CallFixes& all) {
  if (all.allowed.empty()) return "no box, proxy, tunnel or route stands in the way";
  return "the call may use no other path than " + listed(all.allowed);
}

std::string nowOf(const CallFixes& all) {
  return all.signaling.empty() ? explain::nameOf(all.search.before) : "no signaling";
}

std::string textOf(const CallFixes& all) {
  const std::string now = nowOf(all);
  if (all.search.before == explain::Class(topology::PathKind::direct))
    return "call " + all.call + ": direct, nothing to mend\n";
  std::string text = "call " + all.call + ": " + now + "\n";
  for (const std::string& each : all.signaling) text += "  " + each + "\n";
  if (all.fixes.empty()) {
    text +=
        "  no change of rules, NATs, proxies, tunnels or routes was found that gives it a better "
        "path\n";
    for (const std::string& tried : all.search.tried) text += "  tried: " + tried + "\n";
    if (all.search.tried.empty()) text += "  tried: nothing, as " + whyNothing(all) + "\n";
  }
  for (const Told& told : all.fixes) {
    text += fmt::format("\n  {} -> {}: {}\n", now, explain::nameOf(told.fix.after),
                        counted(told.fix.changes.size(), "change"));
    for (const std::string& change : told.fix.changes) text += "    " + change + "\n";
    text += "    " + outlookText(all.before, told.after) + "\n    change:\n";
    for (const explain::Setting& setting : told.fix.settings)
      text += "      " + setting.key + ": " + setting.value + "\n";
  }
  if (!all.search.exhausted)
    text += fmt::format("  note: stopped after {} networks; there may be more\n", all.search.plans);
  return text;
}

Json jsonOf(const std::optional<Outlook>& outlook) {
  if (!outlook) return nullptr;
  return {{"base_delay_ms", outlook->delay.seconds() * 1000}, {"mos_short_run", outlook->mos}};
}

Json jsonOf(const CallFixes& all) {
  Json fixes = Json::array();
  for (const Told& told : all.fixes) {
    Json change = Json::object();
    for (const explain::Setting& setting : told.fix.settings) change[setting.key] = setting.value;
    fixes.push_back({{"path", explain::nameOf(told.fix.after)},
                     {"changes", told.fix.changes},
                     {"change", std::move(change)},
                     {"after", jsonOf(told.after)}});
  }
  return {{"call", all.call},
          {"path", explain::nameOf(all.search.before)},
          {"signaling_refused", all.signaling},
          {"before", jsonOf(all.before)},
          {"fixes", std::move(fixes)},
          {"tried", all.search.tried},
          {"exhausted", all.search.exhausted}};
}

void checkCall(const Case& one, const ExplainOptions& options) {
  std::vector<std::string> names;
  for (const topology::Call& call : one.calls) names.push_back(call.name);
  if (options.call.empty() || std::find(names.begin(), names.end(), options.call) != names.end())
    return;
  throw UsageError(options.files.front() + " has no call \"" + options.call + "\"" +
                   didYouMean(options.call, names) + " (it has " + listed(names) + ")");
}

}  // namespace

int explainFixes(const ExplainOptions& options) {
  if (options.files.size() > 1 || !options.against.empty())
    throw UsageError("--fix mends one file: leave the other out, and --against");
  const std::string& file = options.files.front();
  const auto cases = loadCases(file, options.variant, "nothing was explained");
  if (!cases) return exitBadInput;
  if (cases->front().variant.empty())
    throw UsageError(file + " is a topology, and there is no call to mend: name a scenario");
  std::string text;
  Json variants = Json::array();
  for (const Case& one : *cases) {
    // Cells of a sweep differ in the figures of links.
    if (&one != &cases->front() && one.base == (&one - 1)->base) continue;
    checkCall(one, options);
    const topology::NetworkGraph graph = topology::NetworkGraph::ofCalls(one.topology, one.calls);
    const auto plans = plansOf(graph, one);
    if (cases->size() > 1) text += (text.empty() ? "" : "\n") + ("variant " + one.variant) + "\n";
    Json calls = Json::array();
    for (std::size_t i = 0; i < plans.size(); ++i) {
      if (one.calls[i].copy > 0) continue;  // as the first
      if (!options.call.empty() && plans[i].call != options.call) continue;
      const CallFixes all = fixesOf(file, one, i, graph, plans[i]);
      text += textOf(all);
      calls.push_back(jsonOf(all));
    }
    variants.push_back({{"variant", one.variant}, {"calls", std::move(calls)}});
  }
  printResult(options.json() ? jsonText({{"variants", std::move(variants)}}) : text);
  return exitFine;
}

}  // namespace callflow::cli
