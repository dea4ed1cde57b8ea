#include "models/sbc/keys.h"

namespace callflow::sbc {

const config::Table<Sbc>& tableOf(const Sbc*) {
  static const config::Table<Sbc> kTable =
      config::Table<Sbc>("sbc",
                         "A session border controller of the customer's own, which leads to the "
                         "telephone network (Direct Routing): bob@NAME is called by it.")
          .add("media-bypass", &Sbc::mediaBypass,
               {.def = "false",
                .help = "Clients send media straight to it, or over their relays; else it comes "
                        "from a media processor in the region nearest to it.",
                .source = "Direct Routing of Azure Communication Services has none; that of Teams "
                          "may"})
          .add("ports", &Sbc::ports,
               {.def = "16384-32767",
                .help = "Of its media towards clients, relays and media processors.",
                .source = "ours: common among SBCs; each has a range of its own"})
          .add("processing", &Sbc::processing,
               {.def = "1 ms",
                .max = "1 s",
                .help = "From a packet's arrival to its departure.",
                .source = "ours: as a media processor"})
          .add("pstn-delay", &Sbc::pstnDelay, pstnDelay());
  return kTable;
}

}  // namespace callflow::sbc
