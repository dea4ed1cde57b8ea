#include <algorithm>
#include <numeric>
#include <set>
#include <stdexcept>
#include <tuple>
#include <utility>

#include "src/topology/graph_addresses.h"
#include "src/topology/graph_data.h"
#include "src/topology/regions.h"

namespace callflow::topology {
namespace {

// Links on which nothing waits still need a limit; it is never reached.
constexpr Duration kNoQueue = Duration::s(1);

LinkDirection freeDirection() {
  LinkDirection direction;
  direction.rate = DataRate::unlimited();
  direction.queue = kNoQueue;
  return direction;
}

Link symmetric(const LinkDirection& direction) {
  return {direction, direction};
}

Link backboneLink(std::string_view a, std::string_view b) {
  LinkDirection direction = freeDirection();
  direction.delay = backboneRtt(a, b) / 2;
  return symmetric(direction);
}

Duration internetDelay(const Internet& internet, double km) {
  const Duration travel = fibreDelay(km * internet.stretch);
  return std::max(travel, internet.minimum_delay);
}

Link internetLink(const Internet& internet, double km) {
  LinkDirection direction = freeDirection();
  direction.delay = internetDelay(internet, km);
  direction.jitter = internet.jitter;
  direction.loss = internet.loss;
  return symmetric(direction);
}

bool translates(const Device& device) {
  return BoxKinds::role(device.kind).translates;
}

class Builder {
 public:
  Builder(const Topology& topology, const std::vector<Participant>& participants)
      : topology_(topology), sites_(topology.sites.size()) {
    resolveSites();
    addSites();
    addParticipants(participants);
    addProxies();
    addPerimeters();
    addWans();
    addAzure();
    addInternet();
  }

  GraphData take() { return std::move(data_); }

 private:
  struct SiteState {
    ElementId element{};
    ElementId way_out{};              // where the uplink or, without one, the WAN link is joined
    std::optional<ElementId> pop;     // of its own uplink
    std::optional<std::size_t> wan;   // the site its WAN link leads to
    std::optional<std::size_t> exit;  // the site whose uplink it uses
    int network = 0;
    bool holds_participants = false;
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

  bool perimeterTranslates(std::size_t site) const {
    const auto& perimeter = topology_.sites[site].second.perimeter;
    return std::any_of(perimeter.begin(), perimeter.end(),
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
        translated = translated || perimeterTranslates(at);
        if (topology_.sites[at].second.uplink) {
          sites_[i].exit = at;
          break;
        }
        if (!sites_[at].wan) break;
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
    element.id = static_cast<ElementId>(data_.elements.size());
    if (!data_.by_name.emplace(element.name, element.id).second) {
      throw std::invalid_argument("two elements are called " + element.name);
    }
    data_.elements.push_back(std::move(element));
    data_.standing.push_back(standing);
    return data_.elements.back().id;
  }

  void addLink(LinkKind kind, std::string name, ElementId from, ElementId to, const Link& link,
               const std::string& also = {}) {
    // Names made of two user's names can coincide (sites "a-b" and "c", "a" and "b-c"), but a
    // link's name also names its random stream: no two may share one.
    while (data_.links_by_name.count(name) != 0) name += '+';
    const auto up = static_cast<DirectedLinkId>(data_.links.size());
    const auto down = static_cast<DirectedLinkId>(data_.links.size() + 1);
    data_.links_by_name[name].push_back(up);
    if (!also.empty()) data_.links_by_name[also].push_back(up);
    data_.links.push_back({up, down, kind, name, Direction::up, from, to, link.up});
    data_.links.push_back({down, up, kind, name, Direction::down, to, from, link.down});
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
      sites_[i].way_out = sites_[i].element;
    }
  }

  Standing standingOf(std::size_t site) const {
    Standing standing;
    standing.network = sites_[site].network;
    return standing;
  }

  void addParticipants(const std::vector<Participant>& participants) {
    for (const Participant& who : participants) {
      const std::size_t site = siteNamed(who.site);
      Element element;
      element.kind = ElementKind::participant;
      element.name = who.name + "@" + who.site;
      if (data_.by_name.count(element.name) != 0) continue;
      element.site = who.site;
      element.remote = topology_.sites[site].second.remote;
      element.address =
          sites_[site].subnet ? addresses_.host(*sites_[site].subnet) : addresses_.publicHost();
      const ElementId id = addElement(std::move(element), standingOf(site));
      sites_[site].holds_participants = true;
      const std::string group = who.site + ".access";
      addLink(LinkKind::access, group + ":" + who.name, id, sites_[site].element,
              topology_.sites[site].second.access, group);
    }
  }

