// Servers of the customer's own: each kind's own keys are in its folder.
#include "src/topology/topology_table.h"

namespace callflow::topology {

const config::Table<Server>& tableOf(const Server*) {
  static const config::Table<Server> kTable =
      config::Table<Server>("server",
                            "A relay, media processor or SBC of the customer's own, in the local "
                            "network of a site. One on the Internet stands in a site of its own "
                            "that has no NAT.")
          .kinds("kind", &Server::kind,
                 {.required = true, .help = "What it is.", .source = "none: must be written"})
          .add("at", &Server::at,
               {.required = true,
                .help = "The site where it stands.",
                .source = "none: must be written"})
          .position(&Server::pos);
  return kTable;
}

}  // namespace callflow::topology
