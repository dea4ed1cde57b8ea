// Private peerings (ExpressRoute): one way forth and back, and the marks that cross it.
#include <algorithm>

#include "src/check/rules.h"
#include "src/check/ways.h"

namespace callflow::check {
namespace {

using topology::ElementKind;
using topology::LinkKind;

// Behind no NAT of these.
bool showsItself(const Context& context, const std::vector<std::string>& perimeter) {
  return std::none_of(perimeter.begin(), perimeter.end(), [&](const std::string& name) {
    return topology::BoxKinds::role(deviceNamed(context.topology(), name).kind).translates;
  });
}

// The site whose peering a route takes.
const std::string* peeringOf(const topology::NetworkGraph& graph, const topology::Route& route) {
  for (const topology::DirectedLinkId id : route) {
    const topology::DirectedLink& link = graph.link(id);
    if (link.kind != LinkKind::peering) continue;
    const bool up = link.direction == topology::Direction::up;
    return &graph.element(up ? link.from : link.to).site;
  }
  return nullptr;
}

// What a person reaches in Azure by a peering, and what over the Internet.
struct Ways {
  std::string peeringOf;  // a site
  std::vector<std::string> closed, open;
  std::string differs;  // a server that is reached by one and answers by the other
};

Ways waysOf(const Context& context, const Person& person) {
  const topology::NetworkGraph& graph = context.graph();
  Ways ways;
  for (const topology::Element& element : graph.elements()) {
    const bool server =
        element.kind == ElementKind::relay || element.kind == ElementKind::mediaProcessor;
    if (!server || element.own) continue;
    const auto out = graph.route(person.element, element.id);
    const auto back = graph.route(element.id, person.element);
    if (!out || !back) continue;
    const std::string* const there = peeringOf(graph, *out);
    const std::string* const home = peeringOf(graph, *back);
    if ((there == nullptr) != (home == nullptr)) ways.differs = element.name;
    if (there != nullptr || home != nullptr) ways.peeringOf = there != nullptr ? *there : *home;
    (there != nullptr ? ways.closed : ways.open).push_back(element.name);
  }
  return ways;
}

}  // namespace

std::vector<Finding> findAsymmetricWays(const Context& context) {
  std::vector<Finding> findings;
  const auto& sites = context.topology().sites;
  if (std::none_of(sites.begin(), sites.end(), [](const auto& s) { return s.second.peering; }))
    return findings;
  for (const Person& person : context.people()) {
    const Ways ways = waysOf(context, person);
    if (ways.peeringOf.empty()) continue;
    const topology::Site& exit = *siteNamed(context.topology(), ways.peeringOf);
    Finding finding{
        .severity = Severity::warning, .pos = person.site->pos, .subject = person.siteName};
    if (!ways.differs.empty()) {
      finding.problem = person.siteName + " reaches " + ways.differs +
                        " by one of peering and Internet and is answered by the other";
      finding.effect = "boxes that have not seen the first packet drop the answer";
      finding.advice =
          "let the peering advertise the addresses of what leaves by it, and no others "
          "(advertises: [peering])";
    } else if (!ways.open.empty()) {
      finding.problem = "routes of " + person.siteName + " lead to " + listed(ways.closed) +
                        " by peering, and to " + listed(ways.open) + " over the Internet";
      finding.effect = "one part of the service sees another address of a client than the other";
      finding.advice = "routes: [{to: azure, by: peering}] for the whole range, or none";
    } else if (exit.uplink && showsItself(context, exit.perimeter) &&
               showsItself(context, exit.peering->perimeter)) {
      finding.pos = exit.pos;
      finding.subject = ways.peeringOf;
      finding.problem = "addresses of " + person.siteName + " are reached over " + ways.peeringOf +
                        "'s peering and over its uplink alike";
      finding.effect =
          "what goes out by one may come back by the other, where a stateful box "
          "drops it";
      finding.advice =
          "give the peering a NAT of its own, with addresses that are announced there "
          "only";
    } else {
      continue;
    }
    findings.push_back(std::move(finding));
  }
  return findings;
}

std::vector<Finding> findRewrittenMarks(const Context& context) {
  // Audio, video, screen share, files, all else.
  constexpr std::uint8_t kKept[] = {46, 34, 18, 10, 0};
  std::vector<Finding> findings;
  std::vector<std::string> told;
  for (std::size_t i = 0; i < context.calls().size(); ++i) {
    const topology::Call& call = context.calls()[i];
    if (std::find(std::begin(kKept), std::end(kKept), call.dscp.value) != std::end(kKept)) continue;
    if (std::find(told.begin(), told.end(), call.name) != told.end()) continue;
    const auto& paths = context.plans()[i].paths;
    const bool crossing = std::any_of(paths.begin(), paths.end(), [&](const auto& path) {
      return std::any_of(path.legs.begin(), path.legs.end(), [&](const explain::Leg& leg) {
        return crosses(context.graph(), leg.links, LinkKind::peering);
      });
    });
    if (!crossing) continue;
    told.push_back(call.name);
    findings.push_back({.severity = Severity::warning,
                        .pos = call.pos,
                        .subject = call.name,
                        .problem = "call " + call.name + " sends mark " +
                                   std::to_string(call.dscp.value) + " over a private peering",
                        .effect = "ExpressRoute carries 46, 34, 18, 10 and 0; others are to be "
                                  "rewritten to 0 before Microsoft",
                        .advice = "dscp: ef for audio"});
  }
  return findings;
}

}  // namespace callflow::check
