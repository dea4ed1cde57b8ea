// How verdicts and differences are worded, in text and in Markdown alike.
#pragma once

#include <string>
#include <string_view>

#include "src/compare/compare.h"

namespace callflow::compare {

std::string_view word(Verdict verdict);  // "negligible", for files
std::string verdictText(const MetricDifference& d);
std::string verdictText(const CallDifference& d);
// "connects", "fails", "fails in 1 of 3 runs"
std::string sideText(const CallSide& side);
std::string changeText(const metrics::Metric& m, const MetricDifference& d);
std::string intervalText(const metrics::Metric& m, const MetricDifference& d);
// Whether somebody's VPN goes over TCP on the way that was chosen, as its UDP does not get through:
// no hop tells, as the tunnel is the same.
bool inVpnOverTcp(const std::vector<metrics::PathAttempt>& attempts);
std::string pathText(const PathSide& side);
std::string streamText(const PathDifference& d);
std::string scalesText(const Comparison& c);
// "metrics are of the 2 streams that both have; B has 2 more", or nothing.
std::string streamsText(const OneSided& streams);
// "paired, n = 10": of all metrics but those that have fewer.
std::string pairingText(const Comparison& c);
// A value of input; long ones are cut.
std::string shortened(const std::string& text);

// What differs in paths, with why.
std::string pathsText(const std::vector<PathDifference>& paths, const Layout& layout);

}  // namespace callflow::compare
