#include "src/topology/graph_azure.h"

#include <algorithm>
#include <numeric>
#include <stdexcept>

#include "src/topology/regions.h"

namespace callflow::topology {
namespace {

struct NamedPlace {
  std::string name;
  BackbonePlace place;
};

std::vector<NamedPlace> makeEdges(const std::vector<std::string>& names) {
  std::vector<NamedPlace> places;
  for (const std::string& name : names) {
    const Location* location = findEdge(name);
    if (location == nullptr) throw std::invalid_argument("no Azure edge " + name);
    places.push_back({name, BackbonePlace(*location)});
  }
  return places;
}

const std::vector<NamedPlace>& builtInEdgePlaces() {
  static const std::vector<NamedPlace> kPlaces = [] {
    std::vector<std::string> names;
    for (const Edge& edge : builtInEdges()) names.emplace_back(edge.name);
    return makeEdges(names);
  }();
  return kPlaces;
}

std::vector<NamedPlace> makeRegions(const std::vector<std::string>& names) {
  std::vector<NamedPlace> places;
  for (const std::string& name : names) {
    const Region* region = findRegion(name);
    if (region == nullptr) throw std::invalid_argument("no Azure region " + name);
    places.push_back({name, BackbonePlace(region->location)});
  }
  return places;
}

// The ways of one point of presence.
struct Choice {
  std::vector<std::size_t> edge;  // by region, among all edges
  std::vector<Duration> delay;    // by edge, over the Internet
  std::size_t region = 0;         // nearest by the whole way
};

class Chooser {
 public:
  Chooser(const Internet& internet, const std::vector<NamedPlace>& edges,
          const std::vector<NamedPlace>& regions)
      : internet_(internet), edges_(edges) {
    for (const NamedPlace& edge : edges) {
      std::vector<Duration>& row = backbone_.emplace_back();
      for (const NamedPlace& region : regions)
        row.push_back(backboneRtt(edge.place, region.place) / 2);
    }
  }

  Duration backbone(std::size_t edge, std::size_t region) const { return backbone_[edge][region]; }

  Choice choose(Location here) const {
    std::vector<double> km;
    for (const NamedPlace& edge : edges_) km.push_back(greatCircleKm(here, edge.place.location));
    // Nearest first, so that it is taken among equals.
    std::vector<std::size_t> order(edges_.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return km[a] < km[b]; });
    Choice choice;
    for (std::size_t edge = 0; edge < edges_.size(); ++edge)
      choice.delay.push_back(internetLeg(order.front(), edge, km[edge]));
    Duration leastOfAll = Duration::max();
    for (std::size_t region = 0; region < backbone_.front().size(); ++region) {
      const auto whole = [&](std::size_t edge) {
        return choice.delay[edge] + backbone_[edge][region];
      };
      const std::size_t best =
          *std::min_element(order.begin(), order.end(),
                            [&](std::size_t a, std::size_t b) { return whole(a) < whole(b); });
      choice.edge.push_back(best);
      if (whole(best) >= leastOfAll) continue;
      leastOfAll = whole(best);
      choice.region = region;
    }
    return choice;
  }

 private:
  Duration internetLeg(std::size_t nearest, std::size_t edge, double km) const {
    const Duration travel = internetDelay(internet_, km);
    const auto published = publishedRtt(edges_[nearest].place, edges_[edge].place);
    if (!published || *published / 2 <= travel) return travel;
    return internet_.minimumDelay + *published / 2;
  }

  const Internet& internet_;
  const std::vector<NamedPlace>& edges_;
  std::vector<std::vector<Duration>> backbone_;
};

}  // namespace

Duration internetDelay(const Internet& internet, double km) {
  return std::max(fibreDelay(km * internet.stretch), internet.minimumDelay);
}

AzurePlan planAzure(const Azure& azure, const Internet& internet,
                    const std::vector<Location>& pops) {
  const std::vector<NamedPlace> written = makeEdges(azure.edges);
  const std::vector<NamedPlace>& edges = azure.edges.empty() ? builtInEdgePlaces() : written;
  const std::vector<NamedPlace> regions = makeRegions(azure.regions);
  const Chooser chooser(internet, edges, regions);
  std::vector<Choice> choices;
  choices.reserve(pops.size());
  for (const Location& pop : pops) choices.push_back(chooser.choose(pop));

  constexpr std::size_t kUnused = static_cast<std::size_t>(-1);
  std::vector<std::size_t> kept;  // regions
  for (std::size_t region = 0; region < regions.size(); ++region) {
    const bool serves = std::any_of(choices.begin(), choices.end(),
                                    [&](const Choice& choice) { return choice.region == region; });
    if (serves || !azure.everyRegion) kept.push_back(region);
  }
  std::vector<std::size_t> number(edges.size(), kUnused);  // in the plan
  AzurePlan plan;
  for (const std::size_t region : kept) plan.regions.push_back(regions[region].name);
  for (std::size_t edge = 0; edge < edges.size(); ++edge) {
    const bool used = std::any_of(choices.begin(), choices.end(), [&](const Choice& choice) {
      return std::any_of(kept.begin(), kept.end(),
                         [&](std::size_t region) { return choice.edge[region] == edge; });
    });
    if (!used) continue;
    number[edge] = plan.edges.size();
    plan.edges.push_back(edges[edge].name);
    std::vector<Duration>& row = plan.backbone.emplace_back();
    for (const std::size_t region : kept) row.push_back(chooser.backbone(edge, region));
  }
  for (const Choice& choice : choices) {
    std::vector<AzurePlan::Entry>& entries = plan.entries.emplace_back();
    for (const std::size_t region : kept)
      entries.push_back({number[choice.edge[region]], choice.delay[choice.edge[region]]});
    const auto at = std::find(kept.begin(), kept.end(), choice.region);
    plan.nearest.push_back(at == kept.end()
                               ? std::nullopt
                               : std::optional(static_cast<std::size_t>(at - kept.begin())));
  }
  return plan;
}

}  // namespace callflow::topology
