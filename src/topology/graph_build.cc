#include <algorithm>
#include <map>
#include <numeric>
#include <set>
#include <stdexcept>
#include <utility>

#include "models/wire/service.h"
#include "src/topology/graph_addresses.h"
#include "src/topology/graph_azure.h"
#include "src/topology/graph_backbone.h"
#include "src/topology/graph_company.h"
#include "src/topology/graph_data.h"
#include "src/topology/graph_lines.h"
#include "src/topology/graph_links.h"
#include "src/topology/graph_telephones.h"
#include "src/topology/graph_vpn.h"
#include "src/topology/regions.h"

namespace callflow::topology {
namespace {

bool translates(const Device& device) {
  return BoxKinds::role(device.kind).translates;
}

class Builder {
 public:
  Builder(const Topology& topology, const std::vector<Participant>& participants,
          const std::vector<Company>* companies)
      : topology_(topology),
        companies_(companies),
        sites_(topology.sites.size()),
        lines_(topology, data_, addresses_) {
    resolveSites();
    addSites();
    addWifi();
    addParticipants(participants);
    addProxies();
    addOwnServers();
    addUplinks();
    addWans();
    addAzure();
    addTelephones(data_, topology_, participants, addresses_);
    addPeerings();
    addInternet();
    addVpns(data_, topology_, addresses_);
  }

  GraphData take() { return std::move(data_); }

 private:
  struct SiteState {
    ElementId element{};
    std::optional<ElementId> wifi;        // its access point
    std::optional<ElementId> pop;         // of its own uplink
    std::size_t entry = 0;                // of that pop in the plan for Azure
    std::optional<std::size_t> resolver;  // its place in the plan, if it is elsewhere
    std::optional<std::size_t> peering;   // that of its private peering
    std::optional<std::size_t> wan;       // the site its WAN link leads to
    std::optional<std::size_t> exit;      // the site whose uplink it uses
    int network = 0;
    bool holdsParticipants = false;
    std::optional<Ipv4Prefix> subnet;  // participants' addresses; nothing: public ones
  };

  std::size_t siteNamed(const std::string& name) const {
    const auto& sites = topology_.sites;
    const auto found = std::find_if(sites.begin(), sites.end(),
                                    [&](const auto& entry) { return entry.first == name; });
    if (found == sites.end()) throw std::invalid_argument("no site " + name);
    return static_cast<std::size_t>(found - sites.begin());
  }

  const Device& deviceNamed(const std::string& name) const {
    for (const auto& [key, device] : topology_.devices) {
      if (key == name) return device;
    }
    throw std::invalid_argument("no device " + name);
  }

  // The shared device that a site's uplink ends at, if it does.
  const std::string* sharedAt(std::size_t site) const {
    const Site& place = topology_.sites[site].second;
    if (!place.uplink || place.perimeter.empty()) return nullptr;
    const std::string& last = place.perimeter.back();
    return deviceNamed(last).shared ? &last : nullptr;
  }

  // The site whose point of presence a site's uplink leads to: the first of those behind a shared
  // device, else itself.
  std::size_t exitOf(std::size_t site) const {
    const std::string* device = sharedAt(site);
    for (std::size_t i = 0; device != nullptr && i < site; ++i) {
      const std::string* other = sharedAt(i);
      if (other != nullptr && *other == *device) return i;
    }
    return site;
  }

  bool anyTranslates(const std::vector<std::string>& devices) const {
    return std::any_of(devices.begin(), devices.end(),
                       [&](const auto& name) { return translates(deviceNamed(name)); });
  }

