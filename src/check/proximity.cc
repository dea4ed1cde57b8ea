// How far traffic goes before it leaves, and how far off its resolver is.
//
// An HTTP proxy of a site stands in its local network, so that it is never far off.
#include <cmath>
#include <string>

#include "src/check/rules.h"
#include "src/check/ways.h"
#include "src/topology/regions.h"

namespace callflow::check {
namespace {

// 500 miles: "Microsoft 365 network connectivity test tool" counts more as a distance to mend.
constexpr double kFarKm = 800;

std::string kmText(double km) {
  return std::to_string(std::lround(km)) + " km";
}

// The site whose line to the Internet or to Azure a route takes.
const std::string* exitOf(const topology::NetworkGraph& graph, const topology::Route& route) {
  const std::string* site = nullptr;
  for (const topology::DirectedLinkId id : route) {
    const topology::DirectedLink& link = graph.link(id);
    if (link.kind == topology::LinkKind::uplink || link.kind == topology::LinkKind::peering)
      site = &graph.element(link.from).site;
  }
  return site;
}

}  // namespace

std::vector<Finding> findDistantEgress(const Context& context) {
  const topology::NetworkGraph& graph = context.graph();
  std::vector<Finding> findings;
  for (const Person& person : context.people()) {
    const std::string* const exit = exitOf(graph, person.out);
    if (exit == nullptr || *exit == person.siteName) continue;
    // Told as media in a VPN.
    if (crosses(graph, person.out, topology::LinkKind::tunnel)) continue;
    const topology::Site* const there = siteNamed(context.topology(), *exit);
    if (there == nullptr) continue;
    const double km = topology::greatCircleKm(person.site->location, there->location);
    const bool far = km > kFarKm;
    findings.push_back(
        {.severity = far ? Severity::warning : Severity::info,
         .pos = person.site->pos,
         .subject = person.siteName,
         .problem = "what " + person.siteName + " sends to Azure leaves at " + *exit + ", " +
                    kmText(km) + " away",
         .effect = far ? "relays and media processors near " + *exit +
                             " are taken, and all media goes there first"
                       : "media shares the line to " + *exit + ", and takes a detour",
         .advice = "give " + person.siteName +
                   " an uplink of its own, with routes: [{to: azure, by: uplink}] for "
                   "media alone"});
  }
  return findings;
}

std::vector<Finding> findDistantResolvers(const Context& context) {
  std::vector<Finding> findings;
  for (const Person& person : context.people()) {
    if (!person.site->resolver) continue;
    const double km = topology::greatCircleKm(person.site->location, *person.site->resolver);
    if (km <= kFarKm) continue;
    findings.push_back(
        {.severity = Severity::warning,
         .pos = person.site->pos,
         .subject = person.siteName,
         .problem = "the DNS resolver of " + person.siteName + " is " + kmText(km) + " away",
         .effect = "names resolve to relays and media processors near the resolver",
         .advice = "a resolver near " + person.siteName +
                   ": leave resolver: out where it stands at the egress"});
  }
  return findings;
}

}  // namespace callflow::check
