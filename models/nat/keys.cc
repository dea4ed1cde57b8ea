#include "models/nat/parameters.h"
#include "src/config/table.h"

namespace callflow::nat {

const config::Table<Nat>& tableOf(const Nat*) {
  static const config::Table<Nat> kTable =
      config::Table<Nat>(
          "nat",
          "Address and port translation: endpoint-independent mapping, address-and-port-"
          "dependent filtering (RFC 4787).")
          .add("udp-timeout", &Nat::udpTimeout,
               {.def = "120 s",
                .min = "1 s",
                .max = "24 h",
                .help = "How long a UDP mapping lives without a packet from inside.",
                .source = "RFC 4787 REQ-5: not less than two minutes"})
          .add("tcp-timeout", &Nat::tcpTimeout,
               {.def = "7440 s",
                .min = "1 s",
                .max = "240 h",
                .help = "How long a TCP mapping lives without a packet.",
                .source = "RFC 5382 REQ-5: not less than 2 h 4 min"});
  return kTable;
}

}  // namespace callflow::nat