  // WAN targets, exits, customer networks and address ranges: all that does not need elements.
  void resolveSites() {
    for (std::size_t i = 0; i < sites_.size(); ++i) {
      const Site& site = topology_.sites[i].second;
      if (site.wan) sites_[i].wan = siteNamed(site.wan->to);
    }
    for (std::size_t i = 0; i < sites_.size(); ++i) {
      bool translated = false;
      std::size_t at = i;
      // A walk longer than there are sites goes round in a circle.
      for (std::size_t step = 0; step <= sites_.size(); ++step) {
        const Site& here = topology_.sites[at].second;
        if (here.uplink) {
          translated = translated || anyTranslates(here.perimeter);
          sites_[i].exit = exitOf(at);
          break;
        }
        if (!sites_[at].wan) break;
        translated = translated || anyTranslates(here.wan->perimeter);
        at = *sites_[at].wan;
      }
      const Site& site = topology_.sites[i].second;
      if (!site.subnets.empty()) {
        sites_[i].subnet = site.subnets.front();
      } else if (translated || !sites_[i].exit) {
        sites_[i].subnet = addresses_.homeSubnet();
      }
    }
    // Union of sites joined by WAN links: each network is called after its first site.
    std::vector<std::size_t> parent(sites_.size());
    std::iota(parent.begin(), parent.end(), std::size_t{0});
    const auto root = [&](std::size_t i) {
      while (parent[i] != i) i = parent[i] = parent[parent[i]];
      return i;
    };
    for (std::size_t i = 0; i < sites_.size(); ++i) {
      if (!sites_[i].wan) continue;
      const auto [low, high] = std::minmax({root(i), root(*sites_[i].wan)});
      parent[high] = low;
    }
    for (std::size_t i = 0; i < sites_.size(); ++i) sites_[i].network = static_cast<int>(root(i));
  }

  ElementId addElement(Element element, Standing standing) {
    return data_.addElement(std::move(element), standing);
  }

  void addLink(LinkKind kind, std::string name, ElementId from, ElementId to, const Link& link,
               const std::string& also = {}) {
    data_.addLink(kind, std::move(name), from, to, link, also);
  }

  void addSites() {
    for (std::size_t i = 0; i < sites_.size(); ++i) {
      const auto& name = topology_.sites[i].first;
      Element element;
      element.kind = ElementKind::site;
      element.name = name;
      element.site = name;
      element.remote = topology_.sites[i].second.remote;
      sites_[i].element = addElement(std::move(element), standingOf(i));
    }
  }

  Standing standingOf(std::size_t site) const {
    Standing standing;
    standing.network = sites_[site].network;
    return standing;
  }

  // Between participants and the local network.
  void addWifi() {
    for (std::size_t i = 0; i < sites_.size(); ++i) {
      const auto& [name, site] = topology_.sites[i];
      if (!site.wifi) continue;
      Element element;
      element.kind = ElementKind::device;
      element.device = *site.wifi;
      element.name = lines_.elementName(element.device, name);
      element.site = name;
      element.remote = site.remote;
      element.role = BoxKinds::role(deviceNamed(element.device).kind).name;
      sites_[i].wifi = addElement(std::move(element), standingOf(i));
      addLink(LinkKind::lan, name + ".lan:" + *site.wifi, *sites_[i].wifi, sites_[i].element,
              symmetric(freeDirection()));
    }
  }

  void addParticipants(const std::vector<Participant>& participants) {
    for (const Participant& who : participants) {
      if (who.telephone != Telephone::none) continue;
      const ElementId first = addAccess(who.name, who.site);
      if (who.second.empty()) continue;
      const ElementId second = addAccess(who.name, who.second);
      data_.addCompanions(first, second);
    }
  }

  // The next address there.
  std::uint32_t hostAt(std::size_t site) {
    return sites_[site].subnet ? addresses_.host(*sites_[site].subnet) : addresses_.publicHost();
  }

