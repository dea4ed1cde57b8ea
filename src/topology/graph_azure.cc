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

// Of an edge by name; size() if it is not among them.
std::size_t placeOf(const std::vector<NamedPlace>& edges, const std::string& name) {
  const auto found = std::find_if(edges.begin(), edges.end(),
                                  [&](const NamedPlace& edge) { return edge.name == name; });
  return static_cast<std::size_t>(found - edges.begin());
}

// The ways of one entrance.
struct Choice {
  std::vector<std::size_t> edge;  // by region, among all edges
  std::vector<Duration> delay;    // by edge, over the Internet
  std::size_t region = 0;         // nearest by the whole way
  std::size_t relays = 0;         // nearest of those with relays, if there is one
};

class Chooser {
 public:
  // The first `open` edges are those that anybody may enter at.
  Chooser(const Internet& internet, const std::vector<NamedPlace>& edges, std::size_t open,
          const std::vector<NamedPlace>& regions, std::vector<bool> relays)
      : internet_(internet), edges_(edges), open_(open), relays_(std::move(relays)) {
    for (const NamedPlace& edge : edges) {
      std::vector<Duration>& row = backbone_.emplace_back();
      for (const NamedPlace& region : regions)
        row.push_back(backboneRtt(edge.place, region.place) / 2);
    }
  }

  Duration backbone(std::size_t edge, std::size_t region) const { return backbone_[edge][region]; }

  Choice choose(Location here) const {
    std::vector<double> km;
    for (std::size_t edge = 0; edge < open_; ++edge)
      km.push_back(greatCircleKm(here, edges_[edge].place.location));
    // Nearest first, so that it is taken among equals.
    std::vector<std::size_t> order(open_);
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return km[a] < km[b]; });
    Choice choice;
    for (std::size_t edge = 0; edge < open_; ++edge)
      choice.delay.push_back(internetLeg(order.front(), edge, km[edge]));
    Duration leastOfAll = Duration::max(), leastWithRelays = Duration::max();
    for (std::size_t region = 0; region < backbone_.front().size(); ++region) {
      const auto whole = [&](std::size_t edge) {
        return choice.delay[edge] + backbone_[edge][region];
      };
      const std::size_t best =
          *std::min_element(order.begin(), order.end(),
                            [&](std::size_t a, std::size_t b) { return whole(a) < whole(b); });
      choice.edge.push_back(best);
      if (whole(best) < leastOfAll) choice.region = region;
      leastOfAll = std::min(leastOfAll, whole(best));
      if (!relays_[region]) continue;
      if (whole(best) < leastWithRelays) choice.relays = region;
      leastWithRelays = std::min(leastWithRelays, whole(best));
    }
    return choice;
  }

  // Of who can enter at one edge only, whatever the region.
  Choice enter(std::size_t edge) const {
    const std::vector<Duration>& row = backbone_[edge];
    Choice choice;
    choice.edge.assign(row.size(), edge);
    choice.delay.assign(edges_.size(), Duration{});
    choice.region =
        static_cast<std::size_t>(std::min_element(row.begin(), row.end()) - row.begin());
    for (std::size_t region = 0; region < row.size(); ++region)
      if (relays_[region] && (!relays_[choice.relays] || row[region] < row[choice.relays]))
        choice.relays = region;
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
  std::size_t open_;
  std::vector<bool> relays_;  // by region: whether it has any
  std::vector<std::vector<Duration>> backbone_;
};

}  // namespace

Duration internetDelay(const Internet& internet, double km) {
  return std::max(fibreDelay(km * internet.stretch), internet.minimumDelay);
}

bool hasRelay(const Azure& azure, const std::string& region) {
  return std::find(azure.relaysOff.begin(), azure.relaysOff.end(), region) == azure.relaysOff.end();
}

std::string nearestEdge(Location place) {
  const auto& edges = builtInEdges();
  const auto nearest =
      std::min_element(edges.begin(), edges.end(), [&](const Edge& a, const Edge& b) {
        return greatCircleKm(place, a.location) < greatCircleKm(place, b.location);
      });
  return std::string(nearest->name);
}

AzurePlan planAzure(const Azure& azure, const Internet& internet,
                    const std::vector<AzureEntrance>& entrances) {
  std::vector<NamedPlace> edges =
      azure.edges.empty() ? builtInEdgePlaces() : makeEdges(azure.edges);
  // Peerings lead to edges that others need not enter at.
  const std::size_t open = edges.size();
  for (const AzureEntrance& each : entrances)
    if (each.edge && placeOf(edges, *each.edge) == edges.size())
      edges.push_back(makeEdges({*each.edge}).front());
  const std::vector<NamedPlace> regions = makeRegions(azure.regions);
  std::vector<bool> relays;
  for (const NamedPlace& region : regions) relays.push_back(hasRelay(azure, region.name));
  const Chooser chooser(internet, edges, open, regions, std::move(relays));
  std::vector<Choice> choices;
  choices.reserve(entrances.size());
  for (const AzureEntrance& each : entrances)
    choices.push_back(each.edge ? chooser.enter(placeOf(edges, *each.edge))
                                : chooser.choose(each.from));

  constexpr std::size_t kUnused = static_cast<std::size_t>(-1);
  std::vector<std::size_t> kept;  // regions
  for (std::size_t region = 0; region < regions.size(); ++region) {
    const bool serves = std::any_of(choices.begin(), choices.end(), [&](const Choice& choice) {
      return choice.region == region || choice.relays == region;
    });
    // Or others send clients there.
    const bool named = azure.relay.alternate == regions[region].name;
    if (serves || named || !azure.everyRegion) kept.push_back(region);
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
