// What NATs and stateful firewalls do to UDP: mappings, ports for everybody, timers.
#include <algorithm>
#include <cstdint>

#include "src/check/documents.h"
#include "src/check/rules.h"
#include "src/check/ways.h"

namespace callflow::check {
namespace {

// A device on somebody's way to Azure, and how many are behind it.
struct Standing {
  std::string name;
  topology::ElementId element{};
  const topology::Device* device = nullptr;
  std::vector<std::string> sites;
  std::size_t people = 0;

  const nat::Nat* nat() const {
    if (const auto* const plain = std::get_if<nat::Nat>(&device->kind)) return plain;
    const auto* const wall = firewall();
    return wall != nullptr && wall->nat ? &*wall->nat : nullptr;
  }
  const firewall::Firewall* firewall() const {
    return std::get_if<firewall::Firewall>(&device->kind);
  }
};

enum class Each : std::uint8_t { kind, box };

// In the order in which people's ways meet them. Homes may have a router of one name each: told
// apart only as boxes.
std::vector<Standing> devicesOnWays(const Context& context, Each each) {
  std::vector<Standing> all;
  for (const Person& person : context.people()) {
    std::vector<topology::ElementId> mine;
    for (const Passed& passed : devicesOn(context, person.out)) {
      if (std::find(mine.begin(), mine.end(), passed.element) != mine.end()) continue;
      mine.push_back(passed.element);
      auto found = std::find_if(all.begin(), all.end(), [&](const Standing& one) {
        return each == Each::kind ? one.name == passed.name : one.element == passed.element;
      });
      if (found == all.end())
        found = all.insert(found, {.name = std::string(passed.name),
                                   .element = passed.element,
                                   .device = passed.device,
                                   .sites = {}});
      addOnce(found->sites, person.siteName);
      found->people += person.count;
    }
  }
  return all;
}

// "NAT support with Microsoft 365": 64,000 ports of an address can be used; beside what a device
// takes at its peak, of which the document's example has 6, at least 4 are to spare.
constexpr std::int64_t kUsablePorts = 64'000;
constexpr std::int64_t kPeakPorts = 6;
constexpr std::int64_t kPeakFactor = 4;

std::int64_t devicesPerAddress(const nat::Nat& nat) {
  const std::int64_t ports = nat.portRange.last - nat.portRange.first + 1;
  return std::min(kUsablePorts, ports) / (kPeakPorts + kPeakFactor);
}

// RFC 4787 REQ-5.
constexpr Duration kLeastTimer = Duration::s(120);

}  // namespace

std::vector<Finding> findNatMappings(const Context& context) {
  std::vector<Finding> findings;
  for (const Standing& each : devicesOnWays(context, Each::kind)) {
    const nat::Nat* const nat = each.nat();
    if (nat == nullptr || nat->oneToOne) continue;
    Finding finding{.severity = Severity::warning, .pos = each.device->pos, .subject = each.name};
    if (nat->mapping != nat::Dependence::endpointIndependent) {
      const bool ports = nat->mapping == nat::Dependence::addressAndPortDependent;
      finding.problem = each.name + " gives a UDP socket another public port for each " +
                        (ports ? "destination (symmetric NAT)" : "address it sends to");
      finding.effect = "others cannot send to the port that STUN saw: media from " +
                       listed(each.sites) + " needs a relay (TURN)";
      finding.advice = "mapping: endpoint-independent";
      findings.push_back(std::move(finding));
    } else if (nat->addresses > 1 && nat->pooling == nat::Pooling::arbitrary) {
      finding.problem = each.name + " may give each flow of a host another public address";
      finding.effect = "a relay sees other addresses of a client than its peer does";
      finding.advice = "pooling: paired";
      finding.document = documents::kRfc4787;
      findings.push_back(std::move(finding));
    }
  }
  return findings;
}

std::vector<Finding> findNatPools(const Context& context) {
  std::vector<Finding> findings;
  for (const Standing& each : devicesOnWays(context, Each::box)) {
    const nat::Nat* const nat = each.nat();
    if (nat == nullptr || nat->oneToOne) continue;
    const std::int64_t room = devicesPerAddress(*nat) * nat->addresses;
    const std::int64_t people = static_cast<std::int64_t>(each.people);
    const std::string needed = std::to_string(kPeakPorts + kPeakFactor);
    Finding finding{.severity = Severity::warning, .pos = each.device->pos, .subject = each.name};
    finding.effect = "who finds no port left cannot connect";
    if (nat->portsPerHost > 0 && nat->portsPerHost < kPeakPorts + kPeakFactor) {
      finding.problem = each.name + " keeps " + std::to_string(nat->portsPerHost) +
                        " ports for a host, which takes " + needed + " at its peak";
      finding.advice = "ports-per-host: " + needed + " or more";
      findings.push_back(std::move(finding));
    } else if (people > room) {
      const std::int64_t addresses = (people + devicesPerAddress(*nat) - 1) /
                                     std::max<std::int64_t>(devicesPerAddress(*nat), 1);
      finding.problem = each.name + " has " + std::to_string(people) +
                        " people behind it and ports for " + std::to_string(room) +
                        ": of each address " +
                        std::to_string(std::min<std::int64_t>(
                            kUsablePorts, nat->portRange.last - nat->portRange.first + 1)) +
                        " ports, " + needed + " a device";
      finding.advice = "addresses: " + std::to_string(addresses);
      if (devicesPerAddress(*nat) == 0) finding.advice = "a larger port-range";
      findings.push_back(std::move(finding));
    }
  }
  return findings;
}

std::vector<Finding> findUdpTimers(const Context& context) {
  std::vector<Finding> findings;
  for (const Standing& each : devicesOnWays(context, Each::kind)) {
    std::vector<std::string> early;
    if (each.nat() != nullptr && each.nat()->udpTimeout < kLeastTimer)
      early.push_back("a UDP mapping after " + toText(each.nat()->udpTimeout));
    if (each.firewall() != nullptr && each.firewall()->udpIdleTimeout < kLeastTimer)
      early.push_back("a UDP flow after " + toText(each.firewall()->udpIdleTimeout));
    if (early.empty()) continue;
    findings.push_back({.severity = Severity::warning,
                        .pos = each.device->pos,
                        .subject = each.name,
                        .problem = each.name + " forgets " + listed(early) + " without a packet",
                        .effect = "what comes from outside after such a pause is lost",
                        .advice = "udp-timeout: 2 min or more (5 min is recommended)"});
  }
  return findings;
}

}  // namespace callflow::check