  // One interface of somebody's client, at a site.
  ElementId addAccess(const std::string& user, const std::string& siteName) {
    const std::size_t site = siteNamed(siteName);
    Element element;
    element.kind = ElementKind::participant;
    element.name = user + "@" + siteName;
    if (const auto known = data_.byName.find(element.name); known != data_.byName.end())
      return known->second;
    element.site = siteName;
    element.remote = topology_.sites[site].second.remote;
    element.address = hostAt(site);
    const ElementId id = addElement(std::move(element), standingOf(site));
    sites_[site].holdsParticipants = true;
    const std::string group = siteName + ".access";
    const Site& place = topology_.sites[site].second;
    // The air takes the access line's place; that it is a link at all lets events take it down.
    const bool wireless = place.isWireless(user);
    addLink(LinkKind::access, group + ":" + user, id,
            wireless ? *sites_[site].wifi : sites_[site].element,
            wireless ? symmetric(freeDirection()) : place.access, group);
    return id;
  }

  // In the LAN beside the participants, at the last address of the site's subnet.
  void addProxies() {
    for (std::size_t i = 0; i < sites_.size(); ++i) {
      const auto& [name, site] = topology_.sites[i];
      if (!site.proxy.present) continue;
      Element element;
      element.kind = ElementKind::proxy;
      element.name = name + "/proxy";
      element.connectPorts = site.proxy.ports;
      element.inspectsTls = site.proxy.inspectsTls;
      element.site = name;
      element.remote = site.remote;
      element.address =
          sites_[i].subnet ? addresses_.lastHost(*sites_[i].subnet) : addresses_.publicHost();
      const ElementId id = addElement(std::move(element), standingOf(i));
      addLink(LinkKind::lan, name + ".lan:proxy", id, sites_[i].element,
              symmetric(freeDirection()));
    }
  }

  // In the LAN of their sites, under their own names.
  void addOwnServers() {
    for (const auto& [name, server] : topology_.servers) {
      const std::size_t site = siteNamed(server.at);
      Element element = serverElement(server.kind);
      element.name = name;
      element.site = server.at;
      element.own = true;
      element.remote = topology_.sites[site].second.remote;
      element.address = hostAt(site);
      const ElementId id = addElement(std::move(element), standingOf(site));
      sites_[site].holdsParticipants = true;
      addLink(LinkKind::lan, server.at + ".lan:" + name, id, sites_[site].element,
              symmetric(freeDirection()));
    }
  }

  // The line of a site, from its local network outwards.
  DeviceLine lineOf(std::size_t site, const std::vector<std::string>& devices, LineKind kind) {
    const auto& [name, place] = topology_.sites[site];
    return {name, place.remote, sites_[site].element, standingOf(site), sites_[site].subnet,
            kind, devices};
  }

  // The first `count` of its devices; what stands further out counts for their addresses.
  ElementId addDevices(const DeviceLine& line, std::size_t count) {
    ElementId outermost = line.inside;
    for (std::size_t d = 0; d < count; ++d) outermost = lines_.add(line, d, outermost);
    return outermost;
  }

  void addUplinks() {
    for (std::size_t i = 0; i < sites_.size(); ++i) {
      const auto& [name, site] = topology_.sites[i];
      if (!site.uplink) continue;
      const std::string* const shared = sharedAt(i);
      std::vector<std::string> own = site.perimeter;
      if (shared != nullptr) own.pop_back();
      const DeviceLine line = lineOf(i, site.perimeter, LineKind::uplink);
      const ElementId outermost = addDevices(line, own.size());
      if (shared != nullptr) {
        const std::size_t first = exitOf(i);
        if (first == i) sharedOf_[i] = lines_.make(line, own.size());
        addLink(LinkKind::uplink, name + ".uplink", outermost, sharedOf_.at(first), *site.uplink);
        if (first != i) continue;
      }
      Element pop;
      pop.kind = ElementKind::internetPop;
      pop.name = "internet:" + name;
      pop.site = name;
      sites_[i].pop = addElement(std::move(pop), standingOf(i));
      if (shared != nullptr) {
        addLink(LinkKind::lan, *shared + ".core", sharedOf_.at(i), *sites_[i].pop,
                symmetric(freeDirection()));
      } else {
        addLink(LinkKind::uplink, name + ".uplink", outermost, *sites_[i].pop, *site.uplink);
      }
    }
  }

