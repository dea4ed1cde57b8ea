#include "src/topology/idle.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "models/transport/keys.h"
#include "models/wire/address_text.h"
#include "src/topology/graph.h"
#include "src/topology/rule_reach.h"
#include "src/topology/topology_table.h"
#include "src/topology/validate.h"
#include "src/topology/validate_words.h"

namespace callflow::topology {
namespace {

bool translates(const Device& device) {
  return BoxKinds::role(device.kind).translates;
}

class IdleCheck {
 public:
  IdleCheck(const Topology& topology, const std::vector<Call>& calls, const std::string& prefix)
      : topology_(topology), calls_(calls), prefix_(prefix.empty() ? "" : prefix + ".") {}

  Findings run() {
    placeDevices();
    devices();
    servers();
    shadowedRules();
    if (!calls_.empty()) unmetRules();
    for (const Call& call : calls_) {
      unusedTcp(call, "tcp", call.tcp);
      unusedTcp(call, "transport", call.transport);
    }
    for (const auto& site : topology_.sites) {
      azureSubnets(site);
      publicClients(site);
      privateAtPeering(site);
      wired(site);
      onlyAccess(site);
      lineOfNobody(site);
    }
    return std::move(findings_);
  }

 private:
  // Notes that the subject was looked at; `pos` and the path tell it from others.
  std::string look(const std::string& kind, const SourcePos& pos, const std::string& path) {
    std::string subject = kind + " " + path + " " + (pos.file ? *pos.file : "") + ":" +
                          std::to_string(pos.line) + ":" + std::to_string(pos.column);
    findings_.subjects.insert(subject);
    return subject;
  }

  void say(const std::string& subject, const SourcePos& pos, const std::string& path,
           std::string problem, std::string advice) {
    findings_.found.push_back(
        {subject, pos, prefix_ + path, std::move(problem), std::move(advice)});
  }

  void placeDevices() {
    const auto place = [&](const std::vector<std::string>& names) {
      placed_.insert(names.begin(), names.end());
    };
    for (const auto& [name, site] : topology_.sites) {
      place(site.perimeter);
      if (site.wifi) placed_.insert(*site.wifi);
      if (site.peering) place(site.peering->perimeter);
      if (!site.wan) continue;
      place(site.wan->perimeter);
      place(site.wan->farPerimeter);
    }
  }

  void devices() {
    for (const auto& [name, device] : topology_.devices) {
      const std::string path = "devices." + name;
      const std::string subject = look("device", device.pos, path);
      if (placed_.count(name) == 0)
        say(subject, device.pos, path, "stands nowhere, so that no packet meets it",
            BoxKinds::role(device.kind).wireless
                ? "write wifi: " + name + " at a site or remote user, or leave it out"
                : "name it in the perimeter of a site or of its wan, or leave it out");
      if (placed_.count(name) == 0 || !BoxKinds::role(device.kind).tunnels) continue;
      const std::string clients = look("vpn", device.pos, path);
      const bool used =
          std::any_of(topology_.sites.begin(), topology_.sites.end(),
                      [&vpn = name](const auto& site) { return site.second.vpn == vpn; });
      if (!used)
        say(clients, device.pos, path, "has no clients, so that nothing goes through it",
            "write vpn: " + name + " at a site or remote user, or leave it out");
    }
  }

  // Other relays send clients there.
  bool isAlternate(const std::string& name) const {
    return topology_.azure.relay.alternate == name ||
           std::any_of(topology_.servers.begin(), topology_.servers.end(), [&](const auto& each) {
             const auto* relay = std::get_if<relay::Relay>(&each.second.kind);
             return relay != nullptr && relay->alternate == name;
           });
  }

  void servers() {
    if (calls_.empty()) return;
    for (const auto& [name, server] : topology_.servers) {
      const std::string path = "servers." + name;
      const std::string subject = look("server", server.pos, path);
      const bool used =
          isAlternate(name) ||
          std::any_of(calls_.begin(), calls_.end(), [&wanted = name](const Call& call) {
            return call.server == wanted ||
                   std::find(call.relays.begin(), call.relays.end(), wanted) != call.relays.end() ||
                   std::any_of(call.participants.begin(), call.participants.end(),
                               [&](const Participant& who) { return who.site == wanted; });
          });
      if (!used)
        say(subject, server.pos, path, "no call uses it",
            std::holds_alternative<sbc::Sbc>(server.kind)
                ? "write a participant who is called by it, such as bob@" + name
                : "name it in relays: or server: of a call, or leave it out");
    }
  }

