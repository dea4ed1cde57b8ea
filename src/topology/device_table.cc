// Boxes, of whatever kind: each kind's own keys are in its folder.
#include "src/topology/topology_table.h"

namespace callflow::topology {

const config::Table<Device>& tableOf(const Device*) {
  static const config::Table<Device> kTable =
      config::Table<Device>("device", "A box on the way out of a site.")
          .kinds(
              "kind", &Device::kind,
              {.required = true, .help = "What the box does.", .source = "none: must be written"})
          .add("shared", &Device::shared,
               {.def = "false",
                .help = "One box of a provider, beyond the lines of all sites that name it last in "
                        "their perimeter, and where the first of them is: a carrier's NAT.",
                .source = "ours: a box at the site that names it"})
          .position(&Device::pos);
  return kTable;
}

}  // namespace callflow::topology
