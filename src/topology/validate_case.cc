#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <span>

#include "models/wire/address_text.h"
#include "src/topology/accesses.h"
#include "src/topology/copies.h"
#include "src/topology/relay_names.h"
#include "src/topology/validate.h"
#include "src/topology/validate_words.h"
#include "src/units/quoted.h"

namespace callflow::topology {
namespace {

class CaseCheck {
 public:
  CaseCheck(const CaseView& view, const Places& places, Diagnostics& diagnostics)
      : view_(view), copies_(withCopies(view.calls)), places_(places), diagnostics_(diagnostics) {}

  void run() {
    if (view_.calls.empty() && !places_.faulty("calls"))
      error("calls", "is empty", "write for example [{participants: [alice@hq, bob@home]}]");
    std::map<std::string, std::string> first;
    for (std::size_t i = 0; i < view_.calls.size(); ++i) {
      const Call& call = view_.calls[i];
      const std::string path = places_.item("calls", i);
      // Reading has compared the names that are written; a default can still meet another.
      const auto [at, fresh] = first.emplace(call.name, path);
      if (!fresh && at->second != path)
        error(path, "is called " + quoted(call.name) + " like " + at->second,
              "give each call a name of its own");
      people(call, path);
      names(call, path, "senders", call.senders);
      names(call, path, "relay-only", call.relayOnly);
      paths(call, path);
      servers(call, path);
      validateMedia(call, path, view_, places_, diagnostics_);
    }
    crowds();
    vpnCrowds();
    for (std::size_t i = 0; i < view_.events.size(); ++i) event(view_.events[i], item("events", i));
  }

 private:
  void error(const std::string& path, std::string problem, std::string advice) {
    diagnostics_.error(places_.at(path), places_.shown(path), std::move(problem),
                       std::move(advice));
  }

  void people(const Call& call, const std::string& path) {
    const std::string list = path + ".participants";
    if (!places_.faulty(list) && !places_.faulty(path + ".kind")) size(call, list);
    Names places = namesOf(view_.topology.sites);
    const bool sitesUnknown = view_.topologyFaulty && places.empty();
    for (const std::string& sbc : serversOf<sbc::Sbc>()) places.push_back(sbc);
    bool sitesExist = true;
    for (std::size_t i = 0; i < call.participants.size(); ++i) {
      const Participant& person = call.participants[i];
      const std::string here = item(list, i);
      if (person.name.empty()) {  // it could not be read
        sitesExist = false;
        continue;
      }
      const auto begin = call.participants.begin();
      const auto end = begin + static_cast<std::ptrdiff_t>(i);
      if (std::any_of(begin, end, [&](const Participant& p) { return p.name == person.name; }))
        error(here, quoted(person.name) + " takes part twice",
              "give each participant of a call a name of its own");
      if (person.telephone == Telephone::none &&
          find(view_.topology.sites, person.site) == nullptr) {
        sitesExist = false;
        if (!sitesUnknown)
          error(here, "there is no site " + quoted(person.site),
                meant(person.site, places, "site"));
      }
      const auto fault =
          sitesUnknown ? std::nullopt : secondAccessFault(view_.topology, call, person);
      if (!fault) continue;
      sitesExist = sitesExist && find(view_.topology.sites, person.second) != nullptr;
      error(here, fault->problem, fault->advice);
    }
    telephones(call, path);
    if (sitesExist && !view_.waysFaulty()) reachability(call, list);
  }

