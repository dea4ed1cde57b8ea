// The rules, in the order in which they are documented. To add one: a file with a function, and its
// line in the table of rules.cc.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "src/check/context.h"
#include "src/check/finding.h"

namespace callflow::check {

struct Rule {
  std::string_view id;       // "required-ports"
  std::string_view summary;  // what is asked for
  std::string_view document;
  std::vector<Finding> (*find)(const Context&);
};

std::span<const Rule> rules();

std::vector<Finding> findThirdPartyRelays(const Context& context);
std::vector<Finding> findThirdPartyServers(const Context& context);
std::vector<Finding> findSbcs(const Context& context);
std::vector<Finding> findMediaInVpns(const Context& context);
std::vector<Finding> findShapers(const Context& context);
std::vector<Finding> findInspectors(const Context& context);
std::vector<Finding> findClosedPorts(const Context& context);
std::vector<Finding> findWipedMarks(const Context& context);
std::vector<Finding> findMarksOfCalls(const Context& context);
std::vector<Finding> findNatMappings(const Context& context);
std::vector<Finding> findNatPools(const Context& context);
std::vector<Finding> findUdpTimers(const Context& context);
std::vector<Finding> findDistantEgress(const Context& context);
std::vector<Finding> findDistantResolvers(const Context& context);
std::vector<Finding> findNarrowLinks(const Context& context);
std::vector<Finding> findAsymmetricWays(const Context& context);
std::vector<Finding> findRewrittenMarks(const Context& context);
std::vector<Finding> findMediaInProxies(const Context& context);
std::vector<Finding> findTlsInspection(const Context& context);
std::vector<Finding> findHops(const Context& context);

}  // namespace callflow::check
