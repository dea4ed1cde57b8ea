#include "src/compare/scales.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "src/results/collect.h"
#include "src/results/sweep.h"

namespace callflow::compare {
namespace {

using Runs = std::vector<const metrics::RunRecord*>;

std::set<std::string> scaleNames(const Runs& runs) {
  std::set<std::string> scales;
  for (const auto* run : runs) {
    for (const auto& stream : run->streams) {
      if (!stream.mosScale.empty()) scales.insert(stream.mosScale);
    }
  }
  return scales;
}

Runs runsOf(const results::Result& result, const std::string& base) {
  Runs runs;
  for (const results::CaseInput& c : result.cases) {
    if ((c.base.empty() ? c.variant : c.base) != base) continue;
    for (const auto* run : recordsOf(result, c.variant)) runs.push_back(run);
  }
  return runs;
}

}  // namespace

std::string scalesOf(const Runs& runs) {
  return fmt::format("{}", fmt::join(scaleNames(runs), ", "));
}

std::string scaleNote(const results::Result& result) {
  std::set<std::string> all;
  // The variants of each scale, in the order of the file.
  std::vector<std::pair<std::string, std::vector<std::string>>> groups;
  for (const std::string& base : results::basesOf(result)) {
    const auto names = scaleNames(runsOf(result, base));
    if (names.empty()) continue;
    all.insert(names.begin(), names.end());
    const std::string scales = fmt::format("{}", fmt::join(names, ", "));
    const auto known = std::find_if(groups.begin(), groups.end(),
                                    [&](const auto& group) { return group.first == scales; });
    if (known == groups.end()) {
      groups.push_back({scales, {base}});
    } else {
      known->second.push_back(base);
    }
  }
  if (all.size() < 2) return {};
  std::vector<std::string> parts;
  for (const auto& [scales, of] : groups) {
    parts.push_back(fmt::format("{} ({})", scales, fmt::join(of, ", ")));
  }
  return fmt::format("note: scores of different scales do not compare: {}\n",
                     fmt::join(parts, "; "));
}

}  // namespace callflow::compare