  // A telephone speaks G.711, with one client.
  void telephones(const Call& call, const std::string& path) {
    const auto hasOne = [](const Participant& who) { return who.telephone != Telephone::none; };
    const auto first = std::find_if(call.participants.begin(), call.participants.end(), hasOne);
    if (first == call.participants.end()) return;
    const auto at = static_cast<std::size_t>(first - call.participants.begin());
    const std::string here = item(path + ".participants", at);
    if (call.kind == CallKind::group)
      error(here, quoted(first->name) + " has a telephone, and group calls have clients only",
            "write a call of two");
    else if (std::all_of(call.participants.begin(), call.participants.end(), hasOne))
      error(here, "both ends are telephones, whose call needs no client of the service",
            "write one participant at a site");
    for (std::size_t i = 0; i < call.relayOnly.size(); ++i)
      if (call.relayOnly[i] == first->name)
        error(item(path + ".relay-only", i),
              quoted(first->name) + " has a telephone, which uses none",
              "name participants at sites");
    if (call.server && first->telephone == Telephone::trunk)
      error(path + ".server", "does not lead to Azure's trunk, which Azure's own do",
            "leave it out, or write a server of kind sbc and call " + first->name + " by it");
    const bool g711 = call.audio.codec == AudioCodec::pcmu || call.audio.codec == AudioCodec::pcma;
    if (g711 || places_.faulty(path + ".audio")) return;
    error(path + ".audio.codec",
          std::string(media::name(call.audio.codec)) + " does not get through to a telephone (" +
              quoted(first->name) + ")",
          "write audio: {codec: pcmu}");
  }

  // Each participant of a site takes an address of its first subnet; three of them are not for
  // hosts: the network's own, the router's and the broadcast address.
  void crowds() {
    for (const auto& site : view_.topology.sites) {
      if (site.second.subnets.empty()) continue;
      std::set<std::string> people;
      for (const Call& call : copies_)
        for (const Participant& person : call.participants)
          if (person.isAt(site.first)) people.insert(person.name);
      const std::uint64_t addresses = std::uint64_t{1} << (32 - site.second.subnets[0].length);
      const std::uint64_t hosts = addresses > 3 ? addresses - 3 : 1;
      if (people.size() <= hosts) continue;
      const std::string prefix = view_.topologyPrefix.empty() ? "" : view_.topologyPrefix + ".";
      diagnostics_.warning(site.second.pos, prefix + pathOf(site) + ".subnets",
                           toText(site.second.subnets[0]) + " has room for " +
                               std::to_string(hosts) +
                               (hosts == 1 ? " host, and " : " hosts, and ") +
                               std::to_string(people.size()) + " take part in calls from here",
                           "write a larger prefix");
    }
  }

  // Each participant has an address in its VPN, too; the first two and the last are not for
  // clients.
  void vpnCrowds() {
    for (const auto& [name, device] : view_.topology.devices) {
      const auto* const vpn = std::get_if<vpn::Vpn>(&device.kind);
      if (vpn == nullptr) continue;
      std::set<std::string> people;
      for (const Call& call : copies_) {
        for (const Participant& person : call.participants) {
          const Site* const site = find(view_.topology.sites, person.site);
          if (site != nullptr && site->vpn == name) people.insert(person.name + "@" + person.site);
        }
      }
      const std::uint64_t addresses = std::uint64_t{1} << (32 - vpn->clients.length);
      const std::uint64_t hosts = addresses > 3 ? addresses - 3 : 0;
      if (people.size() <= hosts) continue;
      const std::string prefix = view_.topologyPrefix.empty() ? "" : view_.topologyPrefix + ".";
      diagnostics_.error(device.pos, prefix + "devices." + name + ".clients",
                         toText(vpn->clients) + " has room for " + std::to_string(hosts) +
                             " clients, and " + std::to_string(people.size()) + " are in it",
                         "write a larger prefix");
    }
  }

  void size(const Call& call, const std::string& list) {
    const std::size_t count = sizeOf(call);
    if (call.kind == CallKind::oneToOne && count != 2)
      error(list, "a one-to-one call has two participants, not " + std::to_string(count),
            count > 2 ? "write kind: group" : "write for example [alice@hq, bob@home]");
    if (call.kind == CallKind::group && count < 2)
      error(list, "a group call has at least two participants, not " + std::to_string(count),
            "write for example [alice@hq, bob@branch, carol@home]");
  }

  // Where somebody's lines begin; of somebody with a telephone, where the SBC stands.
  Names placesOf(const Participant& who) const {
    const Server* const sbc = find(view_.topology.servers, who.site);
    if (sbc != nullptr && who.telephone != Telephone::none) return {sbc->at};
    Names places{who.site};
    if (!who.second.empty() && who.second != who.site) places.push_back(who.second);
    return places;
  }

