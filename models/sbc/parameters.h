// What a session border controller of the customer's own (Direct Routing) is given by.
#pragma once

#include "models/wire/address_range.h"
#include "src/units/units.h"

namespace callflow::config {
template <class T>
class Table;
}

namespace callflow::sbc {

struct Sbc {
  // Clients send media to it, by themselves or over their relays; else a media processor does.
  bool mediaBypass = false;
  wire::PortRange ports = {16384, 32767};  // of its media towards the IP network
  Duration processing;                     // from a packet's arrival to its departure
  Duration pstnDelay;                      // one way, from it to a telephone
};

const config::Table<Sbc>& tableOf(const Sbc*);

}  // namespace callflow::sbc
