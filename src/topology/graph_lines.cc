#include "src/topology/graph_lines.h"

#include <stdexcept>
#include <utility>

#include "src/topology/graph_device_names.h"
#include "src/topology/graph_links.h"
#include "src/topology/validate_words.h"

namespace callflow::topology {

const Device& DeviceLines::deviceNamed(const std::string& name) const {
  const Device* const device = find(topology_.devices, name);
  if (device == nullptr) throw std::invalid_argument("no device " + name);
  return *device;
}

std::string DeviceLines::elementName(const std::string& device, const std::string& site) const {
  std::string name = deviceElementName(topology_, device, site);
  // The same device in two lines of a site: validation refuses it, graphs made without do not.
  while (data_.byName.count(name) != 0) name += '+';
  return name;
}

ElementId DeviceLines::make(const DeviceLine& line, std::size_t d) {
  Element element;
  element.kind = ElementKind::device;
  element.device = line.devices[d];
  element.name = elementName(element.device, line.site);
  element.site = line.site;
  const Device& device = deviceNamed(element.device);
  const fabric::BoxRole role = BoxKinds::role(device.kind);
  element.role = role.name;
  element.guards = role.guards;
  element.remote = line.remote;
  element.shared = line.kind == LineKind::uplink && device.shared;
  if (role.translates || role.tunnels) {
    element.translates = role.translates;
    element.addresses = role.addresses;
    element.address = outsideAddress(line, d, role.addresses);
  }
  return data_.addElement(std::move(element), line.standing);
}

ElementId DeviceLines::add(const DeviceLine& line, std::size_t d, ElementId inside) {
  const ElementId id = make(line, d);
  data_.addLink(LinkKind::lan, line.site + ".lan:" + line.devices[d], inside, id,
                symmetric(freeDirection()));
  return id;
}

std::uint32_t DeviceLines::outsideAddress(const DeviceLine& line, std::size_t d, int count) {
  for (std::size_t outer = d + 1; outer < line.devices.size(); ++outer) {
    if (!BoxKinds::role(deviceNamed(line.devices[outer]).kind).translates) continue;
    return AddressPlan::adjoining(count, [&] { return addresses_.operatorHost(); });
  }
  // Towards the WAN: one of the site's own addresses, which the other sites have routes to.
  if (line.kind == LineKind::wan && line.subnet)
    return AddressPlan::adjoining(count, [&] { return addresses_.lastHost(*line.subnet); });
  return AddressPlan::adjoining(count, [&] { return addresses_.publicHost(); });
}

}  // namespace callflow::topology
