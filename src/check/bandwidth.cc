#include "src/check/bandwidth.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "models/fabric/trace.h"
#include "src/check/rules.h"
#include "src/check/ways.h"

namespace callflow::check {
namespace {

using topology::LinkKind;

// "Prepare your organization's network for Azure Communication Services": 40 kbit/s for audio of
// the JavaScript SDK, which web clients use (30 kbit/s of the native ones).
constexpr DataRate kAudio = DataRate::kbps(40);

// When streams begin (+1) and end (-1).
using Changes = std::vector<std::pair<Duration, std::int64_t>>;

std::int64_t mostAtOnce(Changes changes) {
  // What ends as another begins is not beside it.
  std::sort(changes.begin(), changes.end());
  std::int64_t now = 0, most = 0;
  for (const auto& [when, step] : changes) {
    now += step;
    most = std::max(most, now);
  }
  return most;
}

bool sends(const topology::Call& call, const std::string& element) {
  const std::string name = element.substr(0, element.find('@'));
  return call.senders.empty() ||
         std::any_of(call.senders.begin(), call.senders.end(), [&](const std::string& sender) {
           return sender == name || sender == element;
         });
}

// Whether a path carries a stream. A media processor mixes the audio of a call: one stream goes to
// each participant, if anybody else sends.
bool carries(const Context& context, const topology::Call& call, const explain::CallPlan& plan,
             const explain::MediaPath& path) {
  const auto nameOf = [&](topology::ElementId id) { return context.graph().element(id).name; };
  if (plan.mediaProcessor != path.from) return sends(call, nameOf(path.from));
  return std::any_of(call.participants.begin(), call.participants.end(),
                     [&](const topology::Participant& who) {
                       const std::string name = who.name + "@" + who.site;
                       return name != nameOf(path.to) && sends(call, name);
                     });
}

DataRate rateOf(const topology::LinkDirection& direction) {
  if (!direction.trace || !direction.trace->trace) return direction.rate;
  const fabric::Trace& trace = *direction.trace->trace;
  double bits = 0;
  for (std::size_t i = 0; i < trace.steps.size(); ++i) {
    const Duration end = i + 1 < trace.steps.size() ? trace.steps[i + 1].at : trace.period;
    if (!trace.steps[i].rate) return direction.rate;
    bits += static_cast<double>(trace.steps[i].rate->count()) * (end - trace.steps[i].at).seconds();
  }
  return DataRate::kbps(static_cast<std::int64_t>(bits / trace.period.seconds() / 1e3));
}

// Of which the share is so much, rounded up to a tenth of a Mbit/s.
DataRate rateFor(DataRate needed, Ratio share) {
  const double exact = static_cast<double>(needed.count()) / share.value();
  constexpr double kStep = 1e5;
  return DataRate::bitsPerSecond(static_cast<std::int64_t>(std::ceil(exact / kStep) * kStep));
}

bool isLine(LinkKind kind) {
  return kind == LinkKind::access || kind == LinkKind::uplink || kind == LinkKind::wan ||
         kind == LinkKind::peering;
}

}  // namespace

std::vector<LinkLoad> linkLoads(const Context& context) {
  const topology::NetworkGraph& graph = context.graph();
  std::map<topology::DirectedLinkId, Changes> streams;
  for (std::size_t i = 0; i < context.calls().size(); ++i) {
    const topology::Call& call = context.calls()[i];
    const explain::CallPlan& plan = context.plans()[i];
    for (const explain::MediaPath& path : plan.paths) {
      if (!carries(context, call, plan, path)) continue;
      for (const explain::Leg& leg : path.legs) {
        for (const topology::DirectedLinkId id : allLinks(graph, leg.links)) {
          streams[id].emplace_back(call.start, 1);
          streams[id].emplace_back(call.start + call.setup + call.duration, -1);
        }
      }
    }
  }
  std::vector<LinkLoad> loads;
  for (auto& [id, changes] : streams) {
    const topology::DirectedLink& link = graph.link(id);
    const DataRate capacity = rateOf(link.parameters);
    if (!isLine(link.kind) || capacity.isUnlimited()) continue;
    const std::int64_t most = mostAtOnce(std::move(changes));
    loads.push_back({id, toText(link), most, DataRate::bitsPerSecond(kAudio.count() * most),
                     DataRate::bitsPerSecond(static_cast<std::int64_t>(
                         static_cast<double>(capacity.count()) * context.share().value())),
                     capacity});
  }
  return loads;
}

std::vector<Finding> findNarrowLinks(const Context& context) {
  const topology::NetworkGraph& graph = context.graph();
  std::vector<Finding> findings;
  const std::vector<LinkLoad> loads = linkLoads(context);
  const auto narrow = [&](topology::DirectedLinkId id) {
    const auto found = std::find_if(loads.begin(), loads.end(),
                                    [&](const LinkLoad& each) { return each.link == id; });
    return found != loads.end() && found->isNarrow() ? &*found : nullptr;
  };
  for (const LinkLoad& load : loads) {
    if (!load.isNarrow()) continue;
    const topology::DirectedLink& link = graph.link(load.link);
    const bool up = link.direction == topology::Direction::up;
    // Both directions are told once, by the one that is narrower.
    const LinkLoad* const other = narrow(link.reverse);
    const auto excess = [](const LinkLoad& one) {
      return static_cast<double>(one.needed.count()) / static_cast<double>(one.allowed.count());
    };
    if (other != nullptr &&
        (excess(*other) > excess(load) || (excess(*other) == excess(load) && !up)))
      continue;
    const topology::Site* const site =
        siteNamed(context.topology(), graph.element(up ? link.from : link.to).site);
    findings.push_back(
        {.severity = Severity::warning,
         .pos = site != nullptr ? site->pos : SourcePos{},
         .subject = load.name,
         .problem = std::to_string(load.streams) + " audio streams at once need " +
                    toText(load.needed) + " of " + load.name + "; " + toText(context.share()) +
                    " of its " + toText(load.capacity) + " are " + toText(load.allowed),
         .effect = load.needed > load.capacity ? "the line cannot carry them: media is lost"
                                               : "media competes with what else the line carries",
         .advice = "a line of " + toText(rateFor(load.needed, context.share())) +
                   ", fewer calls over it, or a larger --share where it carries "
                   "little else"});
  }
  return findings;
}

}  // namespace callflow::check
