// Other traffic: what it is, its own kinds say; this, where it goes and when.
#include "src/topology/scenario_table.h"
#include "src/topology/topology_table.h"

namespace callflow::topology {

const config::Table<Traffic>& tableOf(const Traffic*) {
  static const config::Table<Traffic> kTable =
      config::Table<Traffic>("traffic", "Traffic beside the calls, from one end to another.")
          .add("name", &Traffic::name,
               {.required = true,
                .help = "What results call it.",
                .source = "none: must be written"})
          .kinds("kind", &Traffic::kind,
                 {.required = true,
                  .help = "What it is: the keys of its kind stand beside these.",
                  .source = "none: must be written"})
          .add("from", &Traffic::from,
               {.required = true,
                .help = "Who sends: a site (a host of its own in the site's network), a "
                        "participant's machine (alice@hq), or internet (a server there).",
                .source = "none: must be written"})
          .add("to", &Traffic::to,
               {.def = "internet",
                .help = "Who receives: as from.",
                .source = "ours: most of what leaves an office or a home goes there"})
          .add("distance", &Traffic::distance,
               {.def = "10 ms",
                .max = "1 s",
                .help = "Of a server on the Internet: one-way delay from where the other end "
                        "enters the Internet, beside the Internet's own least delay.",
                .source = "ours: a server in the same country"})
          .add("port", &Traffic::port,
               {.def = "443",
                .min = "1",
                .max = "65535",
                .help = "Where the end listens that does not open the flow. A server on the "
                        "Internet never opens one; else from does.",
                .source = "ours: as the web, QUIC too"})
          .add("dscp", &Traffic::dscp,
               {.def = "be",
                .help = "The mark of its packets (RFC 2474).",
                .source = "RFC 2474: best effort"})
          .add("start", &Traffic::start,
               {.def = "0 s", .max = "48 h", .help = "When it begins.", .source = "ours"})
          .add("duration", &Traffic::duration,
               {.min = "1 ms",
                .max = "48 h",
                .help = "How long it sends.",
                .source = "ours: to the end of the run"})
          .add("count", &Traffic::count,
               {.def = "1",
                .min = "1",
                .max = "1000",
                .help = "So many at once, each with a flow of its own.",
                .source = "ours"})
          .nameKey("name")
          .position(&Traffic::pos);
  return kTable;
}

}  // namespace callflow::topology
