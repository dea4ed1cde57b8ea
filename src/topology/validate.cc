#include "src/topology/validate.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <set>
#include <span>

#include "models/wire/address_text.h"
#include "src/topology/regions.h"
#include "src/units/quoted.h"

namespace callflow::topology {
namespace {

using Names = std::vector<std::string>;

std::string pathOf(const std::pair<std::string, Site>& site) {
  return (site.second.remote ? "remote." : "sites.") + site.first;
}

std::string item(const std::string& list, std::size_t index) {
  return list + "[" + std::to_string(index) + "]";
}

std::string listed(const Names& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

// What to write instead of a name that does not exist.
std::string meant(const std::string& word, const Names& names, const std::string& kind) {
  const std::string near = nearestName(word, names);
  if (!near.empty()) return "did you mean " + quoted(near) + "?";
  if (names.empty()) return "declare one first: this file has no " + kind;
  return "write one of: " + listed(names);
}

template <class T>
Names namesOf(const Named<T>& map) {
  Names names;
  for (const auto& [name, value] : map) names.push_back(name);
  return names;
}

template <class T>
const T* find(const Named<T>& map, const std::string& name) {
  for (const auto& [key, value] : map)
    if (key == name) return &value;
  return nullptr;
}

bool overlap(const Ipv4Prefix& a, const Ipv4Prefix& b) {
  const int length = std::min(a.length, b.length);
  const std::uint32_t mask = length == 0 ? 0 : ~std::uint32_t{0} << (32 - length);
  return ((a.address.value ^ b.address.value) & mask) == 0;
}

// "10, 20 or 40 ms".
std::string choiceOf(std::span<const Duration> times) {
  std::string text;
  for (std::size_t i = 0; i < times.size(); ++i) {
    if (i > 0) text += i + 1 < times.size() ? ", " : " or ";
    text += std::to_string(times[i].count() / Duration::ms(1).count());
  }
  return text + " ms";
}

class TopologyCheck {
 public:
  TopologyCheck(const Topology& topology, const Places& places, Diagnostics& diagnostics)
      : topology_(topology), places_(places), diagnostics_(diagnostics) {}

  void run() {
    names();
    if (topology_.sites.empty() && !places_.faulty(""))
      error("", "there is neither a site nor a remote user", "write for example sites: {hq: {}}");
    perimeters();
    wans();
    wanCycles();
    subnets();
    regions("azure.regions", topology_.azure.regions);
    regions("azure.edges", topology_.azure.edges);
  }

 private:
  void error(const std::string& path, std::string problem, std::string advice) {
    diagnostics_.error(places_.at(path), places_.shown(path), std::move(problem),
                       std::move(advice));
  }

  // Sites and remote users are addressed alike (alice@home), so they share one set of names.
  void names() {
    std::map<std::string, std::string> first;
    for (const auto& site : topology_.sites) {
      const std::string path = pathOf(site);
      const auto [at, fresh] = first.emplace(site.first, path);
      if (!fresh)
        error(path, "is the name of " + at->second + " too",
              "give one of them another name, because participants are written user@" + site.first);
    }
  }

  // Where the i-th device of a perimeter is written: `nat: home-router` is short for a perimeter.
  std::string perimeterPath(const std::pair<std::string, Site>& site, std::size_t i) const {
    const std::string shortForm = pathOf(site) + ".nat";
    return places_.written(shortForm) ? shortForm : item(pathOf(site) + ".perimeter", i);
  }

  void perimeters() {
    if (!topology_.devices.empty() || !places_.faulty("devices")) {
      perimetersAmong(namesOf(topology_.devices));
    }
  }

  void perimetersAmong(const Names& devices) {
    std::map<std::string, std::string> owner;
    for (const auto& site : topology_.sites) {
      for (std::size_t i = 0; i < site.second.perimeter.size(); ++i) {
        const std::string& device = site.second.perimeter[i];
        const std::string path = perimeterPath(site, i);
        if (places_.faulty(path)) continue;
        if (find(topology_.devices, device) == nullptr) {
          error(path, "there is no device " + quoted(device), meant(device, devices, "device"));
          continue;
        }
        const auto [at, fresh] = owner.emplace(device, pathOf(site));
        if (fresh) continue;
        if (at->second == pathOf(site))
          error(path, quoted(device) + " stands in this perimeter twice", "name it once");
        else
          error(path, "device " + quoted(device) + " already stands at " + at->second,
                "declare a device of its own for each place");
      }
    }
  }

  void wans() {
    for (const auto& site : topology_.sites) {
      if (!site.second.wan) continue;
      const std::string path = pathOf(site) + ".wan.to";
      if (places_.faulty(path)) continue;
      Names others = namesOf(topology_.sites);
      others.erase(std::remove(others.begin(), others.end(), site.first), others.end());
      if (site.second.wan->to == site.first)
        error(path, "leads back to the same site",
              others.empty() ? "leave the wan out" : "write one of: " + listed(others));
      else if (find(topology_.sites, site.second.wan->to) == nullptr)
        error(path, "there is no site " + quoted(site.second.wan->to),
              meant(site.second.wan->to, others, "other site"));
    }
  }

  // A cycle of backhauls would send Internet traffic round for ever. Reported once, at its first
  // site.
  void wanCycles() {
    if (places_.faulty("sites") || places_.faulty("remote")) return;
    std::set<std::string> reported;
    for (const auto& site : topology_.sites) {
      Names chain;
      std::string at = site.first;
      while (true) {
        const auto seen = std::find(chain.begin(), chain.end(), at);
        if (seen != chain.end()) {
          const bool selfLoop = chain.end() - seen == 1;
          if (seen == chain.begin() && !selfLoop && !reported.count(site.first)) {
            std::string round;
            for (const std::string& name : chain) {
              round += name + " -> ";
              reported.insert(name);
            }
            error(pathOf(site) + ".wan.to", "the wans lead round in a circle: " + round + at,
                  "let one of these sites have an uplink instead of its wan");
          }
          break;
        }
        chain.push_back(at);
        const Site* here = find(topology_.sites, at);
        if (here == nullptr || !here->wan || here->uplink) break;
        at = here->wan->to;
      }
    }
  }

  void subnets() {
    struct Owner {
      Ipv4Prefix prefix;
      std::string path;
    };
    std::vector<Owner> owners;
    for (const auto& site : topology_.sites) {
      for (std::size_t i = 0; i < site.second.subnets.size(); ++i) {
        const Ipv4Prefix& prefix = site.second.subnets[i];
        const std::string path = item(pathOf(site) + ".subnets", i);
        if (places_.faulty(path)) continue;
        // Homes all over the world use the same private addresses behind their routers.
        const auto clash = std::find_if(owners.begin(), owners.end(),
                                        [&](const Owner& o) { return overlap(o.prefix, prefix); });
        if (clash != owners.end() && !site.second.remote)
          error(path, toText(prefix) + " overlaps " + toText(clash->prefix) + " of " + clash->path,
                "give each site addresses of its own");
        if (!site.second.remote) owners.push_back({prefix, path});
      }
    }
  }

  void regions(const std::string& list, const Names& names) {
    Names known;
    for (const Region& region : builtInRegions()) known.emplace_back(region.name);
    for (std::size_t i = 0; i < names.size(); ++i) {
      const std::string path = item(list, i);
      if (std::find(known.begin(), known.end(), names[i]) == known.end())
        error(path, "there is no Azure region " + quoted(names[i]),
              meant(names[i], known, "Azure region"));
      else if (std::find(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(i), names[i]) !=
               names.begin() + static_cast<std::ptrdiff_t>(i))
        error(path, quoted(names[i]) + " is listed twice", "name it once");
    }
  }

  const Topology& topology_;
  const Places& places_;
  Diagnostics& diagnostics_;
};

class CaseCheck {
 public:
  CaseCheck(const CaseView& view, const Places& places, Diagnostics& diagnostics)
      : view_(view), places_(places), diagnostics_(diagnostics) {}

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
      senders(call, path);
      paths(call, path);
      media(call, path);
    }
    crowds();
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
    const Names sites = namesOf(view_.topology.sites);
    const bool sitesUnknown = view_.topology_faulty && sites.empty();
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
      if (find(view_.topology.sites, person.site) == nullptr) {
        sitesExist = false;
        if (!sitesUnknown)
          error(here, "there is no site " + quoted(person.site), meant(person.site, sites, "site"));
      }
    }
    if (sitesExist && !view_.topology_faulty) reachability(call, list);
  }

