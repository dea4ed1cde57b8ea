#include "validation/ice_typical.h"

#include <algorithm>
#include <map>
#include <tuple>

namespace callflow::validation {
namespace {

double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>((values.size() - 1) / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

// What `of` most often gives; of those that are as often, the one that comes first in order.
template <class Of>
auto mostFrequent(const std::vector<IceFigures>& simulations, Of of) {
  std::map<decltype(of(simulations.front())), std::size_t> counts;
  for (const IceFigures& each : simulations) ++counts[of(each)];
  return std::max_element(counts.begin(), counts.end(),
                          [](const auto& a, const auto& b) { return a.second < b.second; })
      ->first;
}

std::vector<std::string> namesOf(const IceFigures& figures) {
  std::vector<std::string> names;
  for (const auto& [at, state] : figures.states) names.push_back(state);
  return names;
}

}  // namespace

IceFigures typicalOf(const std::vector<IceFigures>& simulations) {
  IceFigures typical;
  std::tie(typical.local, typical.remote, typical.relay) = mostFrequent(
      simulations,
      [](const IceFigures& each) { return std::tuple(each.local, each.remote, each.relay); });
  for (const auto figure :
       {&IceFigures::gathered, &IceFigures::iceConnected, &IceFigures::dtlsConnected,
        &IceFigures::failed, &IceFigures::firstMedia, &IceFigures::silence}) {
    std::vector<double> values;
    for (const IceFigures& each : simulations)
      if (each.*figure) values.push_back(*(each.*figure));
    if (2 * values.size() > simulations.size()) typical.*figure = median(values);
  }
  const std::vector<std::string> states = mostFrequent(simulations, namesOf);
  for (std::size_t i = 0; i < states.size(); ++i) {
    std::vector<double> times;
    for (const IceFigures& each : simulations)
      if (namesOf(each) == states) times.push_back(each.states[i].first);
    typical.states.emplace_back(median(times), states[i]);
  }
  return typical;
}

}  // namespace callflow::validation