  // Somebody without a way to the Internet can still talk inside the same private network, one to
  // one.
  void reachability(const Call& call, const std::string& list) {
    for (std::size_t i = 0; i < call.participants.size(); ++i) {
      const Participant& person = call.participants[i];
      if (person.telephone == Telephone::trunk) continue;
      for (const std::string& place : placesOf(person)) {
        const auto [exit, internet, devices] = exitOf(view_.topology, place);
        if (internet || (!call.viaMediaProcessor() && allLeaveBy(exit, call))) continue;
        error(item(list, i),
              quoted(person.name) + " cannot be reached" +
                  (place == person.second ? " at " + quoted(place) : "") + ": " +
                  (exit == place
                       ? "site " + quoted(exit)
                       : "the wan of " + quoted(place) + " ends at " + quoted(exit) + ", which") +
                  " has neither uplink nor wan",
              "give " + quoted(exit) + " an uplink, or a wan to a site that has one");
      }
    }
  }

  bool allLeaveBy(const std::string& exit, const Call& call) const {
    return std::all_of(
        call.participants.begin(), call.participants.end(), [&](const Participant& who) {
          const Names places = placesOf(who);
          return std::all_of(places.begin(), places.end(), [&](const std::string& place) {
            return exitOf(view_.topology, place).site == exit;
          });
        });
  }

  // A list of participants' names.
  void names(const Call& call, const std::string& path, const std::string& key,
             const Names& written) {
    if (places_.faulty(path + ".participants") || places_.faulty(path + "." + key)) return;
    Names people;
    for (const Participant& person : call.participants) people.push_back(person.name);
    for (std::size_t i = 0; i < written.size(); ++i) {
      const std::string here = item(path + "." + key, i);
      const auto end = written.begin() + static_cast<std::ptrdiff_t>(i);
      if (std::find(people.begin(), people.end(), written[i]) == people.end())
        error(here, quoted(written[i]) + " does not take part in this call",
              meant(written[i], people, "participant"));
      else if (std::find(written.begin(), end, written[i]) != end)
        error(here, quoted(written[i]) + " is listed twice", "name each participant once");
    }
  }

  void paths(const Call& call, const std::string& path) {
    const std::string list = path + ".paths";
    if (places_.faulty(list)) return;
    if (call.paths.empty())
      error(list, "is empty",
            "write at least one of: direct, relay-udp, relay-tcp, relay-proxy; or leave it out for "
            "all of them");
    for (std::size_t i = 0; i < call.paths.size(); ++i) {
      const auto end = call.paths.begin() + static_cast<std::ptrdiff_t>(i);
      if (std::find(call.paths.begin(), end, call.paths[i]) != end)
        error(item(list, i), "is listed twice", "name each path once");
    }
  }

  template <class Kind>
  Names serversOf() const {
    Names names;
    for (const auto& [name, server] : view_.topology.servers)
      if (std::holds_alternative<Kind>(server.kind)) names.push_back(name);
    return names;
  }

  void servers(const Call& call, const std::string& path) {
    const Names relays = serversOf<relay::Relay>();
    for (std::size_t i = 0; i < call.relays.size(); ++i) {
      const std::string here = item(path + ".relays", i);
      if (std::find(relays.begin(), relays.end(), call.relays[i]) == relays.end() &&
          !places_.faulty(here) && !view_.follows("servers", call.relays[i]))
        error(here, "there is no relay " + quoted(call.relays[i]),
              meant(call.relays[i], relays, "server of kind relay"));
    }
    if (!call.server || places_.faulty(path + ".server")) return;
    const Names processors = serversOf<conference::MediaProcessor>();
    if (!call.viaMediaProcessor())
      error(path + ".server", "is for group calls, and this one goes from peer to peer",
            "write kind: group or features: [recording], or relays: for a relay");
    else if (std::find(processors.begin(), processors.end(), *call.server) == processors.end() &&
             !view_.follows("servers", *call.server))
      error(path + ".server", "there is no media processor " + quoted(*call.server),
            meant(*call.server, processors, "server of kind media-processor"));
  }

