#include "src/topology/graph.h"

#include <algorithm>
#include <utility>

#include "src/topology/graph_routes.h"

namespace callflow::topology {
namespace {

std::vector<Participant> participantsOf(const std::vector<Call>& calls) {
  std::vector<Participant> all;
  for (const Call& call : calls) {
    all.insert(all.end(), call.participants.begin(), call.participants.end());
  }
  return all;
}

}  // namespace

struct NetworkGraph::Impl {
  Impl(const Topology& topology, const std::vector<Participant>& participants,
       const std::vector<Company>* companies = nullptr)
      : data(buildGraph(topology, participants, companies)), routes(data) {
    for (const TunnelPlace& tunnel : data.tunnelPlaces) timeTunnel(tunnel);
  }

  explicit Impl(GraphData changed) : data(std::move(changed)), routes(data) {}

  // A tunnel takes as long as the way that its packets have.
  void timeTunnel(const TunnelPlace& tunnel) {
    DirectedLink& up = data.links[index(tunnel.up)];
    const auto sum = [&](ElementId from, ElementId to) {
      Duration delay;
      if (const auto route = routes.find(from, to))
        for (const DirectedLinkId id : *route) delay += data.links[index(id)].parameters.delay;
      return delay;
    };
    up.parameters.delay = sum(tunnel.participant, tunnel.gateway);
    data.links[index(up.reverse)].parameters.delay = sum(tunnel.gateway, tunnel.participant);
  }

  // In the region nearest to the exit of a customer's element.
  std::optional<ElementId> nearestServer(ElementId from, ElementKind kind) const {
    const std::optional<ElementId>& region = data.standingTowardsAzure(from).nearestRegion;
    return region ? data.serverIn(*region, kind) : std::nullopt;
  }

