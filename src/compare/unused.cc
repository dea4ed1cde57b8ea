#include "src/compare/unused.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <vector>

#include "src/compare/compare.h"
#include "src/results/collect.h"
#include "src/results/sweep.h"

namespace callflow::compare {
namespace {

using results::CaseInput;

// "tcp", "transport": the maps under which two cases differ and which only TCP reads.
std::set<std::string> differingMaps(const CaseInput& a, const CaseInput& b) {
  std::set<std::string> maps;
  for (const KeyDifference& key : differingKeys(a.resolvedYaml, b.resolvedYaml)) {
    for (const char* map : {"tcp", "transport"}) {
      if (key.path.find(fmt::format("].{}.", map)) != std::string::npos) maps.insert(map);
    }
  }
  return maps;
}

const std::string& baseOf(const CaseInput& one) {
  return one.base.empty() ? one.variant : one.base;
}

}  // namespace

std::string unusedNote(const results::Result& result) {
  std::string text;
  std::set<std::string> done;
  for (const CaseInput& first : result.cases) {  // of a sweep, the first cell of each variant
    if (!done.insert(baseOf(first)).second || done.size() == 1) continue;
    const auto maps = differingMaps(result.cases.front(), first);
    if (maps.empty()) continue;
    bool media = false, tcp = false;
    for (const CaseInput& one : result.cases) {
      if (baseOf(one) != baseOf(first)) continue;
      for (const auto* run : recordsOf(result, one.variant)) {
        media = media || !run->streams.empty();
        tcp = tcp || std::any_of(run->streams.begin(), run->streams.end(),
                                 [](const auto& stream) { return stream.transport == "tcp"; });
      }
    }
    if (!media || tcp) continue;
    text +=
        fmt::format("note: {}: no media goes over TCP, so what it changes in {}: has no effect\n",
                    baseOf(first), fmt::join(maps, ": and "));
  }
  return text;
}

}  // namespace callflow::compare