  // Calls `visit` with each rule of each firewall that stands somewhere.
  template <class Visit>
  void forRules(Visit visit) {
    for (const auto& [name, device] : topology_.devices) {
      const auto* firewall = std::get_if<Firewall>(&device.kind);
      if (firewall == nullptr || placed_.count(name) == 0) continue;
      for (std::size_t i = 0; i < firewall->rules.size(); ++i)
        visit(name, *firewall, i, "devices." + name + ".rules[" + std::to_string(i) + "]");
    }
  }

  void shadowedRules() {
    forRules(
        [&](const std::string&, const Firewall& firewall, std::size_t i, const std::string& path) {
          const FirewallRule& rule = firewall.rules[i];
          const std::string subject = look("shadow", rule.pos, path);
          for (std::size_t before = 0; before < i; ++before) {
            if (!covers(firewall.rules[before], rule)) continue;
            say(subject, rule.pos, path,
                "can match nothing: rule " + std::to_string(before + 1) + " before it, " +
                    firewall.rules[before].text + ", takes all that it could",
                "write it before that one, or leave it out");
            shadowed_.insert(path);
            return;
          }
        });
  }

  void unmetRules() {
    if (!RuleReach::follows(topology_)) return;
    const NetworkGraph graph(topology_, calls_);
    const RuleReach reach(graph, topology_);
    forRules([&](const std::string& name, const Firewall& firewall, std::size_t i,
                 const std::string& path) {
      if (shadowed_.count(path) != 0) return;  // one word is enough
      const FirewallRule& rule = firewall.rules[i];
      const std::string subject = look("reach", rule.pos, path);
      if (reach.meets(name, i)) return;
      say(subject, rule.pos, path,
          "no packet of this network can meet it: of what crosses " + name + " " +
              reach.crossing(name),
          "write addresses of what crosses it, or let the rule stand where its packets pass");
    });
  }

  void azureSubnets(const std::pair<std::string, Site>& site) {
    for (std::size_t i = 0; i < site.second.subnets.size(); ++i) {
      const Ipv4Prefix& prefix = site.second.subnets[i];
      const std::string path = pathOf(site) + ".subnets[" + std::to_string(i) + "]";
      const std::string subject = look("azure", site.second.pos, path);
      if (overlap(prefix, kAzureMediaRange))
        say(subject, site.second.pos, path,
            toText(prefix) + " holds addresses of Azure's relays and media processors (" +
                toText(kAzureMediaRange) + ")",
            "write addresses of the site's own, such as 10.1.0.0/16");
    }
  }

  bool anyTranslates(const std::vector<std::string>& names) const {
    return std::any_of(names.begin(), names.end(), [&](const std::string& name) {
      const Device* const device = find(topology_.devices, name);
      return device != nullptr && translates(*device);
    });
  }

  // Whether something on a site's way out translates. Nothing without a way out.
  std::optional<bool> translated(const std::string& site) const {
    const Exit exit = exitOf(topology_, site);
    if (!exit.internet) return {};
    return anyTranslates(exit.devices);
  }

  void publicClients(const std::pair<std::string, Site>& site) {
    if (!site.second.subnets.empty()) return;
    const bool used = std::any_of(calls_.begin(), calls_.end(), [&](const Call& call) {
      return std::any_of(call.participants.begin(), call.participants.end(),
                         [&](const Participant& who) { return who.isAt(site.first); });
    });
    if (!used) return;
    const std::string subject = look("public", site.second.pos, pathOf(site));
    if (translated(site.first) != false) return;
    say(subject, site.second.pos, pathOf(site),
        "its clients have public addresses, as nothing on their way to the Internet translates",
        site.second.remote
            ? "write nat: with a device of kind: nat, or subnets: if they are meant to be public"
            : "write perimeter: with a device that translates (kind: nat, or a firewall with "
              "nat: {}), or subnets: if they are meant to be public");
  }

  // ExpressRoute's Microsoft peering takes public addresses only.
  void privateAtPeering(const std::pair<std::string, Site>& site) {
    if (!site.second.peering) return;
    const std::string path = pathOf(site) + ".peering";
    const std::string subject = look("peering", site.second.pos, path);
    if (translated(site.first) != true || anyTranslates(site.second.peering->perimeter)) return;
    say(subject, site.second.pos, path,
        "lets private addresses through, and Azure takes public ones only: the uplink translates, "
        "and this line does not",
        "write perimeter: with a device of kind nat in it");
  }

