#include "src/topology/place_names.h"

#include "src/topology/regions.h"
#include "src/units/quoted.h"

namespace callflow::topology {
namespace {

const std::vector<std::string>& regionNames() {
  static const std::vector<std::string> kNames = [] {
    std::vector<std::string> names;
    for (const Region& region : builtInRegions()) names.emplace_back(region.name);
    return names;
  }();
  return kNames;
}

const std::vector<std::string>& edgeNames() {
  static const std::vector<std::string> kNames = [] {
    std::vector<std::string> names;
    for (const Edge& edge : builtInEdges()) names.emplace_back(edge.name);
    names.insert(names.end(), regionNames().begin(), regionNames().end());
    return names;
  }();
  return kNames;
}

// Empty where the region is of no other cloud.
std::string otherCloud(std::string_view region) {
  const std::string_view cloud = sovereignCloudOf(region);
  if (cloud.empty()) return {};
  return quoted(region) + " is a region of " + std::string(cloud) +
         ", which is a network of its own; write a public region, as callflow help regions lists "
         "them";
}

std::string noneCalled(const std::string& kind, std::string_view text,
                       const std::vector<std::string>& names, const std::string& elsewhere) {
  const std::string near = nearestName(std::string(text), names);
  return "there is no " + kind + " " + quoted(text) + "; " +
         (near.empty() ? elsewhere : "did you mean " + quoted(near) + "?");
}

template <class Name>
std::vector<std::string> strings(const std::vector<Name>& names) {
  std::vector<std::string> out;
  for (const Name& each : names) out.push_back(each.name);
  return out;
}

}  // namespace

std::vector<std::string> toStrings(const std::vector<RegionName>& names) {
  return strings(names);
}
std::vector<std::string> toStrings(const std::vector<EdgeName>& names) {
  return strings(names);
}

}  // namespace callflow::topology

namespace callflow::config {

using topology::EdgeName;
using topology::PlaceName;
using topology::RegionName;

const ScalarInfo& Scalar<RegionName>::info() {
  static const ScalarInfo kInfo{.name = "Azure region",
                                .example = "westeurope",
                                .pattern = {},
                                .choices = topology::regionNames()};
  return kInfo;
}

Parsed<RegionName> Scalar<RegionName>::parse(std::string_view text) {
  if (topology::findRegion(text) != nullptr) return {RegionName{std::string(text)}, {}};
  const std::string other = topology::otherCloud(text);
  if (!other.empty()) return {std::nullopt, other};
  return {std::nullopt, topology::noneCalled("Azure region", text, topology::regionNames(),
                                             "callflow help regions lists them")};
}

const ScalarInfo& Scalar<EdgeName>::info() {
  static const ScalarInfo kInfo{.name = "Azure edge",
                                .example = "amsterdam",
                                .pattern = {},
                                .choices = topology::edgeNames()};
  return kInfo;
}

Parsed<EdgeName> Scalar<EdgeName>::parse(std::string_view text) {
  if (topology::findEdge(text) != nullptr) return {EdgeName{std::string(text)}, {}};
  const std::string other = topology::otherCloud(text);
  if (!other.empty()) return {std::nullopt, other};
  return {std::nullopt, topology::noneCalled("Azure edge", text, topology::edgeNames(),
                                             "callflow help edges lists them")};
}

const ScalarInfo& Scalar<PlaceName>::info() {
  static const ScalarInfo kInfo{.name = "city or Azure region",
                                .example = "amsterdam",
                                .pattern = {},
                                .choices = topology::edgeNames()};
  return kInfo;
}

Parsed<PlaceName> Scalar<PlaceName>::parse(std::string_view text) {
  if (topology::findEdge(text) != nullptr) return {PlaceName{std::string(text)}, {}};
  const std::string near = nearestName(std::string(text), topology::edgeNames());
  return {std::nullopt,
          quoted(text) + " is neither [latitude, longitude] nor a known city or Azure region; " +
              (near.empty() ? "write for example [52.37, 4.90], or a city of callflow help edges"
                            : "did you mean " + quoted(near) + "?")};
}

}  // namespace callflow::config
