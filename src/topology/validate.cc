#include "src/topology/validate.h"

#include <algorithm>
#include <map>
#include <set>

#include "src/topology/address_text.h"
#include "src/topology/regions.h"

namespace callflow::topology {
namespace {

using Names = std::vector<std::string>;

std::string quoted(const std::string& text) {
  return "\"" + text + "\"";
}

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
  if (names.empty()) return "there is no " + kind + " in this file";
  if (names.size() > 12) return "see the reference for the names of each " + kind;
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
  return (a.address & mask) == (b.address & mask);
}

class TopologyCheck {
 public:
  TopologyCheck(const Topology& topology, const Positions& where, Diagnostics& diagnostics)
      : topology_(topology), where_(where), diagnostics_(diagnostics) {}

  void run() {
    names();
    perimeters();
    wans();
    wanCycles();
    subnets();
    regions("azure.regions", topology_.azure.regions);
    regions("azure.edges", topology_.azure.edges);
  }

 private:
  void error(const std::string& path, std::string problem, std::string advice) {
    diagnostics_.error(where_(path), path, std::move(problem), std::move(advice));
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

  void perimeters() {
    const Names devices = namesOf(topology_.devices);
    std::map<std::string, std::string> owner;
    for (const auto& site : topology_.sites) {
      const std::string list = pathOf(site) + ".perimeter";
      for (std::size_t i = 0; i < site.second.perimeter.size(); ++i) {
        const std::string& device = site.second.perimeter[i];
        const std::string path = item(list, i);
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
    if (names.empty()) error(list, "is empty", "name at least one Azure region");
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
  const Positions& where_;
  Diagnostics& diagnostics_;
};

class CaseCheck {
 public:
  CaseCheck(const CaseView& view, const Positions& where, Diagnostics& diagnostics)
      : view_(view), where_(where), diagnostics_(diagnostics) {}

  void run() {
    std::map<std::string, std::size_t> first;
    for (std::size_t i = 0; i < view_.calls.size(); ++i) {
      const Call& call = view_.calls[i];
      const std::string path = item("calls", i);
      const auto [at, fresh] = first.emplace(call.name, i);
      if (!fresh)
        error(path + ".name",
              quoted(call.name) + " is the name of " + item("calls", at->second) + " too",
              "give each call a name of its own");
      people(call, path);
      senders(call, path);
      paths(call, path);
      media(call, path);
    }
    for (std::size_t i = 0; i < view_.events.size(); ++i) event(view_.events[i], item("events", i));
  }

 private:
  void error(const std::string& path, std::string problem, std::string advice) {
    diagnostics_.error(where_(path), path, std::move(problem), std::move(advice));
  }

  void people(const Call& call, const std::string& path) {
    const std::string list = path + ".participants";
    const Names sites = namesOf(view_.topology.sites);
    const auto count = call.participants.size();
    if (call.kind == CallKind::one_to_one && count != 2)
      error(list, "a one-to-one call has two participants, not " + std::to_string(count),
            count > 2 ? "write kind: group" : "write for example [alice@hq, bob@home]");
    if (call.kind == CallKind::group && count < 2)
      error(list, "a group call has at least two participants, not " + std::to_string(count),
            "write for example [alice@hq, bob@branch, carol@home]");
    bool sitesExist = true;
    for (std::size_t i = 0; i < count; ++i) {
      const Participant& person = call.participants[i];
      const std::string here = item(list, i);
      for (std::size_t j = 0; j < i; ++j)
        if (call.participants[j].name == person.name) {
          error(here, quoted(person.name) + " takes part twice",
                "give each participant of a call a name of its own");
          break;
        }
      if (find(view_.topology.sites, person.site) == nullptr) {
        sitesExist = false;
        error(here, "there is no site " + quoted(person.site), meant(person.site, sites, "site"));
      }
    }
    if (sitesExist) reachability(call, list);
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
    if (call.paths.empty())
      error(list, "is empty", "write at least one of: direct, relay-udp, relay-tcp");
    for (std::size_t i = 0; i < call.paths.size(); ++i) {
      const auto end = call.paths.begin() + static_cast<std::ptrdiff_t>(i);
      if (std::find(call.paths.begin(), end, call.paths[i]) != end)
        error(item(list, i), "is listed twice", "name each path once");
    }
  }

  void media(const Call& call, const std::string& path) {
    const JitterBuffer& buffer = call.audio.jitter_buffer;
    const std::string here = path + ".audio.jitter-buffer";
    if (buffer.kind == JitterBufferKind::adaptive) {
      if (buffer.minimum > buffer.maximum)
        error(here + ".minimum",
              toText(buffer.minimum) + " is more than the maximum of " + toText(buffer.maximum),
              "write at most " + toText(buffer.maximum) + ", or raise the maximum");
      else if (buffer.delay < buffer.minimum || buffer.delay > buffer.maximum)
        error(here + ".delay",
              toText(buffer.delay) + " is not between the minimum of " + toText(buffer.minimum) +
                  " and the maximum of " + toText(buffer.maximum),
              "write a delay between them");
    }
    if (call.duration < call.audio.frame)
      error(path + ".duration",
            toText(call.duration) + " is less than one frame of " + toText(call.audio.frame),
            "write at least " + toText(call.audio.frame));
    else if (view_.warm_up >= call.duration)
      error("warm-up",
            "leaves nothing to score of call " + quoted(call.name) + ", which lasts " +
                toText(call.duration),
            "write less than " + toText(call.duration));
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
    const Names links = linkNames();
    if (std::find(links.begin(), links.end(), change.link) == links.end()) {
      const auto dot = change.link.find('.');
      const std::string site = change.link.substr(0, dot);
      const std::string kind = dot == std::string::npos ? "" : change.link.substr(dot + 1);
      const bool siteKnown = find(view_.topology.sites, site) != nullptr;
      if (siteKnown && (kind == "uplink" || kind == "wan"))
        error(path + ".link", quoted(site) + " has no " + kind,
              "give it one, or name another link");
      else
        error(path + ".link", "there is no link " + quoted(change.link),
              meant(change.link, links, "link"));
    }
    Duration end;
    for (const Call& call : view_.calls)
      end = std::max(end, call.start + call.setup + call.duration + view_.drain);
    if (change.at > end)
      error(path + ".at",
            toText(change.at) + " is after the end of the simulation at " + toText(end),
            "write an earlier time, or a longer call");
  }

  const CaseView& view_;
  const Positions& where_;
  Diagnostics& diagnostics_;
};

}  // namespace

void validateTopology(const Topology& topology, const Positions& where, Diagnostics& diagnostics) {
  TopologyCheck(topology, where, diagnostics).run();
}

void validateCase(const CaseView& view, const Positions& where, Diagnostics& diagnostics) {
  CaseCheck(view, where, diagnostics).run();
}

}  // namespace callflow::topology
