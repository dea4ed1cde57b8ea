// `audio.mos.p5 >= 3.6 in udp-open`: what a scenario's author promises about its results.
#pragma once

#include <string_view>
#include <vector>

#include "src/topology/load.h"
#include "src/topology/scenario.h"
#include "src/units/units.h"

namespace callflow::topology {

// "METRIC[.STATISTIC] RELATION LIMIT[ UNIT] [in VARIANT]". Statistics are mean (the default), min,
// max and p1 to p99; relations are < <= > >=. A limit of a metric in ms, s, us or % needs a unit
// (any of its quantity) and is converted to the metric's own. The variant's existence is checked by
// the caller.
Parsed<Expectation> parseExpectation(std::string_view text, const std::vector<MetricName>& metrics);

}  // namespace callflow::topology
