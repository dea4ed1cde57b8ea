#include "src/topology/graph_routes.h"

#include <algorithm>
#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/dijkstra_shortest_paths.hpp>
#include <boost/graph/filtered_graph.hpp>
#include <compare>
#include <limits>
#include <map>
#include <vector>

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

// Routes end at them, and pass none of them.
bool isLeaf(ElementKind kind) {
  switch (kind) {
    case ElementKind::participant:
    case ElementKind::proxy:
    case ElementKind::relay:
    case ElementKind::mediaProcessor:
    case ElementKind::signaling:
    case ElementKind::sbc:
    case ElementKind::trunk:
      return true;
    case ElementKind::site:
    case ElementKind::device:
    case ElementKind::internetPop:
    case ElementKind::azureEdge:
    case ElementKind::azureRegion:
      break;
  }
  return false;
}

// Which elements a route between two others may pass; graph.h has the rules in words.
class Admission {
 public:
  Admission(const GraphData& data, ElementId from, ElementId to)
      : data_(&data),
        from_(from),
        to_(to),
        fromTunnel_(data.tunnelTo(from, to)),
        toTunnel_(data.tunnelTo(to, from)),
        a_(data.standingTowards(from, to)),
        b_(data.standingForAnswers(to, from)) {
    // Only where exactly one end is a customer's.
    if (a_.network.has_value() == b_.network.has_value()) return;
    edge_ = a_.network ? data.edgeBetween(a_, to) : data.edgeBetween(b_, from);
  }

  // Whether a route may go from one element to the next. Who has a tunnel for it takes that first.
  bool operator()(ElementId at, ElementId next) const {
    if (fromTunnel_ != nullptr && at == from_) return next == fromTunnel_->place.client;
    if (toTunnel_ != nullptr && next == to_) return at == toTunnel_->place.client;
    return passes(next) && (byPeering() || !joinsByPeering(at, next));
  }

 private:
  bool passes(ElementId id) const {
    if (id == from_ || id == to_) return true;
    const ElementKind kind = data_->elements[index(id)].kind;
    if (isLeaf(kind)) return false;
    switch (kind) {
      case ElementKind::device:
        if (data_->elements[index(id)].part == fabric::BoxPart::client)
          return (fromTunnel_ != nullptr && id == fromTunnel_->place.client) ||
                 (toTunnel_ != nullptr && id == toTunnel_->place.client);
        if (data_->elements[index(id)].shared)
          return standing(id).egress == a_.egress || standing(id).egress == b_.egress;
        [[fallthrough]];
      case ElementKind::site:
        return standing(id).network == a_.network || standing(id).network == b_.network;
      case ElementKind::internetPop:
        // What goes by a private peering crosses no Internet.
        if (byPeering()) return false;
        return a_.network != b_.network && (id == a_.egress || id == b_.egress);
      case ElementKind::azureEdge:
        return id == edge_;
      case ElementKind::azureRegion:
        return id == a_.region || id == b_.region;
      default:
        break;
    }
    return false;
  }

  bool byPeering() const { return edge_ && (edge_ == a_.privateEdge || edge_ == b_.privateEdge); }
  // Only a private peering leads from a customer's network to an edge. What routes send by the
  // uplink may meet Azure at the same one.
  bool joinsByPeering(ElementId at, ElementId next) const {
    const auto kindOf = [&](ElementId id) { return data_->elements[index(id)].kind; };
    const auto isCustomers = [&](ElementId id) {
      return standing(id).network && kindOf(id) != ElementKind::internetPop;
    };
    return (kindOf(at) == ElementKind::azureEdge && isCustomers(next)) ||
           (kindOf(next) == ElementKind::azureEdge && isCustomers(at));
  }

  const Standing& standing(ElementId id) const { return data_->standing[index(id)]; }

  const GraphData* data_;
  ElementId from_, to_;
  const Tunnelling* fromTunnel_;
  const Tunnelling* toTunnel_;
  Standing a_;
  Standing b_;
  std::optional<ElementId> edge_;
};

struct Filter {
  const Network* network = nullptr;
  const Admission* admission = nullptr;
  const bool* found = nullptr;  // beyond the destination nothing is looked for
  bool operator()(const Edge& edge) const {
    return !*found && (*admission)(static_cast<ElementId>(boost::source(edge, *network)),
                                   static_cast<ElementId>(boost::target(edge, *network)));
  }
};

