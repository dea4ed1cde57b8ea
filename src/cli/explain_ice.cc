#include "src/cli/explain_ice.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>
#include <variant>
#include <vector>

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
  for (const sim::IceReport& report : reportsOf(one, call)) text += iceText(report);
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
  for (const sim::IceReport& report : reportsOf(one, call)) to["ice"].push_back(jsonOf(report));
  if (!changes(one) || !betweenClients(call)) return;
  const sim::IceReport life = sim::runQuietLife(one, call);
  for (const Moment& moment : momentsOf(life, call, one.events))
    to["life"].push_back({{"at_s", moment.at.seconds()}, {"what", moment.what}});
}

}  // namespace callflow::cli
