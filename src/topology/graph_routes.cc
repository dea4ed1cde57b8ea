#include "src/topology/graph_routes.h"

#include <algorithm>
#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/dijkstra_shortest_paths.hpp>
#include <boost/graph/filtered_graph.hpp>
#include <compare>
#include <limits>

namespace callflow::topology {
namespace {

// What a route costs: delay first, then links, so that of two routes as fast the shorter one is
// taken.
struct Cost {
  std::int64_t delayNs = 0;
  std::int32_t links = 0;
  auto operator<=>(const Cost&) const = default;
};
constexpr Cost kUnreached{std::numeric_limits<std::int64_t>::max(),
                          std::numeric_limits<std::int32_t>::max()};

struct LinkProperties {
  DirectedLinkId id{};
  Cost cost;
};

// vecS for the links of a vertex: they are relaxed in the order in which they were created, which
// makes the choice among equals the same on every machine.
using Network = boost::adjacency_list<boost::vecS, boost::vecS, boost::directedS,
                                      boost::no_property, LinkProperties>;
using Vertex = boost::graph_traits<Network>::vertex_descriptor;
using Edge = boost::graph_traits<Network>::edge_descriptor;

Vertex vertex(ElementId id) {
  return index(id);
}

// Which elements a route between two others may pass; graph.h has the rules in words.
class Admission {
 public:
  Admission(const GraphData& data, ElementId from, ElementId to)
      : data_(&data), from_(from), to_(to), a_(&standing(from)), b_(&standing(to)) {
    // Only where exactly one end is a customer's.
    if (a_->network.has_value() == b_->network.has_value()) return;
    edge_ = a_->network ? data.edgeBetween(from, to) : data.edgeBetween(to, from);
  }

  bool operator()(ElementId id) const {
    if (id == from_ || id == to_) return true;
    switch (data_->elements[index(id)].kind) {
      case ElementKind::participant:
      case ElementKind::proxy:
      case ElementKind::relay:
      case ElementKind::mediaProcessor:
        return false;
      case ElementKind::site:
      case ElementKind::device:
        return standing(id).network == a_->network || standing(id).network == b_->network;
      case ElementKind::internetPop:
        return a_->network != b_->network && (id == a_->egress || id == b_->egress);
      case ElementKind::azureEdge:
        return id == edge_;
      case ElementKind::azureRegion:
        return id == a_->region || id == b_->region;
    }
    return false;
  }

 private:
  const Standing& standing(ElementId id) const { return data_->standing[index(id)]; }

  const GraphData* data_;
  ElementId from_, to_;
  const Standing* a_;
  const Standing* b_;
  std::optional<ElementId> edge_;
};

struct Filter {
  const Network* network = nullptr;
  const Admission* admission = nullptr;
  bool operator()(const Edge& edge) const {
    return (*admission)(static_cast<ElementId>(boost::target(edge, *network)));
  }
};

struct Found {};

// Remembers the link by which each element was reached best, and ends the search at the
// destination.
class Tracker : public boost::default_dijkstra_visitor {
 public:
  Tracker(std::vector<DirectedLinkId>& arrival, Vertex goal) : arrival_(&arrival), goal_(goal) {}
  template <class G>
  void edge_relaxed(const Edge& edge, const G& graph) {
    (*arrival_)[boost::target(edge, graph)] = graph[edge].id;
  }
  template <class G>
  void examine_vertex(Vertex at, const G&) {
    if (at == goal_) throw Found{};
  }

 private:
  std::vector<DirectedLinkId>* arrival_;
  Vertex goal_;
};

}  // namespace

struct RouteFinder::Graph {
  const GraphData& data;
  Network network;
};

RouteFinder::RouteFinder(const GraphData& data)
    : graph_(new Graph{data, Network(data.elements.size())}) {
  for (const DirectedLink& link : data.links) {
    const LinkProperties properties{link.id, {link.parameters.delay.count(), 1}};
    boost::add_edge(vertex(link.from), vertex(link.to), properties, graph_->network);
  }
}

RouteFinder::~RouteFinder() = default;

std::optional<Route> RouteFinder::find(ElementId from, ElementId to) const {
  if (from == to) return Route{};
  const GraphData& data = graph_->data;
  const Network& network = graph_->network;
  const Admission admission(data, from, to);
  const boost::filtered_graph<Network, Filter> admitted(network, Filter{&network, &admission});
  std::vector<DirectedLinkId> arrival(data.elements.size());
  std::vector<Cost> cost(data.elements.size());
  const auto sum = [](const Cost& a, const Cost& b) {
    return a == kUnreached || b == kUnreached ? kUnreached
                                              : Cost{a.delayNs + b.delayNs, a.links + b.links};
  };
  try {
    boost::dijkstra_shortest_paths(admitted, vertex(from),
                                   boost::weight_map(boost::get(&LinkProperties::cost, network))
                                       .distance_map(boost::make_iterator_property_map(
                                           cost.begin(), get(boost::vertex_index, network)))
                                       .distance_combine(sum)
                                       .distance_compare(std::less<Cost>())
                                       .distance_inf(kUnreached)
                                       .distance_zero(Cost{})
                                       .visitor(Tracker(arrival, vertex(to))));
    return std::nullopt;
  } catch (const Found&) {
  }
  Route route;
  for (ElementId at = to; at != from; at = data.links[index(route.back())].from) {
    route.push_back(arrival[index(at)]);
  }
  std::reverse(route.begin(), route.end());
  return route;
}

}  // namespace callflow::topology
