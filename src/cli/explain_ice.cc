#include "src/cli/explain_ice.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "models/wire/address_range.h"
#include "models/wire/service.h"
#include "src/cli/ice_text.h"
#include "src/sim/quiet_ice.h"

namespace callflow::cli {

namespace {

// Telephones have no agents.
bool isClient(const topology::Participant& who) {
  return who.telephone == topology::Telephone::none;
}

bool betweenClients(const topology::Call& call) {
  return !call.viaMediaProcessor() &&
         std::all_of(call.participants.begin(), call.participants.end(), isClient);
}

// How a call's clients connect to each other, or each of them to the media processor.
std::vector<sim::IceReport> reportsOf(const topology::Case& one, const topology::Call& call) {
  std::vector<sim::IceReport> reports;
  if (betweenClients(call)) reports.push_back(sim::runQuietIce(one, call));
  if (!call.viaMediaProcessor()) return reports;
  for (std::size_t i = 0; i < call.participants.size(); ++i) {
    if (!isClient(call.participants[i])) continue;
    if (auto report = sim::runQuietIce(one, call, i)) reports.push_back(std::move(*report));
  }
  return reports;
}

// Of a call that shows no agents, nothing of others: the path is what boxes let through.
std::string whyNone(const topology::Call& call) {
  if (call.viaMediaProcessor() || betweenClients(call)) return {};
  std::string client, telephone;
  for (const topology::Participant& who : call.participants)
    (isClient(who) ? client : telephone) = who.name + "@" + who.site;
  if (client.empty()) return "no client takes part, so that there are no ICE agents";
  return client + " has no ICE agent to show: media goes straight to the SBC of " + telephone +
         " (media bypass), and an SBC's side of ICE is not simulated";
}

// Clients whose agents ask for no relay through the proxy that they have, and why.
std::vector<std::string> unaskedProxies(const topology::Case& one, const topology::Call& call) {
  std::vector<std::string> lines;
  const bool allowed = call.allows(topology::PathKind::relayProxy);
  for (const topology::Participant& who : call.participants) {
    for (const auto& [name, site] : one.topology.sites) {
      if (!allowed || !isClient(who) || name != who.site || !site.proxy.present) continue;
      const bool opens = wire::contains(site.proxy.ports, wire::kTurnTcpPort);
      if (opens && !site.proxy.inspectsTls) continue;
      lines.push_back(
          who.name + "@" + who.site + " has no relay candidate through " + name + "/proxy, which " +
          (opens ? "opens TLS to inspect it, and lets through only the web's, which TURN over TLS "
                   "is not"
                 : "opens no tunnel to port 443"));
    }
  }
  return lines;
}

// Whether something happens to the network while calls run.
bool changes(const topology::Case& one) {
  const auto byTime = [](const std::vector<firewall::Rule>& rules) {
    return std::any_of(rules.begin(), rules.end(),
                       [](const firewall::Rule& rule) { return rule.since || rule.until; });
  };
  return !one.events.empty() ||
         std::any_of(one.topology.devices.begin(), one.topology.devices.end(),
                     [&](const auto& named) {
                       const auto* const wall = std::get_if<firewall::Firewall>(&named.second.kind);
                       return wall != nullptr && byTime(wall->rules);
                     });
}

}  // namespace

std::string iceOf(const topology::Case& one, const topology::Call& call) {
  std::string text;
  if (const std::string why = whyNone(call); !why.empty()) text += "\n" + why + "\n";
  for (const sim::IceReport& report : reportsOf(one, call)) text += iceText(report);
  for (const std::string& line : unaskedProxies(one, call)) text += "  " + line + "\n";
  if (changes(one) && betweenClients(call))
    text += lifeText(momentsOf(sim::runQuietLife(one, call), call, one.events));
  return text;
}

std::string endingsOf(const topology::Case& one, const topology::Call& call) {
  std::string text;
  if (call.signaling != signaling::Carriage::https) return text;
  for (const sim::IceReport& report : reportsOf(one, call))
    if (report.signaling && report.signaling->end) text += ending(*report.signaling->end) + "\n";
  return text.empty() ? text : "\n" + text;
}

void addIce(const topology::Case& one, const topology::Call& call, nlohmann::ordered_json& to) {
  if (const std::string why = whyNone(call); !why.empty()) to["no_ice"] = why;
  for (const sim::IceReport& report : reportsOf(one, call)) to["ice"].push_back(jsonOf(report));
  for (const std::string& line : unaskedProxies(one, call)) to["no_candidate"].push_back(line);
  if (!changes(one) || !betweenClients(call)) return;
  const sim::IceReport life = sim::runQuietLife(one, call);
  for (const Moment& moment : momentsOf(life, call, one.events))
    to["life"].push_back({{"at_s", moment.at.seconds()}, {"what", moment.what}});
}

}  // namespace callflow::cli
