#include "src/topology/graph_vpn.h"

#include <stdexcept>
#include <utility>

#include "src/topology/graph_links.h"
#include "src/topology/validate_words.h"

namespace callflow::topology {
namespace {

// A gateway that clients use: its two sides, and what it tells them.
struct Gateway {
  ElementId outside{}, inside{};
  std::shared_ptr<const vpn::Vpn> vpn;
};

class Vpns {
 public:
  Vpns(GraphData& data, const Topology& topology, AddressPlan& addresses)
      : data_(data), topology_(topology), addresses_(addresses) {}

  void add() {
    noteOutsides();
    // By number: elements are added on the way.
    const std::size_t known = data_.elements.size();
    for (std::size_t i = 0; i < known; ++i) {
      if (data_.elements[i].kind != ElementKind::participant) continue;
      if (!data_.standing[i].network) continue;  // a telephone
      const Site& home = siteOf(data_.elements[i]);
      if (home.vpn) addClient(data_.elements[i].id, *home.vpn);
    }
  }

 private:
  const Site& siteOf(const Element& element) const {
    const Site* const site = find(topology_.sites, element.site);
    if (site == nullptr) throw std::invalid_argument("no site " + element.site);
    return *site;
  }

  // What each point of presence's traffic is seen as from the Internet: the outermost NAT's
  // address.
  void noteOutsides() {
    for (const Element& element : data_.elements) {
      if (element.kind != ElementKind::device || !element.translates) continue;
      const Site& site = siteOf(element);
      const auto& pop = data_.standing[index(element.id)].egress;
      if (!pop || data_.elements[index(*pop)].site != element.site || !site.uplink) continue;
      for (auto device = site.perimeter.rbegin(); device != site.perimeter.rend(); ++device) {
        if (*device == element.device) data_.seenAs[*pop] = element.address;
        if (translates(*device)) break;
      }
    }
  }

  bool translates(const std::string& name) const {
    const Device* const device = find(topology_.devices, name);
    return device != nullptr && BoxKinds::role(device->kind).translates;
  }

  const Gateway& gateway(const std::string& name) {
    const auto [at, fresh] = gateways_.try_emplace(name);
    if (!fresh) return at->second;
    Gateway& made = at->second;
    const Device* const device = find(topology_.devices, name);
    const auto* const parameters =
        device == nullptr ? nullptr : std::get_if<vpn::Vpn>(&device->kind);
    const Element* outside = nullptr;
    for (const Element& element : data_.elements)
      if (element.device == name && element.part == fabric::BoxPart::whole) outside = &element;
    if (parameters == nullptr || outside == nullptr)
      throw std::invalid_argument("no VPN gateway " + name);
    made.vpn = std::make_shared<const vpn::Vpn>(*parameters);
    made.outside = outside->id;
    Element inside = *outside;
    inside.name += "/inside";
    inside.role = "VPN gateway's inside";
    inside.part = fabric::BoxPart::inside;
    inside.address = 0;
    const std::string site = outside->site;
    const ElementId local = data_.byName.at(site);
    made.inside = data_.addElement(std::move(inside), data_.standing[index(local)]);
    // Its inside is where the clients are.
    data_.addLink(LinkKind::lan, site + ".lan:" + name + "/inside", made.inside, local,
                  symmetric(freeDirection()));
    return made;
  }

  void addClient(ElementId participant, const std::string& name) {
    const Gateway& gate = gateway(name);
    const Element& who = data_.elements[index(participant)];
    Element client;
    client.kind = ElementKind::device;
    client.name = who.name + "/vpn";
    client.site = who.site;
    client.device = name;
    client.role = "VPN client";
    client.remote = who.remote;
    client.address = addresses_.host(gate.vpn->clients);
    client.translates = true;
    client.part = fabric::BoxPart::client;
    const std::string group = who.site + ".vpn";
    const std::string user = who.name.substr(0, who.name.find('@'));
    Tunnelling tunnel;
    tunnel.vpn = gate.vpn;
    tunnel.home = siteOf(who).subnets;
    tunnel.inside = data_.standing[index(gate.inside)];
    tunnel.place.participant = participant;
    tunnel.place.inside = gate.inside;
    tunnel.place.gateway = gate.outside;
    tunnel.place.client = data_.addElement(std::move(client), data_.standing[index(participant)]);
    data_.addLink(LinkKind::lan, group + "-client:" + user, participant, tunnel.place.client,
                  symmetric(freeDirection()));
    LinkDirection through = freeDirection();
    through.mtu = gate.vpn->encapsulation.mtu;
    tunnel.place.up = data_.addLink(LinkKind::tunnel, group + ":" + user, tunnel.place.client,
                                    gate.inside, symmetric(through), group);
    data_.tunnelPlaces.push_back(tunnel.place);
    data_.tunnels.emplace(participant, std::move(tunnel));
  }

  GraphData& data_;
  const Topology& topology_;
  AddressPlan& addresses_;
  std::map<std::string, Gateway> gateways_;
};

}  // namespace

void addVpns(GraphData& data, const Topology& topology, AddressPlan& addresses) {
  Vpns(data, topology, addresses).add();
}

}  // namespace callflow::topology
