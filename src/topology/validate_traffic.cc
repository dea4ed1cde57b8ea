// Other traffic: who sends to whom, and when.
#include <algorithm>
#include <variant>

#include "src/topology/traffic_hosts.h"
#include "src/topology/validate.h"
#include "src/topology/validate_words.h"
#include "src/units/quoted.h"

namespace callflow::topology {
namespace {

class TrafficCheck {
 public:
  TrafficCheck(const CaseView& view, const Places& places, Diagnostics& diagnostics)
      : view_(view), places_(places), diagnostics_(diagnostics) {}

  void run() {
    int flows = 0;
    for (std::size_t i = 0; i < view_.traffic.size(); ++i) {
      const std::string path = places_.item("traffic", i);
      if (places_.faulty(path)) continue;
      const Traffic& traffic = view_.traffic[i];
      ends(traffic, path);
      time(traffic, path);
      flows += traffic.count;
      if (flows > kMostTrafficFlows)
        error(path + ".count", "makes more than " + std::to_string(kMostTrafficFlows) + " flows",
              "write a smaller count");
      const bool datagrams = !std::holds_alternative<traffic::Transfer>(traffic.kind);
      if (datagrams && traffic.port + traffic.count - 1 > 65535)
        error(path + ".port", "leaves no ports for " + std::to_string(traffic.count) + " flows",
              "write a lower port: each flow of UDP is sent to one of its own");
    }
  }

 private:
  void error(const std::string& path, std::string problem, std::string advice) {
    diagnostics_.error(places_.at(path), places_.shown(path), std::move(problem),
                       std::move(advice));
  }

  void ends(const Traffic& traffic, const std::string& path) {
    if (traffic.from == kInternet && traffic.to == kInternet) {
      error(path + ".from", "both ends are on the Internet",
            "name a site or a participant for one of them");
      return;
    }
    const bool known = end(traffic.from, path + ".from") && end(traffic.to, path + ".to");
    if (!known) return;
    if (traffic.from == traffic.to && traffic.from.find('@') != std::string::npos) {
      error(path + ".to", quoted(traffic.to) + " sends to itself", "name another end");
      return;
    }
    if (view_.waysFaulty()) return;
    const TrafficEnds both = endsOf(traffic);
    if (traffic.from == kInternet || traffic.to == kInternet) {
      const std::string& site = traffic.from == kInternet ? both.to.site : both.from.site;
      if (!exitOf(view_.topology, site).internet)
        error(path, quoted(site) + " has no way to the Internet",
              "give it an uplink, or a wan to a site that has one");
      return;
    }
    const Exit from = exitOf(view_.topology, both.from.site);
    const Exit to = exitOf(view_.topology, both.to.site);
    if (from.site != to.site && !(from.internet && to.internet))
      error(path, quoted(both.from.site) + " and " + quoted(both.to.site) + " are not joined",
            "give both an uplink, or join them by a wan");
    else if (from.site != to.site && !joinedByWans(both.from.site, both.to.site))
      unasked(both.to.site, to, path + ".to");
  }

  // Whether the way from one site to another stays inside, though both have ways out of their own.
  bool joinedByWans(const std::string& one, const std::string& other) const {
    const auto above = [&](std::string name) {
      std::vector<std::string> names{name};
      while (true) {
        const Site* const site = find(view_.topology.sites, name);
        if (site == nullptr || !site->wan) return names;
        name = site->wan->to;
        if (std::find(names.begin(), names.end(), name) != names.end()) return names;
        names.push_back(name);
      }
    };
    const std::vector<std::string> ofOne = above(one), ofOther = above(other);
    return std::any_of(ofOne.begin(), ofOne.end(), [&](const std::string& name) {
      return std::find(ofOther.begin(), ofOther.end(), name) != ofOther.end();
    });
  }

  // What comes from elsewhere to who has sent nothing first.
  void unasked(const std::string& to, const Exit& exit, const std::string& path) {
    const auto hides = [&](const std::string& name) {
      const Device* const device = find(view_.topology.devices, name);
      if (device == nullptr || !BoxKinds::role(device->kind).translates) return false;
      const auto* const nat = std::get_if<Nat>(&device->kind);
      return nat == nullptr || !nat->oneToOne;
    };
    const auto nat = std::find_if(exit.devices.begin(), exit.devices.end(), hides);
    if (nat == exit.devices.end()) return;
    diagnostics_.warning(places_.at(path), places_.shown(path),
                         quoted(to) + " is behind " + quoted(*nat) +
                             ", which lets nothing in that nobody behind it has asked for",
                         "write to: internet, or a site with public addresses");
  }

  // Whether it exists.
  bool end(const std::string& name, const std::string& path) {
    if (name == kInternet) return true;
    const std::size_t at = name.find('@');
    const std::string site = at == std::string::npos ? name : name.substr(at + 1);
    if (find(view_.topology.sites, site) == nullptr) {
      if (view_.siteFollows(site)) return false;
      Names names = namesOf(view_.topology.sites);
      names.push_back(std::string(kInternet));
      error(path, "there is no site " + quoted(site), meant(site, names, "site"));
      return false;
    }
    if (at == std::string::npos) return true;
    Names people;
    bool unread = places_.hidesNames();
    for (const Call& call : view_.calls) {
      for (const Participant& person : call.participants) {
        const std::string who = person.name + "@" + person.site;
        if (who == name || (person.isAt(site) && person.name + "@" + site == name)) return true;
        unread = unread || person.name.empty();
        if (std::find(people.begin(), people.end(), who) == people.end()) people.push_back(who);
      }
    }
    if (unread) return false;
    error(path, quoted(name) + " takes part in no call", meant(name, people, "participant"));
    return false;
  }

  void time(const Traffic& traffic, const std::string& path) {
    Duration end;
    for (std::size_t i = 0; i < view_.calls.size(); ++i) {
      const Call& call = view_.calls[i];
      if (places_.faulty(places_.item("calls", i))) return;
      end = std::max(end, call.start + call.setup + call.duration);
    }
    if (traffic.start >= end)
      error(path + ".start",
            toText(traffic.start) + " is not before the end of the calls at " + toText(end),
            "write an earlier time, or a longer call");
  }

  const CaseView& view_;
  const Places& places_;
  Diagnostics& diagnostics_;
};

}  // namespace

void validateTraffic(const CaseView& view, const Places& places, Diagnostics& diagnostics) {
  TrafficCheck(view, places, diagnostics).run();
}

}  // namespace callflow::topology