  // Each participant of a site takes an address of its first subnet; three of them are not for
  // hosts: the network's own, the router's and the broadcast address.
  void crowds() {
    for (const auto& site : view_.topology.sites) {
      if (site.second.subnets.empty()) continue;
      std::set<std::string> people;
      for (const Call& call : view_.calls)
        for (const Participant& person : call.participants)
          if (person.site == site.first) people.insert(person.name);
      const std::uint64_t addresses = std::uint64_t{1} << (32 - site.second.subnets[0].length);
      const std::uint64_t hosts = addresses > 3 ? addresses - 3 : 1;
      if (people.size() <= hosts) continue;
      const std::string prefix = view_.topology_prefix.empty() ? "" : view_.topology_prefix + ".";
      diagnostics_.warning(site.second.pos, prefix + pathOf(site) + ".subnets",
                           toText(site.second.subnets[0]) + " has room for " +
                               std::to_string(hosts) +
                               (hosts == 1 ? " host, and " : " hosts, and ") +
                               std::to_string(people.size()) + " take part in calls from here",
                           "write a larger prefix");
    }
  }

  void size(const Call& call, const std::string& list) {
    const std::size_t count = call.participants.size();
    if (call.kind == CallKind::one_to_one && count != 2)
      error(list, "a one-to-one call has two participants, not " + std::to_string(count),
            count > 2 ? "write kind: group" : "write for example [alice@hq, bob@home]");
    if (call.kind == CallKind::group && count < 2)
      error(list, "a group call has at least two participants, not " + std::to_string(count),
            "write for example [alice@hq, bob@branch, carol@home]");
  }

