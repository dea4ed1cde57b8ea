// Boxes, of whatever kind: each kind's own keys are in its folder.
#include "src/topology/topology_table.h"

namespace callflow::topology {

const config::Table<Device>& tableOf(const Device*) {
  static const config::Table<Device> kTable =
      config::Table<Device>("device", "A box on the way out of a site.")
          .kinds(
              "kind", &Device::kind,
              {.required = true, .help = "What the box does.", .source = "none: must be written"})
          .position(&Device::pos);
  return kTable;
}

}  // namespace callflow::topology
