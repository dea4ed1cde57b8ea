#include "models/relay/keys.h"

namespace callflow::relay {

const config::Table<Relay>& tableOf(const Relay*) {
  static const config::Table<Relay> kTable =
      config::Table<Relay>("relay",
                           "A TURN server: it passes packets on and translates TCP to UDP.")
          .add("transports", &Relay::transports,
               {.help = "How clients reach it: udp (3478), tcp (443, TLS too); none written: both.",
                .source = "Call flows in Azure Communication Services"})
          .add("ports", &Relay::ports,
               {.def = "49152-65535",
                .help = "Of the sockets that it opens for its clients, to which others send.",
                .source = "RFC 8656 section 7.2"})
          .add("processing", &Relay::processing,
               {.def = "0.1 ms",
                .max = "1 s",
                .help = "From a packet's arrival to its departure.",
                .source = "ours: Microsoft publishes no figure"});
  return kTable;
}

}  // namespace callflow::relay