  // Where a site's traffic ends up when it follows its wans: the site whose uplink it uses, or the
  // last one.
  std::string exitOf(const std::string& from, bool& internet) const {
    std::string at = from;
    std::set<std::string> seen;
    while (seen.insert(at).second) {
      const Site* site = find(view_.topology.sites, at);
      if (site == nullptr) break;
      if (site->uplink) {
        internet = true;
        return at;
      }
      if (!site->wan) break;
      at = site->wan->to;
    }
    internet = false;
    return at;
  }

  // Somebody without a way to the Internet can still talk inside the same private network, one to
  // one.
  void reachability(const Call& call, const std::string& list) {
    for (std::size_t i = 0; i < call.participants.size(); ++i) {
      const Participant& person = call.participants[i];
      bool internet = false;
      const std::string exit = exitOf(person.site, internet);
      if (internet) continue;
      const bool allInside = call.kind == CallKind::one_to_one &&
                             std::all_of(call.participants.begin(), call.participants.end(),
                                         [&](const Participant& p) {
                                           bool theirInternet = false;
                                           return exitOf(p.site, theirInternet) == exit;
                                         });
      if (allInside) continue;
      error(item(list, i),
            quoted(person.name) + " cannot be reached: " +
                (exit == person.site ? "site " + quoted(exit)
                                     : "the wan of " + quoted(person.site) + " ends at " +
                                           quoted(exit) + ", which") +
                " has neither uplink nor wan",
            "give " + quoted(exit) + " an uplink, or a wan to a site that has one");
    }
  }

  void senders(const Call& call, const std::string& path) {
    if (places_.faulty(path + ".participants") || places_.faulty(path + ".senders")) return;
    Names people;
    for (const Participant& person : call.participants) people.push_back(person.name);
    for (std::size_t i = 0; i < call.senders.size(); ++i) {
      const std::string here = item(path + ".senders", i);
      const auto end = call.senders.begin() + static_cast<std::ptrdiff_t>(i);
      if (std::find(people.begin(), people.end(), call.senders[i]) == people.end())
        error(here, quoted(call.senders[i]) + " does not take part in this call",
              meant(call.senders[i], people, "participant"));
      else if (std::find(call.senders.begin(), end, call.senders[i]) != end)
        error(here, quoted(call.senders[i]) + " is listed twice", "name each sender once");
    }
  }

