// Where other traffic begins and ends, and when.
#pragma once

#include <cstdint>

#include "models/fabric/packet.h"
#include "models/wire/dscp.h"
#include "src/units/units.h"

namespace callflow::traffic {

struct Ends {
  fabric::NodeId from{}, to{};
  fabric::Endpoint source, destination;  // as packets are addressed where they begin
  std::uint32_t stream = 0;              // fabric::Packet::stream
  wire::Dscp dscp;
  fabric::OwnerId owner = {};  // of datagrams: Payloads::owner()
};

// It sends from `begin` to `end`, that excluded.
struct Period {
  TimePoint begin, end;
};

// What came of it.
struct Volume {
  DataSize sent, received;  // of IP packets; of TCP, of the application's bytes
  TimePoint last;           // when the last of it came
};

}  // namespace callflow::traffic
