// How the elements are called that a device of a file becomes. Internal to the graph.
#pragma once

#include <string>

#include "src/topology/model.h"

namespace callflow::topology {

// The device's own name, or "site/device" where it stands at several places or a site is called so.
std::string deviceElementName(const Topology& topology, const std::string& device,
                              const std::string& site);

}  // namespace callflow::topology