  // Names of people that are only written there.
  void wired(const std::pair<std::string, Site>& site) {
    if (calls_.empty()) return;
    for (const std::string& user : site.second.wired) {
      const std::string path = pathOf(site) + ".wired";
      const std::string subject = look("wired " + user, site.second.pos, path);
      const bool known = std::any_of(calls_.begin(), calls_.end(), [&](const Call& call) {
        return std::any_of(
            call.participants.begin(), call.participants.end(),
            [&](const Participant& who) { return who.isAt(site.first) && who.name == user; });
      });
      if (!known)
        say(subject, site.second.pos, path,
            "nobody called " + quoted(user) + " takes part in a call from here",
            "write participants of " + site.first + ", without @" + site.first);
    }
  }

  // What TCP or its wrapping is, in a call that may not use it.
  template <class Part>
  void unusedTcp(const Call& call, const std::string& key, const Part& part) {
    const std::string path = "calls." + call.name + "." + key;
    const std::string subject = look(key, call.pos, path);
    const bool tcp = std::any_of(call.paths.begin(), call.paths.end(), [](PathKind kind) {
      return kind == PathKind::relayTcp || kind == PathKind::relayProxy;
    });
    const auto& table = tableOf(static_cast<const Part*>(nullptr));
    Part usual;
    table.setDefaults(&usual);
    if (tcp ||
        config::toFlow(*config::write(table, part)) == config::toFlow(*config::write(table, usual)))
      return;
    findings_.found.push_back({subject, call.pos, path,
                               "has no effect, as paths: allows nothing over TCP",
                               "write relay-tcp or relay-proxy among them, or leave it out"});
  }

  // An access line where all are in the Wi-Fi network.
  void lineOfNobody(const std::pair<std::string, Site>& site) {
    if (!site.second.wifi || calls_.empty()) return;
    const std::string path = pathOf(site) + ".access";
    const std::string subject = look("access", site.second.pos, path);
    const bool used = std::any_of(calls_.begin(), calls_.end(), [&](const Call& call) {
      return std::any_of(call.participants.begin(), call.participants.end(),
                         [&](const Participant& who) {
                           return who.isAt(site.first) && !site.second.isWireless(who.name);
                         });
    });
    if (!used && !isDefault(site.second.access, site.second.remote))
      say(subject, site.second.pos, path,
          "has no effect, as all who take part from here are in its wifi, with the air in its "
          "place",
          "name those who have the line in wired:, or leave it out");
  }

  // What an access is to clients, of whom none has another.
  void onlyAccess(const std::pair<std::string, Site>& site) {
    if (!site.second.accessKind || calls_.empty()) return;
    const std::string path = pathOf(site) + ".access-kind";
    const std::string subject = look("access-kind", site.second.pos, path);
    const bool chosen = std::any_of(calls_.begin(), calls_.end(), [&](const Call& call) {
      return std::any_of(
          call.participants.begin(), call.participants.end(),
          [&](const Participant& who) { return who.isAt(site.first) && !who.second.empty(); });
    });
    if (!chosen)
      say(subject, site.second.pos, path,
          "has no effect, as nobody who takes part from here has a second access",
          "write a participant such as alice@" + site.first + "+SITE, or leave it out");
  }

  // Whoever wrote down what holds anyway wrote nothing in vain.
  static bool isDefault(const Link& access, bool remote) {
    Site office;
    RemoteSite home;
    tableOf(static_cast<const Site*>(nullptr)).setDefaults(&office);
    tableOf(static_cast<const RemoteSite*>(nullptr)).setDefaults(&home);
    const auto text = [](const Link& link) {
      return config::toFlow(*config::write(tableOf(static_cast<const Link*>(nullptr)), link));
    };
    return text(access) == text(remote ? home.access : office.access);
  }

  const Topology& topology_;
  const std::vector<Call>& calls_;
  const std::string prefix_;
  std::set<std::string> placed_;    // names of devices
  std::set<std::string> shadowed_;  // paths of rules
  Findings findings_;
};

}  // namespace

Findings findIdle(const Topology& topology, const std::vector<Call>& calls,
                  const std::string& prefix) {
  return IdleCheck(topology, calls, prefix).run();
}

std::vector<Finding> inEvery(const std::vector<Findings>& variants) {
  std::map<std::string, std::size_t> having, finding;
  for (const Findings& variant : variants) {
    for (const std::string& subject : variant.subjects) ++having[subject];
    for (const Finding& found : variant.found) ++finding[found.subject];
  }
  std::vector<Finding> out;
  std::set<std::string> told;
  for (const Findings& variant : variants) {
    for (const Finding& found : variant.found) {
      if (finding[found.subject] != having[found.subject]) continue;
      if (told.insert(found.subject).second) out.push_back(found);
    }
  }
  return out;
}

}  // namespace callflow::topology
