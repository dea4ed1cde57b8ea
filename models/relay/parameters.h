#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "models/wire/address_range.h"
#include "src/units/units.h"

namespace callflow::config {
template <class T>
class Table;
}

namespace callflow::relay {

// How clients reach it: over UDP 3478 to 3481, over TCP (or TLS) 443.
enum class ClientTransport : std::uint8_t { udp, tcp };

struct Relay {
  std::vector<ClientTransport> transports;  // none: both
  wire::PortRange ports = {49152, 65535};   // of the sockets that it opens for clients
  Duration processing;                      // from a packet's arrival to its departure
  // It gives out so many at once; nothing: as many as it has ports.
  std::optional<int> allocations;
  // Of the relay to which it sends clients when it is full.
  std::optional<std::string> alternate;
};

const config::Table<Relay>& tableOf(const Relay*);

}  // namespace callflow::relay