  GraphData data;
  const RouteFinder routes;
};

NetworkGraph::NetworkGraph(const Topology& topology, const std::vector<Participant>& participants)
    : impl_(std::make_unique<Impl>(topology, participants)) {}
NetworkGraph::NetworkGraph(const Topology& topology, const std::vector<Call>& calls)
    : NetworkGraph(topology, participantsOf(calls)) {}
NetworkGraph::NetworkGraph(const Topology& topology, const std::vector<Participant>& participants,
                           const std::vector<std::vector<std::string>>& companies)
    : impl_(std::make_unique<Impl>(topology, participants, &companies)) {}

NetworkGraph NetworkGraph::ofCalls(const Topology& topology, const std::vector<Call>& calls) {
  std::vector<Company> companies;
  for (const Call& call : calls) {
    companies.emplace_back();
    for (const Participant& who : call.participants) {
      companies.back().push_back(who.site);
      if (!who.second.empty()) companies.back().push_back(who.second);
    }
  }
  return {topology, participantsOf(calls), companies};
}
NetworkGraph::NetworkGraph(std::unique_ptr<const Impl> impl) : impl_(std::move(impl)) {}

NetworkGraph NetworkGraph::advertising(std::string_view site,
                                       const std::vector<Advertised>& lines) const {
  GraphData changed = impl_->data;
  if (const auto told = changed.advertised.find(site); told != changed.advertised.end())
    told->second = lines;
  return NetworkGraph(std::make_unique<const Impl>(std::move(changed)));
}

NetworkGraph::~NetworkGraph() = default;
NetworkGraph::NetworkGraph(NetworkGraph&&) noexcept = default;
NetworkGraph& NetworkGraph::operator=(NetworkGraph&&) noexcept = default;

const std::vector<Element>& NetworkGraph::elements() const {
  return impl_->data.elements;
}
const std::vector<DirectedLink>& NetworkGraph::links() const {
  return impl_->data.links;
}

const std::vector<TunnelPlace>& NetworkGraph::tunnels() const {
  return impl_->data.tunnelPlaces;
}

std::optional<ElementId> NetworkGraph::find(std::string_view name) const {
  const auto found = impl_->data.byName.find(name);
  if (found == impl_->data.byName.end()) return std::nullopt;
  return found->second;
}

std::optional<ElementId> NetworkGraph::participant(const Participant& who) const {
  return find(who.name + "@" + who.site);
}

std::vector<ElementId> NetworkGraph::accesses(const Participant& who) const {
  std::vector<ElementId> all;
  for (const std::string& site : {who.site, who.second})
    if (const auto access = find(who.name + "@" + site)) all.push_back(*access);
  return all;
}

const std::vector<ElementId>& NetworkGraph::companions(ElementId access) const {
  static const std::vector<ElementId> kNone;
  const auto found = impl_->data.companions.find(access);
  return found == impl_->data.companions.end() ? kNone : found->second;
}

std::optional<ElementId> NetworkGraph::region(std::string_view name) const {
  return find("azure:" + std::string(name));
}

std::vector<DirectedLinkId> NetworkGraph::linksNamed(std::string_view name,
                                                     Direction direction) const {
  const auto found = impl_->data.linksByName.find(name);
  if (found == impl_->data.linksByName.end()) return {};
  std::vector<DirectedLinkId> ids = found->second;
  if (direction == Direction::down) {
    for (DirectedLinkId& id : ids) id = link(id).reverse;
  }
  return ids;
}

std::optional<Route> NetworkGraph::route(ElementId from, ElementId to) const {
  return impl_->routes.find(from, to);
}

Duration NetworkGraph::baseDelay(const Route& route) const {
  Duration sum;
  for (const DirectedLinkId id : route) sum += link(id).parameters.delay;
  return sum;
}

std::optional<ElementId> NetworkGraph::proxy(ElementId participant) const {
  for (const Element& each : elements()) {
    if (each.kind == ElementKind::proxy && each.site == element(participant).site) return each.id;
  }
  return std::nullopt;
}

std::optional<ElementId> NetworkGraph::egress(ElementId from) const {
  return impl_->data.standingTowardsAzure(from).egress;
}

std::optional<ElementId> NetworkGraph::edge(ElementId from, ElementId region) const {
  return impl_->data.edgeBetween(impl_->data.standingTowardsAzure(from), region);
}

std::optional<ElementId> NetworkGraph::relay(ElementId from, const std::vector<std::string>& own,
                                             const std::vector<ElementId>& without) const {
  const auto isLeftOut = [&](ElementId relay) {
    return std::find(without.begin(), without.end(), relay) != without.end();
  };
  std::vector<ElementId> relays;
  if (own.empty()) {
    const auto nearest = impl_->nearestServer(from, ElementKind::relay);
    if ((nearest && !isLeftOut(*nearest)) || !egress(from)) return nearest;
    // Those of the nearest region are off, or left out.
    for (const Element& each : elements())
      if (each.kind == ElementKind::relay && !each.own) relays.push_back(each.id);
  }
  for (const std::string& name : own)
    if (const auto server = find(name)) relays.push_back(*server);
  std::optional<ElementId> nearest;
  std::optional<Duration> least;
  for (const ElementId relay : relays) {
    if (isLeftOut(relay)) continue;
    const auto way = route(from, relay);
    if (!way || (least && baseDelay(*way) >= *least)) continue;
    nearest = relay;
    least = baseDelay(*way);
  }
  return nearest;
}

std::optional<ElementId> NetworkGraph::relayNamed(std::string_view name) const {
  const auto isRelay = [&](std::optional<ElementId> id) {
    return id && element(*id).kind == ElementKind::relay;
  };
  if (const auto server = find(name); isRelay(server)) return server;
  const auto azures = find("azure:" + std::string(name) + "/relay");
  return isRelay(azures) ? azures : std::nullopt;
}

std::optional<ElementId> NetworkGraph::alternateOf(ElementId relay) const {
  const std::string& name = element(relay).alternate;
  const auto other = name.empty() ? std::nullopt : relayNamed(name);
  // All of Azure's have the same, and so one of them has itself.
  return other == relay ? std::nullopt : other;
}

std::optional<ElementId> NetworkGraph::signaling(ElementId from) const {
  const Standing stands =
      impl_->data.standingTowardsService(from, wire::kSignalingRanges[0].address);
  return stands.nearestRegion ? impl_->data.serverIn(*stands.nearestRegion, ElementKind::signaling)
                              : std::nullopt;
}

std::optional<ElementId> NetworkGraph::mediaProcessor(const Call& call) const {
  if (call.server) return find(*call.server);
  // Direct Routing: near the SBC, whoever calls (Microsoft: "Plan Direct Routing").
  std::optional<ElementId> host;
  for (const Participant& who : call.participants) {
    if (who.telephone == Telephone::sbc || who.telephone == Telephone::bypass) {
      host = find(who.site);
      break;
    }
    if (!host && who.telephone == Telephone::none) host = participant(who);
  }
  return host ? impl_->nearestServer(*host, ElementKind::mediaProcessor) : std::nullopt;
}

std::optional<ElementId> NetworkGraph::pstnGateway(const Participant& who,
                                                   std::optional<ElementId> mediaProcessor) const {
  if (who.telephone != Telephone::trunk) return find(who.site);
  if (!mediaProcessor) return std::nullopt;
  return find("azure:" + element(*mediaProcessor).site + "/trunk");
}

const std::vector<ElementId>& NetworkGraph::serversIn(ElementId region) const {
  return impl_->data.servers.at(region);
}

}  // namespace callflow::topology