  void paths(const Call& call, const std::string& path) {
    const std::string list = path + ".paths";
    if (places_.faulty(list)) return;
    if (call.paths.empty())
      error(list, "is empty", "write at least one of: direct, relay-udp, relay-tcp");
    for (std::size_t i = 0; i < call.paths.size(); ++i) {
      const auto end = call.paths.begin() + static_cast<std::ptrdiff_t>(i);
      if (std::find(call.paths.begin(), end, call.paths[i]) != end)
        error(item(list, i), "is listed twice", "name each path once");
    }
  }

  void media(const Call& call, const std::string& path) {
    const std::string buffer = path + ".audio.jitter-buffer";
    if (call.audio.jitter_buffer.kind != JitterBufferKind::fixed && !places_.faulty(buffer))
      bounds(call.audio.jitter_buffer, buffer);
    packets(call.audio, path + ".audio");
    if (places_.faulty(path + ".duration") || places_.faulty(path + ".audio.frame")) return;
    if (call.duration < call.audio.frame)
      error(path + ".duration",
            toText(call.duration) + " is less than one frame of " + toText(call.audio.frame),
            "write at least " + toText(call.audio.frame));
    else if (view_.warm_up >= call.duration && !places_.faulty("warm-up"))
      error("warm-up",
            toText(view_.warm_up) + " leaves nothing to score of call " + quoted(call.name) +
                ", which lasts " + toText(call.duration),
            "write less than that");
  }

  void packets(const Audio& audio, const std::string& path) {
    const auto times = media::packetTimes(audio.codec);
    if (std::find(times.begin(), times.end(), audio.frame) == times.end() &&
        !places_.faulty(path + ".frame")) {
      const bool opus = audio.codec == AudioCodec::opus;
      error(path + ".frame",
            toText(audio.frame) + " is no packet time of " + (opus ? "Opus" : "G.711 and G.722") +
                " in WebRTC",
            "write " + choiceOf(times));
    }
    if (audio.rtpExtensions.count() % 4 != 0 && !places_.faulty(path + ".rtp-extensions"))
      error(path + ".rtp-extensions",
            toText(audio.rtpExtensions) + " is not a multiple of 4 B (RFC 8285)",
            "write " + toText(DataSize::bytes((audio.rtpExtensions.count() / 4 + 1) * 4)));
  }

  void bounds(const JitterBuffer& buffer, const std::string& path) {
    if (buffer.minimum > buffer.maximum)
      error(path + ".minimum",
            toText(buffer.minimum) + " is more than the maximum of " + toText(buffer.maximum),
            "write at most that, or raise the maximum");
    else if (buffer.delay < buffer.minimum || buffer.delay > buffer.maximum)
      error(path + ".delay",
            toText(buffer.delay) + " is not between the minimum of " + toText(buffer.minimum) +
                " and the maximum of " + toText(buffer.maximum),
            "write a delay between them");
  }

  Names linkNames() const {
    Names names;
    for (const auto& [name, site] : view_.topology.sites) {
      names.push_back(name + ".access");
      if (site.uplink) names.push_back(name + ".uplink");
      if (site.wan) names.push_back(name + ".wan");
    }
    return names;
  }

  void event(const LinkChange& change, const std::string& path) {
    if (!places_.faulty(path + ".link")) link(change, path + ".link");
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

  void link(const LinkChange& change, const std::string& path) {
    const Names links = linkNames();
    if (std::find(links.begin(), links.end(), change.link) != links.end()) return;
    if (view_.topology_faulty) return;
    const auto dot = change.link.find('.');
    const std::string site = change.link.substr(0, dot);
    const std::string kind = dot == std::string::npos ? "" : change.link.substr(dot + 1);
    const bool siteKnown = find(view_.topology.sites, site) != nullptr;
    if (siteKnown && (kind == "uplink" || kind == "wan"))
      error(path, quoted(site) + " has no " + kind, "give it one, or name another link");
    else
      error(path, "there is no link " + quoted(change.link), meant(change.link, links, "link"));
  }

  const CaseView& view_;
  const Places& places_;
  Diagnostics& diagnostics_;
};

}  // namespace

void validateTopology(const Topology& topology, const Places& places, Diagnostics& diagnostics) {
  TopologyCheck(topology, places, diagnostics).run();
}

void validateCase(const CaseView& view, const Places& places, Diagnostics& diagnostics) {
  CaseCheck(view, places, diagnostics).run();
}

}  // namespace callflow::topology
