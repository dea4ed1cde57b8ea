#include "src/topology/validate.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <set>

#include "models/wire/address_text.h"
#include "src/topology/relay_names.h"
#include "src/topology/validate_words.h"

namespace callflow::topology {
namespace {

class TopologyCheck {
 public:
  TopologyCheck(const Topology& topology, const Places& places, Diagnostics& diagnostics)
      : topology_(topology), places_(places), diagnostics_(diagnostics) {}

  void run() {
    names();
    if (topology_.sites.empty() && !places_.faulty(""))
      error("", "there is neither a site nor a remote user", "write for example sites: {hq: {}}");
    perimeters();
    rulePlaces();
    wans();
    wanCycles();
    subnets();
    vpns();
    wifis();
    servers();
    backups();
    routes();
    twice("azure.regions", topology_.azure.regions);
    twice("azure.edges", topology_.azure.edges);
    twice("azure.relays-off", topology_.azure.relaysOff);
    relaysOff();
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

  // A list of devices in a line.
  struct Line {
    std::string
        place;  // for messages and to compare: "sites.hq", "the far end of wans at sites.hq"
    std::vector<std::string> devices;
    std::vector<std::string> paths;  // of each device
    bool uplink = false;             // what a provider has comes behind it
    bool shared = false;             // lines that name the same devices before one share it
  };

  std::vector<Line> linesOf(const std::pair<std::string, Site>& site) const {
    const auto line = [&](std::string place, const Names& devices, const std::string& list) {
      Line made{std::move(place), devices, {}};
      for (std::size_t i = 0; i < devices.size(); ++i) made.paths.push_back(item(list, i));
      return made;
    };
    std::vector<Line> lines;
    lines.push_back(line(pathOf(site), site.second.perimeter, pathOf(site) + ".perimeter"));
    lines[0].uplink = site.second.uplink.has_value();
    for (std::size_t i = 0; i < lines[0].paths.size(); ++i)
      lines[0].paths[i] = perimeterPath(site, i);
    if (site.second.peering)
      lines.push_back(line(pathOf(site) + ".peering", site.second.peering->perimeter,
                           pathOf(site) + ".peering.perimeter"));
    if (!site.second.wan) return lines;
    const std::string wan = pathOf(site) + ".wan";
    lines.push_back(line(wan, site.second.wan->perimeter, wan + ".perimeter"));
    lines.push_back(line("the far end of wans to " + site.second.wan->to,
                         site.second.wan->farPerimeter, wan + ".far-perimeter"));
    lines.back().shared = true;
    return lines;
  }

  void perimetersAmong(const Names& devices) {
    std::map<std::string, std::pair<std::string, Names>> owner;
    for (const auto& site : topology_.sites) {
      guarded(site);
      for (const Line& line : linesOf(site)) {
        Names before;
        for (std::size_t i = 0; i < line.devices.size(); ++i) {
          placed(line, i, before, devices, owner);
          before.push_back(line.devices[i]);
        }
      }
    }
  }

  void placed(const Line& line, std::size_t i, const Names& before, const Names& devices,
              std::map<std::string, std::pair<std::string, Names>>& owner) {
    const std::string& device = line.devices[i];
    if (places_.faulty(line.paths[i])) return;
    if (find(topology_.devices, device) == nullptr) {
      error(line.paths[i], "there is no device " + quoted(device),
            meant(device, devices, "device"));
      return;
    }
    if (BoxKinds::role(find(topology_.devices, device)->kind).wireless) {
      error(line.paths[i], quoted(device) + " is a Wi-Fi network, which stands in no line",
            "write wifi: " + device + " at the site");
      return;
    }
    const auto here = std::pair(line.place, line.shared ? before : Names{});
    const auto [at, fresh] = owner.emplace(device, here);
    if (find(topology_.devices, device)->shared) {
      if (BoxKinds::role(find(topology_.devices, device)->kind).tunnels)
        error(line.paths[i], quoted(device) + " is shared, and a VPN's gateway stands at one site",
              "leave shared out");
      if (!line.uplink || i + 1 != line.devices.size())
        error(line.paths[i], quoted(device) + " is shared, and a provider's box is the outermost",
              "name it last in the perimeter of a site with an uplink");
      return;
    }
    const bool twice = std::find(before.begin(), before.end(), device) != before.end();
    if (twice)
      error(line.paths[i], quoted(device) + " stands in this perimeter twice", "name it once");
    else if (!fresh && !(line.shared && at->second == here))
      error(line.paths[i], "device " + quoted(device) + " already stands at " + at->second.first,
            "declare a device of its own for each place");
  }

  // Names in rules, which may be of sites, of NATs, of VPNs (their clients), of servers, of people
  // and of proxies. What a VPN's clients send into it they know by prefixes only.
  void rulePlaces() {
    if (topology_.sites.empty()) return;
    for (const auto& [name, device] : topology_.devices) {
      const std::string path = "devices." + name;
      if (const auto* firewall = std::get_if<Firewall>(&device.kind); firewall != nullptr)
        rulePlaces(firewall->rules, path);
      const auto* vpn = std::get_if<vpn::Vpn>(&device.kind);
      if (vpn == nullptr) continue;
      rulePlaces(vpn->rules, path);
      noPlaces(vpn->only, path + ".only");
      noPlaces(vpn->except, path + ".except");
    }
  }

  void rulePlaces(const std::vector<FirewallRule>& rules, const std::string& device) {
    for (std::size_t i = 0; i < rules.size(); ++i) {
      const std::string rule = item(device + ".rules", i);
      placesIn(rules[i].from, rule + ".from");
      placesIn(rules[i].to, rule + ".to");
    }
  }

  void noPlaces(const std::vector<RuleAddress>& ranges, const std::string& list) {
    for (std::size_t i = 0; i < ranges.size(); ++i) {
      const auto* place = std::get_if<wire::Place>(&ranges[i]);
      const std::string path = ranges.size() > 1 ? item(list, i) : list;
      if (place != nullptr && !places_.faulty(path))
        error(path, quoted(place->name) + " is neither a prefix nor a service",
              "write for example 10.1.0.0/16, azure or acs-media");
    }
  }

  void placesIn(const std::vector<RuleAddress>& ranges, const std::string& list) {
    for (std::size_t i = 0; i < ranges.size(); ++i) {
      const auto* place = std::get_if<wire::Place>(&ranges[i]);
      const std::string path = ranges.size() > 1 ? item(list, i) : list;
      if (place != nullptr && !places_.faulty(path)) rulePlace(place->name, path);
    }
  }

  static bool hasAddresses(const Device& device) {
    const fabric::BoxRole role = BoxKinds::role(device.kind);
    return role.translates || role.tunnels;
  }

  void rulePlace(const std::string& name, const std::string& path) {
    const std::string site = name.substr(name.find('@') + 1, name.find('/'));
    const Site* const at = find(topology_.sites, site);
    const bool person = name.find('@') != std::string::npos;
    const bool proxy = name.ends_with("/proxy") && at != nullptr && at->proxy.present;
    if (at != nullptr && (person || proxy || name == site)) return;
    const Device* const device = find(topology_.devices, name);
    if (device != nullptr && hasAddresses(*device)) return;
    if (find(topology_.servers, name) != nullptr) return;
    if (device != nullptr) {
      error(path, quoted(name) + " has no address: it is a device that does not translate",
            "write the site or the prefix whose packets are meant");
    } else if (at != nullptr) {
      error(path, "there is no " + quoted(name),
            "write " + quoted(site) + " for the whole site" +
                (at->proxy.present ? ", or " + quoted(site + "/proxy") : ""));
    } else {
      Names names = namesOf(topology_.sites);
      for (const auto& [other, box] : topology_.devices)
        if (hasAddresses(box)) names.push_back(other);
      for (const auto& [other, server] : topology_.servers) names.push_back(other);
      names.insert(names.end(), {"any", "azure", "acs-media", "acs-signaling"});
      error(path, "there is no site or service " + quoted(site), meant(site, names, "site"));
    }
  }

  // A perimeter guards the uplink; without one it once guarded the wan.
  void guarded(const std::pair<std::string, Site>& site) {
    const Names& perimeter = site.second.perimeter;
    const std::string path = pathOf(site);
    if (perimeter.empty() || site.second.uplink || places_.faulty(path)) return;
    const std::string shortForm = path + ".nat";
    const bool isShort = places_.written(shortForm);
    const std::string key = isShort ? "nat" : "perimeter";
    error(isShort ? shortForm : path + ".perimeter", "guards the uplink, and there is none",
          site.second.wan
              ? "to guard the wan, write wan: {to: " + site.second.wan->to + ", perimeter: [" +
                    listed(perimeter) + "]} and leave " + key + " out (" +
                    (isShort ? "nat: none" : "perimeter: []") + " in a change)"
              : "give " + quoted(site.first) + " an uplink, or leave " + key + " out");
  }

  void wans() {
    for (const auto& site : topology_.sites) {
      if (!site.second.wan) continue;
      const std::string path = pathOf(site) + ".wan.to";
      if (places_.faulty(path)) continue;
      Names others;  // offices
      for (const auto& [name, other] : topology_.sites)
        if (!other.remote && name != site.first) others.push_back(name);
      const Site* target = find(topology_.sites, site.second.wan->to);
      if (site.second.wan->to == site.first)
        error(path, "leads back to the same site",
              others.empty() ? "leave the wan out" : "write one of: " + listed(others));
      else if (target != nullptr && target->remote)
        error(path, quoted(site.second.wan->to) + " is a remote user, and a wan leads to a site",
              others.empty() ? "declare a site first, or write the wan at the remote user"
                             : "write one of: " + listed(others));
      else if (target == nullptr)
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

  const vpn::Vpn* vpnNamed(const std::string& name) const {
    const Device* const device = find(topology_.devices, name);
    return device == nullptr ? nullptr : std::get_if<vpn::Vpn>(&device->kind);
  }

  // The site whose uplink a VPN's gateway stands at.
  const std::pair<std::string, Site>* gatewaySite(const std::string& name) const {
    for (const auto& site : topology_.sites) {
      const Names& line = site.second.perimeter;
      if (site.second.uplink && std::find(line.begin(), line.end(), name) != line.end())
        return &site;
    }
    return nullptr;
  }

  // The first box outside of a gateway that translates.
  std::string natBefore(const Names& perimeter, const std::string& gateway) const {
    auto device = std::find(perimeter.begin(), perimeter.end(), gateway);
    for (; device != perimeter.end(); ++device) {
      const Device* const box = find(topology_.devices, *device);
      if (box != nullptr && BoxKinds::role(box->kind).translates) return *device;
    }
    return {};
  }

  void vpns() {
    Names known;
    for (const auto& [name, device] : topology_.devices)
      if (vpnNamed(name) != nullptr) known.push_back(name);
    for (const auto& site : topology_.sites)
      if (site.second.vpn && !places_.faulty(pathOf(site) + ".vpn") &&
          !deviceFaulty(*site.second.vpn))
        vpnOf(site, known);
    for (const std::string& name : known) clientsOf(name);
  }

  // What a device is, or that it is there, cannot be told.
  bool deviceFaulty(const std::string& name) const {
    return places_.hidesNames() || places_.faulty("devices." + name);
  }

  void vpnOf(const std::pair<std::string, Site>& site, const Names& known) {
    const std::string path = pathOf(site) + ".vpn";
    const std::string& name = *site.second.vpn;
    const auto* const stands = gatewaySite(name);
    if (find(topology_.devices, name) == nullptr)
      error(path, "there is no device " + quoted(name), meant(name, known, "device of kind vpn"));
    else if (vpnNamed(name) == nullptr)
      error(path, "device " + quoted(name) + " is no VPN",
            known.empty() ? "declare one first: devices: {gateway: {kind: vpn}}"
                          : "write one of: " + listed(known));
    else if (stands == nullptr && (places_.faulty("sites") || places_.faulty("remote")))
      return;  // a perimeter that could not be read may name it
    else if (stands == nullptr)
      error(path, "VPN " + quoted(name) + " stands at no uplink, so that nobody reaches it",
            "name it in the perimeter of a site with an uplink, last if it has a public address");
    else if (const std::string wall = natBefore(stands->second.perimeter, name); !wall.empty())
      error(path,
            "VPN " + quoted(name) + " stands behind " + quoted(wall) +
                ", which translates, so that nobody reaches it",
            "name it behind " + wall + " in the perimeter of " + stands->first);
    else if (stands->first == site.first)
      error(path, "the gateway " + quoted(name) + " stands at this site itself",
            "write vpn: at those who come from elsewhere");
    else if (!site.second.uplink && !site.second.wan)
      error(path, quoted(site.first) + " has no line that could carry the tunnel",
            "give it an uplink");
  }

  void clientsOf(const std::string& name) {
    const std::string path = "devices." + name + ".clients";
    if (places_.faulty(path)) return;
    for (const auto& site : topology_.sites)
      for (const Ipv4Prefix& prefix : site.second.subnets)
        if (!site.second.remote && overlap(prefix, vpnNamed(name)->clients))
          error(path,
                toText(vpnNamed(name)->clients) + " overlaps " + toText(prefix) + " of " +
                    pathOf(site),
                "give the VPN's clients addresses of their own");
  }

  void wifis() {
    Names known;
    for (const auto& [name, device] : topology_.devices)
      if (BoxKinds::role(device.kind).wireless) known.push_back(name);
    for (const auto& site : topology_.sites) {
      const std::string path = pathOf(site) + ".wifi";
      if (!site.second.wifi || places_.faulty(path)) continue;
      const std::string& name = *site.second.wifi;
      if (deviceFaulty(name)) continue;
      const Device* const device = find(topology_.devices, name);
      if (device == nullptr)
        error(path, "there is no device " + quoted(name),
              meant(name, known, "device of kind wifi"));
      else if (!BoxKinds::role(device->kind).wireless)
        error(path, "device " + quoted(name) + " is no Wi-Fi network",
              known.empty() ? "declare one first: devices: {air: {kind: wifi}}"
                            : "write one of: " + listed(known));
      else if (device->shared)
        error(path, quoted(name) + " is shared, and an access point stands at one site",
              "leave shared out");
    }
  }

  void routes() {
    for (const auto& site : topology_.sites) {
      const Site& place = site.second;
      for (std::size_t i = 0; i < place.routes.size(); ++i) {
        const SiteRoute& route = place.routes[i];
        const std::string path = item(pathOf(site) + ".routes", i);
        if (places_.faulty(path)) continue;
        noPlaces(route.to, path + ".to");
        const std::string by = path + ".by";
        if (route.by == RouteBy::uplink && !place.uplink)
          error(by, quoted(site.first) + " has no uplink", "give it one, or write by: wan");
        if (route.by == RouteBy::wan && !place.wan)
          error(by, quoted(site.first) + " has no wan", "give it one, or write by: uplink");
        if (route.by == RouteBy::peering && !place.peering)
          error(by, quoted(site.first) + " has no private peering",
                "give it one (peering: {}), or write by: uplink");
      }
    }
  }

  void backups() {
    for (const auto& site : topology_.sites)
      if (site.second.backup && !site.second.uplink && !places_.faulty(pathOf(site) + ".backup"))
        error(pathOf(site) + ".backup", "stands for the uplink, and there is none",
              "give " + quoted(site.first) + " an uplink, or leave backup out");
  }

  void servers() {
    const Names sites = namesOf(topology_.sites);
    for (const auto& [name, server] : topology_.servers) {
      const std::string path = "servers." + name;
      if (!places_.faulty(path + ".at") && find(topology_.sites, server.at) == nullptr)
        error(path + ".at", "there is no site " + quoted(server.at),
              meant(server.at, sites, "site"));
      if (find(topology_.sites, name) != nullptr || find(topology_.devices, name) != nullptr)
        error(path, "is the name of a site or device too", "give it a name of its own");
    }
  }

  void relaysOff() {
    const Names& off = topology_.azure.relaysOff;
    const Names& regions = topology_.azure.regions;
    for (std::size_t i = 0; i < off.size(); ++i) {
      const std::string path = item("azure.relays-off", i);
      if (places_.faulty(path) ||
          std::find(regions.begin(), regions.end(), off[i]) != regions.end())
        continue;
      error(path, quoted(off[i]) + " is none of azure.regions", "write one of: " + listed(regions));
    }
  }

  // That they exist is the table's to say.
  void twice(const std::string& list, const Names& names) {
    if (!places_.written(list) || places_.faulty(list)) return;
    for (std::size_t i = 0; i < names.size(); ++i) {
      const auto here = names.begin() + static_cast<std::ptrdiff_t>(i);
      if (std::find(names.begin(), here, names[i]) != here)
        error(item(list, i), quoted(names[i]) + " is listed twice", "name it once");
    }
  }

  const Topology& topology_;
  const Places& places_;
  Diagnostics& diagnostics_;
};

}  // namespace

void validateTopology(const Topology& topology, const Places& places, Diagnostics& diagnostics) {
  TopologyCheck(topology, places, diagnostics).run();
  validateAlternates(topology, places, diagnostics);
}

}  // namespace callflow::topology
