// How places of Azure are written in YAML.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "src/config/scalar.h"

namespace callflow::topology {

// In `azure: {regions: [...]}`.
struct RegionName {
  std::string name;
};
// In `azure: {edges: [...]}`: a city, or a region.
struct EdgeName {
  std::string name;
};
// In `location:`, where coordinates may stand too: a city, or a region.
struct PlaceName {
  std::string name;
};

std::vector<std::string> toStrings(const std::vector<RegionName>& names);
std::vector<std::string> toStrings(const std::vector<EdgeName>& names);

}  // namespace callflow::topology

namespace callflow::config {

template <>
struct Scalar<topology::RegionName> {
  static const ScalarInfo& info();
  static Parsed<topology::RegionName> parse(std::string_view text);
  static std::string print(const topology::RegionName& value) { return value.name; }
};

template <>
struct Scalar<topology::EdgeName> {
  static const ScalarInfo& info();
  static Parsed<topology::EdgeName> parse(std::string_view text);
  static std::string print(const topology::EdgeName& value) { return value.name; }
};

template <>
struct Scalar<topology::PlaceName> {
  static const ScalarInfo& info();
  static Parsed<topology::PlaceName> parse(std::string_view text);
  static std::string print(const topology::PlaceName& value) { return value.name; }
};

}  // namespace callflow::config
