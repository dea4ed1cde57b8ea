// What stands on a way through the network.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "src/check/context.h"

namespace callflow::check {

// The links of a route, and behind each tunnel those that carry it.
topology::Route allLinks(const topology::NetworkGraph& graph, const topology::Route& route);

// A device that packets come to on a route.
struct Passed {
  const topology::Device* device = nullptr;
  std::string_view name;  // of the device
  topology::ElementId element{};
  bool outward = true;  // from its inside to its outside
};
std::vector<Passed> devicesOn(const Context& context, const topology::Route& route);

// The device of this name. Precondition: there is one.
const topology::Device& deviceNamed(const topology::Topology& topology, std::string_view name);
const topology::Site* siteNamed(const topology::Topology& topology, std::string_view name);

bool crosses(const topology::NetworkGraph& graph, const topology::Route& route,
             topology::LinkKind kind);

// "a", "a and b", "a, b and c", "a, b, c and 4 more": so many names at most, or one less and a
// number.
std::string listed(const std::vector<std::string>& names, std::size_t most = 4);
// Adds a name that is not there yet.
void addOnce(std::vector<std::string>& names, const std::string& name);

}  // namespace callflow::check