  Names linkNames() const {
    Names names;
    for (const auto& [name, site] : view_.topology.sites) {
      names.push_back(name + ".access");
      if (site.uplink) names.push_back(name + ".uplink");
      if (site.wan) names.push_back(name + ".wan");
      if (site.peering) names.push_back(name + ".peering");
      if (site.vpn) names.push_back(name + ".vpn");
    }
    return names;
  }

  void event(const LinkChange& change, const std::string& path) {
    if (!change.server.empty()) {
      if (!places_.faulty(path + ".server")) server(change.server, path + ".server");
    } else if (change.device.empty()) {
      if (!places_.faulty(path) && !places_.faulty(path + ".link")) link(change, path + ".link");
    } else if (!places_.faulty(path + ".device")) {
      if (change.forget)
        device(change.device, path + ".device");
      else
        shaper(change, path);
    }
    Duration end;
    for (std::size_t i = 0; i < view_.calls.size(); ++i) {
      const Call& call = view_.calls[i];
      if (places_.faulty(places_.item("calls", i))) return;
      end = std::max(end, call.start + call.setup + call.duration + view_.drain);
    }
    if (change.at > end && !places_.faulty(path + ".at"))
      error(path + ".at",
            toText(change.at) + " is after the end of the simulation at " + toText(end),
            "write an earlier time, or a longer call");
  }

  static bool changesLine(const LinkChange::Direction& wanted) {
    return wanted.rate || wanted.delay || wanted.jitter || wanted.loss || wanted.queue;
  }

  void link(const LinkChange& change, const std::string& path) {
    const Names links = linkNames();
    const auto dot = change.link.rfind('.');
    if (std::find(links.begin(), links.end(), change.link) != links.end()) {
      if (change.link.substr(dot) == ".vpn" && (changesLine(change.up) || changesLine(change.down)))
        error(path, quoted(change.link) + " is a tunnel, which is up or down and nothing else",
              "write state: down, or name the line that it crosses, such as SITE.uplink");
      const Site* const site = find(view_.topology.sites, change.link.substr(0, dot));
      if (change.advertises && site != nullptr && !site->uplink)
        error(path,
              quoted(change.link) +
                  " is the only way out of its site, so that answers have "
                  "no other",
              "give the site an uplink, or leave advertises out");
      return;
    }
    if (const auto colon = change.link.find(".access:"); colon != std::string::npos) {
      personal(change.link.substr(0, colon), change.link.substr(colon + 8), path);
      return;
    }
    const std::string site = change.link.substr(0, dot);
    const std::string kind = dot == std::string::npos ? "" : change.link.substr(dot + 1);
    // A line of that name may have been left out with a fault.
    const bool line =
        kind == "access" || kind == "uplink" || kind == "wan" || kind == "peering" || kind == "vpn";
    if (view_.network.hidesNames() || (line && view_.siteFollows(site))) return;
    const bool siteKnown = find(view_.topology.sites, site) != nullptr;
    if (siteKnown && (kind == "uplink" || kind == "wan"))
      error(path, quoted(site) + " has no " + kind, "give it one, or name another link");
    else
      error(path, "there is no link " + quoted(change.link), meant(change.link, links, "link"));
  }

  // The access of one participant.
  void personal(const std::string& site, const std::string& user, const std::string& path) {
    if (view_.network.hidesNames() || view_.siteFollows(site)) return;
    if (find(view_.topology.sites, site) == nullptr) {
      error(path, "there is no site " + quoted(site),
            meant(site, namesOf(view_.topology.sites), "site"));
      return;
    }
    Names people;
    for (const Call& call : copies_) {
      for (const Participant& who : call.participants) {
        if (who.name == user && who.isAt(site)) return;
        if (who.name.empty()) return;  // it could not be read
        if (who.isAt(site)) people.push_back(who.name);
      }
    }
    error(path, "nobody called " + quoted(user) + " takes part in a call from " + quoted(site),
          people.empty() ? "leave the event out" : meant(user, people, "participant"));
  }