// Remembers what was seen and the link by which it was reached best, and notes when the destination
// is.
class Tracker : public boost::default_dijkstra_visitor {
 public:
  Tracker(std::vector<Vertex>& seen, std::vector<DirectedLinkId>& arrival, Vertex goal, bool& found)
      : seen_(&seen), arrival_(&arrival), goal_(goal), found_(&found) {}
  template <class G>
  void discover_vertex(Vertex at, const G&) {
    seen_->push_back(at);
  }
  template <class G>
  void edge_relaxed(const Edge& edge, const G& graph) {
    (*arrival_)[boost::target(edge, graph)] = graph[edge].id;
  }
  template <class G>
  void examine_vertex(Vertex at, const G&) {
    if (at == goal_) *found_ = true;
  }

 private:
  std::vector<Vertex>* seen_;
  std::vector<DirectedLinkId>* arrival_;
  Vertex goal_;
  bool* found_;
};

}  // namespace

// A network has many leaves, so that links to them are left out but for those to the destination,
// and what a search has seen is put back rather than all of it.
struct RouteFinder::Graph {
  explicit Graph(const GraphData& graphData)
      : data(graphData),
        network(data.elements.size()),
        arrival(data.elements.size()),
        cost(data.elements.size(), kUnreached),
        colors(data.elements.size(), boost::white_color) {
    for (const DirectedLink& link : data.links) {
      if (isLeaf(data.elements[index(link.to)].kind)) {
        toLeaf[link.to].push_back(&link);
      } else {
        add(link);
      }
    }
  }
  void add(const DirectedLink& link) {
    const LinkProperties properties{link.id, {link.parameters.delay.count(), 1}};
    boost::add_edge(vertex(link.from), vertex(link.to), properties, network);
  }
  // To be called with the same leaf before and after a search.
  void join(ElementId leaf) {
    if (const auto links = toLeaf.find(leaf); links != toLeaf.end()) {
      for (const DirectedLink* const link : links->second) add(*link);
    }
  }
  void part(ElementId leaf) {
    if (const auto links = toLeaf.find(leaf); links != toLeaf.end()) {
      for (const DirectedLink* const link : links->second)
        boost::remove_edge(vertex(link->from), vertex(leaf), network);
    }
    for (const Vertex at : seen) {
      cost[at] = kUnreached;
      colors[at] = boost::white_color;
    }
    seen.clear();
  }

  const GraphData& data;
  Network network;
  std::map<ElementId, std::vector<const DirectedLink*>> toLeaf;
  // Of one search, by vertex; `seen` are those at which there is anything.
  std::vector<DirectedLinkId> arrival;
  std::vector<Cost> cost;
  std::vector<boost::default_color_type> colors;
  std::vector<Vertex> seen;
};

RouteFinder::RouteFinder(const GraphData& data) : graph_(new Graph(data)) {}
RouteFinder::~RouteFinder() = default;

std::optional<Route> RouteFinder::find(ElementId from, ElementId to) const {
  if (from == to) return Route{};
  if (graph_->data.isCutOff(from, to) || graph_->data.isCutOff(to, from)) return std::nullopt;
  Graph& graph = *graph_;
  const GraphData& data = graph.data;
  const Admission admission(data, from, to);
  bool found = false;
  const boost::filtered_graph<Network, Filter> admitted(graph.network,
                                                        Filter{&graph.network, &admission, &found});
  const auto sum = [](const Cost& a, const Cost& b) {
    return a == kUnreached || b == kUnreached ? kUnreached
                                              : Cost{a.delayNs + b.delayNs, a.links + b.links};
  };
  const auto numbers = boost::get(boost::vertex_index, graph.network);
  graph.join(to);
  graph.cost[vertex(from)] = Cost{};
  boost::dijkstra_shortest_paths_no_init(
      admitted, vertex(from), boost::dummy_property_map(),
      boost::make_iterator_property_map(graph.cost.begin(), numbers),
      boost::get(&LinkProperties::cost, graph.network), numbers, std::less<Cost>(), sum, Cost{},
      Tracker(graph.seen, graph.arrival, vertex(to), found),
      boost::make_iterator_property_map(graph.colors.begin(), numbers));
  graph.part(to);
  if (!found) return std::nullopt;
  Route route;
  for (ElementId at = to; at != from; at = data.links[index(route.back())].from) {
    route.push_back(graph.arrival[index(at)]);
  }
  std::reverse(route.begin(), route.end());
  return route;
}

}  // namespace callflow::topology