  // In the LAN beside the participants, at the last address of the site's subnet.
  void addProxies() {
    for (std::size_t i = 0; i < sites_.size(); ++i) {
      const auto& [name, site] = topology_.sites[i];
      if (!site.proxy) continue;
      Element element;
      element.kind = ElementKind::proxy;
      element.name = name + "/proxy";
      element.site = name;
      element.remote = site.remote;
      element.address =
          sites_[i].subnet ? addresses_.lastHost(*sites_[i].subnet) : addresses_.publicHost();
      const ElementId id = addElement(std::move(element), standingOf(i));
      addLink(LinkKind::lan, name + ".lan:proxy", id, sites_[i].element,
              symmetric(freeDirection()));
    }
  }

  std::string deviceElementName(const std::string& device, const std::string& site) const {
    int uses = 0;
    bool taken = false;
    for (const auto& [name, other] : topology_.sites) {
      uses += static_cast<int>(std::count(other.perimeter.begin(), other.perimeter.end(), device));
      taken = taken || name == device;
    }
    return uses > 1 || taken ? site + "/" + device : device;
  }

  void addPerimeters() {
    for (std::size_t i = 0; i < sites_.size(); ++i) {
      const auto& [name, site] = topology_.sites[i];
      for (std::size_t d = 0; d < site.perimeter.size(); ++d) {
        Element element;
        element.kind = ElementKind::device;
        element.device = site.perimeter[d];
        element.name = deviceElementName(element.device, name);
        element.site = name;
        const fabric::BoxRole role = BoxKinds::role(deviceNamed(element.device).kind);
        element.role = role.name;
        element.guards = role.guards;
        element.remote = site.remote;
        if (role.translates) element.address = outsideAddress(i, d);
        const std::string lan = name + ".lan:" + element.device;
        const ElementId id = addElement(std::move(element), standingOf(i));
        addLink(LinkKind::lan, lan, sites_[i].way_out, id, symmetric(freeDirection()));
        sites_[i].way_out = id;
      }
      if (!site.uplink) continue;
      Element pop;
      pop.kind = ElementKind::internet_pop;
      pop.name = "internet:" + name;
      pop.site = name;
      sites_[i].pop = addElement(std::move(pop), standingOf(i));
      addLink(LinkKind::uplink, name + ".uplink", sites_[i].way_out, *sites_[i].pop, *site.uplink);
    }
  }

  // Of the translating device at a place of a site's perimeter.
  std::uint32_t outsideAddress(std::size_t site, std::size_t place) {
    const auto& perimeter = topology_.sites[site].second.perimeter;
    for (std::size_t outer = place + 1; outer < perimeter.size(); ++outer) {
      if (translates(deviceNamed(perimeter[outer]))) return addresses_.operatorHost();
    }
    if (topology_.sites[site].second.uplink) return addresses_.publicHost();
    // It faces the WAN: one of the site's own addresses, which the other sites have routes to.
    return sites_[site].subnet ? addresses_.lastHost(*sites_[site].subnet)
                               : addresses_.publicHost();
  }

  void addWans() {
    for (std::size_t i = 0; i < sites_.size(); ++i) {
      const auto& [name, site] = topology_.sites[i];
      if (!site.wan) continue;
      // The perimeter guards the way to the Internet; where the WAN is that way, it guards the WAN.
      const ElementId from = site.uplink ? sites_[i].element : sites_[i].way_out;
      addLink(LinkKind::wan, name + ".wan", from, sites_[*sites_[i].wan].element, site.wan->link);
    }
  }

