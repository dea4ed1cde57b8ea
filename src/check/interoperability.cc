// Servers of others between ACS endpoints, and what is asked of an SBC.
#include <algorithm>
#include <utility>

#include "src/check/documents.h"
#include "src/check/rules.h"
#include "src/check/ways.h"

namespace callflow::check {
namespace {

using Calls = std::vector<std::string>;

const topology::Server* serverNamed(const Context& context, const std::string& name) {
  for (const auto& [key, server] : context.topology().servers)
    if (key == name) return &server;
  return nullptr;
}

// The servers that calls name, each with its calls, in the order of the topology.
template <class NamesOf>
std::vector<std::pair<std::string, Calls>> serversOf(const Context& context, NamesOf&& namesOf) {
  std::vector<std::pair<std::string, Calls>> used;
  for (const auto& [name, server] : context.topology().servers) {
    Calls calls;
    for (const topology::Call& call : context.calls()) {
      const std::vector<std::string> names = namesOf(call);
      if (std::find(names.begin(), names.end(), name) != names.end()) addOnce(calls, call.name);
    }
    if (!calls.empty()) used.emplace_back(name, std::move(calls));
  }
  return used;
}

// RFC 1918 and RFC 6598.
bool isPrivate(wire::Ipv4 address) {
  constexpr wire::Prefix kPrivate[] = {{wire::Ipv4::of(10, 0, 0, 0), 8},
                                       {wire::Ipv4::of(172, 16, 0, 0), 12},
                                       {wire::Ipv4::of(192, 168, 0, 0), 16},
                                       {wire::Ipv4::of(100, 64, 0, 0), 10}};
  return wire::contains(kPrivate, address);
}

const nat::Nat* natOf(const topology::Device& device) {
  if (const auto* const plain = std::get_if<nat::Nat>(&device.kind)) return plain;
  const auto* const wall = std::get_if<firewall::Firewall>(&device.kind);
  return wall != nullptr && wall->nat ? &*wall->nat : nullptr;
}

// Whether a box on the way out gives each host a public address of its own.
bool hasOneToOne(const Context& context, const topology::Site& site) {
  return std::any_of(site.perimeter.begin(), site.perimeter.end(), [&](const std::string& name) {
    const nat::Nat* const nat = natOf(deviceNamed(context.topology(), name));
    return nat != nullptr && nat->oneToOne;
  });
}

}  // namespace

std::vector<Finding> findThirdPartyRelays(const Context& context) {
  std::vector<Finding> findings;
  const auto relays = [](const topology::Call& call) { return call.relays; };
  for (const auto& [name, calls] : serversOf(context, relays)) {
    findings.push_back(
        {.severity = Severity::warning,
         .pos = serverNamed(context, name)->pos,
         .subject = name,
         .problem = "media of call " + listed(calls) + " goes over " + name +
                    ", a relay that is not Microsoft's",
         .effect = "not supported by the documents of 2020 to 2024; that of June 2025 no longer "
                   "says so, as web clients can be given TURN servers, which then carry all media",
         .advice =
             "leave relays: out, so that the nearest relay of Microsoft's is taken, or keep " +
             name + " near its users and up"});
  }
  return findings;
}

std::vector<Finding> findThirdPartyServers(const Context& context) {
  std::vector<Finding> findings;
  const auto processor = [](const topology::Call& call) {
    return call.server ? std::vector{*call.server} : std::vector<std::string>{};
  };
  for (const auto& [name, calls] : serversOf(context, processor)) {
    findings.push_back({.pos = serverNamed(context, name)->pos,
                        .subject = name,
                        .problem = "call " + listed(calls) + " runs over " + name +
                                   ", a media server of others between ACS endpoints",
                        .effect = "not supported: between two ACS endpoints only Microsoft's media "
                                  "processors may stand",
                        .advice = "leave server: out"});
  }
  return findings;
}

std::vector<Finding> findSbcs(const Context& context) {
  std::vector<Finding> findings;
  for (const auto& [name, server] : context.topology().servers) {
    if (!std::holds_alternative<sbc::Sbc>(server.kind)) continue;
    const topology::Site* const site = siteNamed(context.topology(), server.at);
    const auto element = context.graph().find(name);
    if (element && site != nullptr && !hasOneToOne(context, *site) &&
        isPrivate(wire::Ipv4{context.graph().element(*element).address}))
      findings.push_back(
          {.pos = server.pos,
           .subject = name,
           .problem = name + " has the private address " +
                      topology::ipv4Text(context.graph().element(*element).address),
           .effect = "Microsoft's media processors and clients outside do not "
                     "reach it",
           .advice = "give " + server.at + " a public subnet, or a NAT with one-to-one: true"});
    findings.push_back({.severity = Severity::info,
                        .pos = server.pos,
                        .subject = name,
                        .problem = name + " is taken to end RTP, RTCP and SRTP itself",
                        .effect = "an SBC that only hands media on to the next hop is not "
                                  "supported",
                        .advice = "see to it in its configuration",
                        .document = documents::kDetailedCallFlows});
  }
  return findings;
}

}  // namespace callflow::check