  // Private lines to the edges of Azure's backbone.
  void addPeerings() {
    for (std::size_t i = 0; i < sites_.size(); ++i) {
      const auto& [name, site] = topology_.sites[i];
      if (!site.peering) continue;
      const DeviceLine line = lineOf(i, site.peering->perimeter, LineKind::peering);
      const ElementId outermost = addDevices(line, line.devices.size());
      const std::size_t entry = *sites_[i].peering;
      if (azure_.plan.entries[entry].empty()) continue;
      const std::size_t edge = azure_.plan.entries[entry].front().edge;
      addLink(LinkKind::peering, name + ".peering", outermost, azure_.edges[edge],
              site.peering->link);
      ExitPoint exit{sites_[i].pop, azure_.edges[edge], std::nullopt};
      if (azure_.plan.nearest[entry])
        exit.nearestRegion = azure_.regions[*azure_.plan.nearest[entry]];
      data_.exits.emplace(std::pair(name, true), exit);
      data_.advertised.emplace(name, site.peering->advertises);
    }
  }

  void addWans() {
    // The devices at far ends, by site and by those before them: lines share them.
    std::map<std::pair<std::size_t, std::vector<std::string>>, ElementId> far;
    for (std::size_t i = 0; i < sites_.size(); ++i) {
      const auto& [name, site] = topology_.sites[i];
      if (!site.wan) continue;
      const DeviceLine own = lineOf(i, site.wan->perimeter, LineKind::wan);
      const ElementId near = addDevices(own, own.devices.size());
      const std::size_t hub = *sites_[i].wan;
      ElementId end = sites_[hub].element;
      std::vector<std::string> chain;
      const DeviceLine there = lineOf(hub, site.wan->farPerimeter, LineKind::wan);
      for (std::size_t d = 0; d < there.devices.size(); ++d) {
        chain.push_back(there.devices[d]);
        const auto [at, fresh] = far.try_emplace({hub, chain});
        if (fresh) at->second = lines_.add(there, d, end);
        end = at->second;
      }
      addLink(LinkKind::wan, name + ".wan", near, end, site.wan->link);
    }
  }

  void addAzure() {
    std::vector<AzureEntrance> entrances;
    for (std::size_t i = 0; i < sites_.size(); ++i) {
      const Site& site = topology_.sites[i].second;
      if (sites_[i].pop) {
        sites_[i].entry = entrances.size();
        entrances.push_back({site.location, {}});
      }
      if (site.resolver) {
        sites_[i].resolver = entrances.size();
        entrances.push_back({*site.resolver, {}});
      }
      if (site.peering) {
        sites_[i].peering = entrances.size();
        entrances.push_back({site.location, site.peering->at.value_or(nearestEdge(site.location))});
      }
    }
    azure_ = addBackbone(data_, topology_.azure,
                         planAzure(topology_.azure, topology_.internet, entrances));
  }

  // Its own, and as its routes may lead to any other uplink of its network, these.
  std::set<std::size_t> exitsOf(std::size_t site) const {
    std::set<std::size_t> exits;
    if (sites_[site].exit) exits.insert(*sites_[site].exit);
    if (topology_.sites[site].second.routes.empty()) return exits;
    for (std::size_t other = 0; other < sites_.size(); ++other)
      if (sites_[other].network == sites_[site].network && topology_.sites[other].second.uplink)
        exits.insert(exitOf(other));
    return exits;
  }