  void addAzure() {
    const auto table = builtInRegions();
    std::vector<std::string> edge_names = topology_.azure.edges;
    if (edge_names.empty()) {
      for (const Region& region : table) edge_names.emplace_back(region.name);
    }
    for (const std::string& place : edge_names) {
      if (findRegion(place) == nullptr) throw std::invalid_argument("no Azure region " + place);
      Element element;
      element.kind = ElementKind::azure_edge;
      element.name = "edge:" + place;
      element.site = place;
      edges_.push_back(addElement(std::move(element), {}));
    }
    for (const std::string& place : topology_.azure.regions) {
      const Region* region = findRegion(place);
      if (region == nullptr) throw std::invalid_argument("no Azure region " + place);
      const auto number = static_cast<std::size_t>(region - table.data());
      Element element;
      element.kind = ElementKind::azure_region;
      element.name = "azure:" + place;
      element.site = place;
      element.address = relayAddress(number);
      element.media_processor_address = mediaProcessorAddress(number);
      regions_.push_back(addElement(std::move(element), {}));
    }
    for (const ElementId edge : edges_) {
      for (const ElementId region : regions_) {
        addLink(LinkKind::backbone, "edge:" + place(edge) + "-" + place(region), edge, region,
                backboneLink(place(edge), place(region)));
      }
    }
    for (auto a = regions_.begin(); a != regions_.end(); ++a) {
      for (auto b = a + 1; b != regions_.end(); ++b) {
        addLink(LinkKind::backbone, "azure:" + place(*a) + "-" + place(*b), *a, *b,
                backboneLink(place(*a), place(*b)));
      }
    }
  }

  const std::string& place(ElementId id) const { return data_.elements[index(id)].site; }

  void addInternet() {
    for (std::size_t i = 0; i < sites_.size(); ++i) {
      if (sites_[i].pop) joinAzure(i);
    }
    std::set<std::size_t> exits;
    for (const SiteState& site : sites_) {
      if (site.holds_participants && site.exit) exits.insert(*site.exit);
    }
    // Sorted by name: the name of a link picks its draws, which are not to depend on the file's
    // order.
    std::vector<std::size_t> sorted(exits.begin(), exits.end());
    std::sort(sorted.begin(), sorted.end(), [&](std::size_t a, std::size_t b) {
      return topology_.sites[a].first < topology_.sites[b].first;
    });
    for (auto a = sorted.begin(); a != sorted.end(); ++a) {
      for (auto b = std::next(a); b != sorted.end(); ++b) {
        const auto& [a_name, a_site] = topology_.sites[*a];
        const auto& [b_name, b_site] = topology_.sites[*b];
        addLink(LinkKind::internet, "internet:" + a_name + "-" + b_name, *sites_[*a].pop,
                *sites_[*b].pop,
                internetLink(topology_.internet, greatCircleKm(a_site.location, b_site.location)));
      }
    }
    for (std::size_t i = 0; i < data_.elements.size(); ++i) {
      Standing& standing = data_.standing[i];
      if (!standing.network) continue;
      const auto& exit = sites_[siteNamed(data_.elements[i].site)].exit;
      if (!exit) continue;
      const Standing& at_exit = data_.standing[index(*sites_[*exit].pop)];
      standing.egress = sites_[*exit].pop;
      standing.edge = at_exit.edge;
      standing.relay_region = at_exit.relay_region;
    }
  }

  // Joins a point of presence to the edge nearest to it, and finds the region nearest to that.
  void joinAzure(std::size_t site) {
    if (edges_.empty()) return;
    const Location here = topology_.sites[site].second.location;
    const auto km = [&](ElementId edge) {
      return greatCircleKm(here, findRegion(place(edge))->location);
    };
    // Near edges can all lie below the minimum delay: then distance decides, then their order.
    const ElementId edge =
        *std::min_element(edges_.begin(), edges_.end(), [&](ElementId a, ElementId b) {
          return std::tuple(internetDelay(topology_.internet, km(a)), km(a)) <
                 std::tuple(internetDelay(topology_.internet, km(b)), km(b));
        });
    const ElementId pop = *sites_[site].pop;
    addLink(LinkKind::internet, "internet:" + topology_.sites[site].first + "-" + place(edge), pop,
            edge, internetLink(topology_.internet, km(edge)));
    Standing& standing = data_.standing[index(pop)];
    standing.edge = edge;
    if (regions_.empty()) return;
    standing.relay_region =
        *std::min_element(regions_.begin(), regions_.end(), [&](ElementId a, ElementId b) {
          return backboneRtt(place(edge), place(a)) < backboneRtt(place(edge), place(b));
        });
  }

  const Topology& topology_;
  std::vector<SiteState> sites_;
  AddressPlan addresses_;
  GraphData data_;
  std::vector<ElementId> edges_;
  std::vector<ElementId> regions_;
};

}  // namespace

GraphData buildGraph(const Topology& topology, const std::vector<Participant>& participants) {
  return Builder(topology, participants).take();
}

}  // namespace callflow::topology
