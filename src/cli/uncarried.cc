#include "src/cli/uncarried.h"

#include <algorithm>

#include "src/explain/traffic_reach.h"
#include "src/results/summary.h"

namespace callflow::cli {

std::vector<Uncarried> uncarriedIn(const topology::Scenario& scenario,
                                   const results::Result& result) {
  std::vector<Uncarried> all;
  for (const results::VariantSummary& variant : results::summarize(result)) {
    const auto one =
        std::find_if(scenario.cases.begin(), scenario.cases.end(),
                     [&](const topology::Case& each) { return each.variant == variant.variant; });
    if (one == scenario.cases.end()) continue;
    for (const metrics::TrafficRecord& record : variant.traffic) {
      if (record.received.count() > 0) continue;
      for (const topology::Traffic& traffic : one->traffic) {
        if (traffic.name != record.name) continue;
        if (auto reason = explain::trafficRefusal(*one, traffic))
          all.push_back({variant.variant, traffic.name, std::move(*reason)});
      }
    }
  }
  return all;
}

std::string uncarriedText(const std::vector<Uncarried>& all, bool namesVariants) {
  std::string text;
  for (const Uncarried& each : all)
    text += (namesVariants ? each.variant + ": " : "") + "nothing of " + each.traffic +
            " arrives, as " + each.reason + "\n";
  return text;
}

}  // namespace callflow::cli