  void device(const std::string& name, const std::string& path) {
    if (view_.follows("devices", name)) return;
    Names known;
    for (const auto& [each, box] : view_.topology.devices)
      if (BoxKinds::role(box.kind).remembers) known.push_back(each);
    const Device* const box = find(view_.topology.devices, name);
    if (box == nullptr)
      error(path, "there is no device " + quoted(name), meant(name, known, "device"));
    else if (!BoxKinds::role(box->kind).remembers)
      error(path, "device " + quoted(name) + " knows nothing of flows that it could forget",
            known.empty() ? "leave the event out" : "write one of: " + listed(known));
  }

  // What is wrong with a new rate or queue of a shaper, and what to write; empty: nothing.
  std::pair<std::string, std::string> faultOfLimits(const LinkChange& change,
                                                    const shaper::Shaper& limits) {
    const auto limited = [&](LinkChange::Direction LinkChange::*direction) {
      return std::any_of(view_.events.begin(), view_.events.end(), [&](const LinkChange& each) {
        return each.device == change.device && (each.*direction).rate;
      });
    };
    for (const bool up : {true, false}) {
      const auto direction = up ? &LinkChange::up : &LinkChange::down;
      const LinkChange::Direction& wanted = change.*direction;
      const shaper::Shaping& was = up ? limits.up : limits.down;
      if (wanted.rate && *wanted.rate < DataRate::kbps(1))
        return {"leaves " + quoted(change.device) + " a rate of " + toText(*wanted.rate),
                "write at least 1 kbit/s, or state: down of a link"};
      if (wanted.queue && was.excess == shaper::Excess::drop)
        return {"changes the queue of " + quoted(change.device) + ", which polices and holds none",
                "leave queue: out"};
      const bool unlimited =
          wanted.rate ? wanted.rate->isUnlimited() : was.rate.isUnlimited() && !limited(direction);
      if (wanted.queue && unlimited)
        return {"changes the queue of " + quoted(change.device) + ", whose rate is unlimited",
                "write a rate, or leave queue: out"};
    }
    return {};
  }

  void shaper(const LinkChange& change, const std::string& path) {
    if (view_.follows("devices", change.device)) return;
    Names known;
    for (const auto& [each, box] : view_.topology.devices)
      if (std::holds_alternative<shaper::Shaper>(box.kind)) known.push_back(each);
    const Device* const box = find(view_.topology.devices, change.device);
    if (box == nullptr) {
      error(path + ".device", "there is no device " + quoted(change.device),
            meant(change.device, known, "device"));
    } else if (const auto* const limits = std::get_if<shaper::Shaper>(&box->kind)) {
      const auto [problem, advice] = faultOfLimits(change, *limits);
      if (!problem.empty()) error(path, problem, advice);
    } else {
      error(path + ".device",
            "device " + quoted(change.device) + " is no shaper, whose rate could change",
            known.empty() ? "write link: and the line that changes, or leave the event out"
                          : "write one of: " + listed(known));
    }
  }
  void server(const std::string& name, const std::string& path) {
    if (view_.follows("servers", name) || view_.network.faulty("azure")) return;
    if (const auto fault = faultOfRelayName(view_.topology, name))
      error(path, fault->problem, fault->advice);
  }

  const CaseView& view_;
  const std::vector<Call> copies_;  // of its calls
  const Places& places_;
  Diagnostics& diagnostics_;
};

}  // namespace

Exit exitOf(const Topology& topology, const std::string& from) {
  Exit exit{from};
  std::set<std::string> seen;
  while (seen.insert(exit.site).second) {
    const Site* site = find(topology.sites, exit.site);
    if (site == nullptr) break;
    exit.internet = site->uplink.has_value();
    if (!exit.internet && !site->wan) break;
    const Names& line = exit.internet ? site->perimeter : site->wan->perimeter;
    exit.devices.insert(exit.devices.end(), line.begin(), line.end());
    if (exit.internet) break;
    exit.site = site->wan->to;
  }
  return exit;
}

void validateCase(const CaseView& view, const Places& places, Diagnostics& diagnostics) {
  CaseCheck(view, places, diagnostics).run();
  validateTraffic(view, places, diagnostics);
}

}  // namespace callflow::topology
