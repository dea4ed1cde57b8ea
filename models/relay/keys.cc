#include "models/relay/keys.h"

namespace callflow::relay {

const config::Table<Relay>& tableOf(const Relay*) {
  static const config::Table<Relay> kTable =
      config::Table<Relay>("relay",
                           "A TURN server: it passes packets on and translates TCP to UDP.")
          .add("processing", &Relay::processing,
               {.def = "0.1 ms",
                .max = "1 s",
                .help = "From a packet's arrival to its departure.",
                .source = "ours: Microsoft publishes no figure"});
  return kTable;
}

}  // namespace callflow::relay