  void addInternet() {
    for (std::size_t i = 0; i < sites_.size(); ++i) {
      if (sites_[i].pop) joinAzure(i);
    }
    std::set<std::size_t> exits;
    for (std::size_t i = 0; i < sites_.size(); ++i) {
      const bool sends =
          sites_[i].holdsParticipants || holdsGateway(topology_.sites[i].second, topology_);
      if (sends) exits.merge(exitsOf(i));
    }
    const ExitPairs pairs(topology_, companies_,
                          [this](std::size_t site) { return exitsOf(site); });
    // Sorted by name: the name of a link picks its draws, which are not to depend on the file's
    // order.
    std::vector<std::size_t> sorted(exits.begin(), exits.end());
    std::sort(sorted.begin(), sorted.end(), [&](std::size_t a, std::size_t b) {
      return topology_.sites[a].first < topology_.sites[b].first;
    });
    for (auto a = sorted.begin(); a != sorted.end(); ++a) {
      for (auto b = std::next(a); b != sorted.end(); ++b) {
        if (!pairs.has(*a, *b)) continue;
        const auto& [a_name, a_site] = topology_.sites[*a];
        const auto& [b_name, b_site] = topology_.sites[*b];
        addLink(LinkKind::internet, "internet:" + a_name + "-" + b_name, *sites_[*a].pop,
                *sites_[*b].pop,
                internetLink(topology_.internet,
                             internetDelay(topology_.internet,
                                           greatCircleKm(a_site.location, b_site.location))));
      }
    }
    for (std::size_t i = 0; i < data_.elements.size(); ++i) {
      Standing& standing = data_.standing[i];
      if (!standing.network) continue;
      const auto& exit = sites_[siteNamed(data_.elements[i].site)].exit;
      if (!exit) continue;
      const Standing& atExit = data_.standing[index(*sites_[*exit].pop)];
      standing.egress = sites_[*exit].pop;
      standing.nearestRegion = atExit.nearestRegion;
      // The service answers with what is near to who asks: the resolver (RFC 7871 section 2).
      const auto& resolver = sites_[siteNamed(data_.elements[i].site)].resolver;
      if (!resolver || !azure_.plan.nearest[*resolver]) continue;
      standing.nearestRegion = azure_.regions[*azure_.plan.nearest[*resolver]];
      standing.byResolver = true;
    }
    for (std::size_t i = 0; i < sites_.size(); ++i) {
      if (!topology_.sites[i].second.uplink) continue;
      const ElementId pop = *sites_[exitOf(i)].pop;
      data_.exits.emplace(std::pair(topology_.sites[i].first, false),
                          ExitPoint{pop, std::nullopt, data_.standing[index(pop)].nearestRegion});
    }
    data_.ways = WaysOut(topology_);
  }

  // Joins a point of presence to the edges that its traffic to the regions enters at.
  void joinAzure(std::size_t site) {
    const ElementId pop = *sites_[site].pop;
    const std::vector<AzurePlan::Entry>& entries = azure_.plan.entries[sites_[site].entry];
    std::set<std::size_t> joined;
    for (std::size_t r = 0; r < azure_.regions.size(); ++r) {
      const AzurePlan::Entry& entry = entries[r];
      data_.edges[{pop, azure_.regions[r]}] = azure_.edges[entry.edge];
      if (!joined.insert(entry.edge).second) continue;
      addLink(LinkKind::internet,
              "internet:" + topology_.sites[site].first + "-edge:" + azure_.plan.edges[entry.edge],
              pop, azure_.edges[entry.edge], internetLink(topology_.internet, entry.delay));
    }
    const auto nearest = azure_.plan.nearest[sites_[site].entry];
    if (nearest) data_.standing[index(pop)].nearestRegion = azure_.regions[*nearest];
  }

  const Topology& topology_;
  const std::vector<Company>* companies_;
  std::vector<SiteState> sites_;
  std::map<std::size_t, ElementId> sharedOf_;  // by the first of the sites behind it
  AddressPlan addresses_;
  GraphData data_;
  DeviceLines lines_;
  Backbone azure_;
};

}  // namespace

GraphData buildGraph(const Topology& topology, const std::vector<Participant>& participants,
                     const std::vector<Company>* companies) {
  return Builder(topology, participants, companies).take();
}

}  // namespace callflow::topology
