// The devices of a site's lines as elements of the graph. Internal to the graph.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "src/topology/graph_addresses.h"
#include "src/topology/graph_data.h"

namespace callflow::topology {

enum class LineKind { uplink, wan, peering };

// A line with devices, from inside to outside.
struct DeviceLine {
  std::string site;
  bool remote = false;
  ElementId inside{};  // what the first device stands behind
  Standing standing;
  std::optional<Ipv4Prefix> subnet;  // the site's
  LineKind kind = LineKind::uplink;
  std::vector<std::string> devices;
};

class DeviceLines {
 public:
  DeviceLines(const Topology& topology, GraphData& data, AddressPlan& addresses)
      : topology_(topology), data_(data), addresses_(addresses) {}

  // How an element of this device at this site is called.
  std::string elementName(const std::string& device, const std::string& site) const;
  // The d-th device of a line, joined to nothing.
  ElementId make(const DeviceLine& line, std::size_t d);
  // Puts it behind `inside`.
  ElementId add(const DeviceLine& line, std::size_t d, ElementId inside);

 private:
  const Device& deviceNamed(const std::string& name) const;
  // Of the translating device at a place of a line: the first of so many.
  std::uint32_t outsideAddress(const DeviceLine& line, std::size_t d, int count);

  const Topology& topology_;
  GraphData& data_;
  AddressPlan& addresses_;
};

}  // namespace callflow::topology
