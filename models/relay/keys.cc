#include "models/relay/keys.h"

namespace callflow::relay {

const config::Table<Relay>& tableOf(const Relay*) {
  static const config::Table<Relay> kTable =
      config::Table<Relay>("relay",
                           "A TURN server: it passes packets on and translates TCP to UDP.")
          .add("transports", &Relay::transports,
               {.help = "How clients reach it: udp (3478 to 3481), tcp (443, TLS too); none "
                        "written: both.",
                .source = "Call flows in Azure Communication Services"})
          .add("ports", &Relay::ports,
               {.def = "49152-65535",
                .help = "Of the sockets that it opens for its clients, to which others send.",
                .source = "RFC 8656 section 7.2"})
          .add("processing", &Relay::processing,
               {.def = "0.1 ms",
                .max = "1 s",
                .help = "From a packet's arrival to its departure.",
                .source = "ours: Microsoft publishes no figure"})
          .add("allocations", &Relay::allocations,
               {.min = "1",
                .max = "65535",
                .help = "How many it gives out at once, of which a client takes one for each "
                        "transport that it reaches it by; whoever asks for more is refused (486).",
                .source = "ours: as many as it has ports, then 508; coturn's total-quota, RFC "
                          "8656 section 7.2",
                .absent = "unlimited"})
          .add("alternate", &Relay::alternate,
               {.help = "When it is full it sends clients to this one: a server of kind relay, or "
                        "the region of one of Azure's.",
                .source = "ours: it refuses them; RFC 8489 section 10",
                .absent = "none"});
  return kTable;
}

}  // namespace callflow::relay
