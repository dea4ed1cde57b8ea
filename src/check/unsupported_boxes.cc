// What may not stand on the way of media: VPNs, packet shapers, packet inspection. Told only where
// a call's planned path, or a site's way to Azure, really crosses it.
#include <algorithm>
#include <utility>

#include "src/check/rules.h"
#include "src/check/ways.h"

namespace callflow::check {
namespace {

using topology::LinkKind;

constexpr wire::Dscp kAudio{46};

// What crosses a device: calls, and sites on their way to Azure.
struct Crossed {
  std::string device;
  std::vector<std::string> calls, sites;
  bool toAzure = false;  // of a VPN: not only from client to client

  // "media of call chat"; sites only where no call is known to.
  std::string who() const {
    if (!calls.empty()) return "media of call " + listed(calls);
    return "media from " + listed(sites);
  }
};

// The entry of a device, in the order in which they are met.
Crossed& entryOf(std::vector<Crossed>& all, const std::string& device) {
  for (Crossed& each : all)
    if (each.device == device) return each;
  all.push_back({.device = device, .calls = {}, .sites = {}});
  return all.back();
}

// Calls `visit(route, crossed-by)` for each leg of each call and for each site's way to Azure.
template <class Visit>
void eachRoute(const Context& context, Visit&& visit) {
  for (const explain::CallPlan& plan : context.plans())
    for (const explain::MediaPath& path : plan.paths)
      for (const explain::Leg& leg : path.legs)
        if (!explain::isPstn(context.graph(), leg)) visit(leg.links, plan.call, std::string());
  for (const Person& person : context.people()) {
    visit(person.out, std::string(), person.siteName);
    visit(person.back, std::string(), person.siteName);
  }
}

void note(Crossed& crossed, const std::string& call, const std::string& site) {
  if (!call.empty()) addOnce(crossed.calls, call);
  if (!site.empty()) addOnce(crossed.sites, site);
}

// Those of a kind, each with who crosses it.
template <class Kind>
std::vector<Crossed> devicesCrossed(const Context& context) {
  std::vector<Crossed> crossings;
  eachRoute(context,
            [&](const topology::Route& route, const std::string& call, const std::string& site) {
              for (const Passed& passed : devicesOn(context, route))
                if (std::holds_alternative<Kind>(passed.device->kind))
                  note(entryOf(crossings, std::string(passed.name)), call, site);
            });
  return crossings;
}

// A queue that lets media go before all else is what QoS asks for, though a shaper does it.
bool putsMediaFirst(const shaper::Shaping& shaping, wire::Dscp mark) {
  for (std::size_t i = 0; i < shaping.classes.size(); ++i) {
    const shaper::TrafficClass& each = shaping.classes[i];
    const bool last = i + 1 == shaping.classes.size();
    const bool takesMedia = wire::contains(each.dscp, mark) &&
                            wire::contains(each.protocol, wire::Protocol::udp) &&
                            wire::contains(each.ports, wire::kStunPort);
    if (takesMedia || last) return each.strict;
  }
  return false;
}

Finding unsupported(const Context& context, const Crossed& crossed, const std::string& what) {
  return {.pos = deviceNamed(context.topology(), crossed.device).pos,
          .subject = crossed.device,
          .problem = crossed.who() + " goes through " + crossed.device + ", " + what,
          .effect = "not supported: it delays, reorders or drops media"};
}

}  // namespace

std::vector<Finding> findMediaInVpns(const Context& context) {
  const topology::NetworkGraph& graph = context.graph();
  std::vector<Crossed> crossings;
  eachRoute(context, [&](const topology::Route& route, const std::string&, const std::string&) {
    const auto ofAzure = [&](topology::DirectedLinkId id) {
      const LinkKind kind = graph.link(id).kind;
      return kind == LinkKind::inside || kind == LinkKind::backbone || kind == LinkKind::peering;
    };
    for (const topology::DirectedLinkId id : route) {
      if (graph.link(id).kind != LinkKind::tunnel) continue;
      // Of the tunnel's two ends one is the client, a device of the gateway's name.
      Crossed& crossed = entryOf(crossings, graph.element(graph.link(id).from).device);
      // By site, as what its calls do depends on more than the tunnel.
      const std::string user = graph.element(graph.link(id).from).part == fabric::BoxPart::client
                                   ? graph.element(graph.link(id).from).site
                                   : graph.element(graph.link(id).to).site;
      addOnce(crossed.sites, user);
      crossed.toAzure = crossed.toAzure || std::any_of(route.begin(), route.end(), ofAzure);
    }
  });
  std::vector<Finding> findings;
  for (const Crossed& crossed : crossings) {
    const auto& vpn = std::get<vpn::Vpn>(deviceNamed(context.topology(), crossed.device).kind);
    const std::string pool =
        topology::ipv4Text(vpn.clients.address.value) + "/" + std::to_string(vpn.clients.length);
    const std::string between =
        "rules: [{deny: udp, to: " + pool + "}], so that clients of the VPN meet at a relay";
    Finding finding = unsupported(context, crossed, "a VPN");
    finding.effect =
        "not supported: media is encrypted twice, goes the long way and competes at the gateway";
    finding.advice = crossed.toAzure
                         ? "split the tunnel around Azure's media range: except: [azure]"
                         : "keep calls between clients out of it: " + between;
    findings.push_back(std::move(finding));
  }
  return findings;
}

std::vector<Finding> findShapers(const Context& context) {
  std::vector<Finding> findings;
  for (const Crossed& crossed : devicesCrossed<shaper::Shaper>(context)) {
    const auto& box =
        std::get<shaper::Shaper>(deviceNamed(context.topology(), crossed.device).kind);
    Finding finding = unsupported(context, crossed, "a packet shaper");
    // It only marks.
    if (box.up.rate.isUnlimited() && box.down.rate.isUnlimited()) continue;
    const wire::Dscp mark = context.calls().empty() ? kAudio : context.calls().front().dscp;
    const auto fine = [&](const shaper::Shaping& one) {
      return one.rate.isUnlimited() || putsMediaFirst(one, mark);
    };
    if (fine(box.up) && fine(box.down)) {
      finding.severity = Severity::info;
      finding.problem += " that sends it first";
      finding.effect = "supported as a queue of the line's own; as a shaper it is not";
      finding.advice = "let it limit nothing but what stands behind media";
    } else {
      finding.advice =
          "take it off the way of what goes to 20.202.0.0/16, or send media there in "
          "a class that is strict (dscp: ef in call and class)";
    }
    findings.push_back(std::move(finding));
  }
  return findings;
}

std::vector<Finding> findInspectors(const Context& context) {
  std::vector<Finding> findings;
  for (const Crossed& crossed : devicesCrossed<inspector::Inspector>(context)) {
    Finding finding = unsupported(context, crossed, "which inspects packets");
    finding.advice = "exempt UDP 3478-3481 and TCP 443 to 20.202.0.0/16, or lead them around it";
    findings.push_back(std::move(finding));
  }
  return findings;
}

}  // namespace callflow::check
