// What a NAT is given by.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "models/fabric/box_kind.h"
#include "models/wire/address_range.h"
#include "src/units/units.h"

namespace callflow::nat {

// How much of the remote endpoint counts: for which packets a mapping is the same (RFC 4787 section
// 4.1), or from whom a mapping lets packets in (section 5).
enum class Dependence : std::uint8_t {
  endpointIndependent,
  addressDependent,
  addressAndPortDependent
};

// Which public port is tried first.
enum class PortChoice : std::uint8_t { preserve, sequential, random };

// What becomes of a preserved port that another inside endpoint has.
enum class Collision : std::uint8_t {
  next,     // the next free port, counting on from the last one given away
  random,   // a free port by chance
  overload  // shared, as long as both speak to different remote endpoints (section 4.2.1)
};

enum class Pooling : std::uint8_t { paired, arbitrary };  // section 4.1, REQ-2

enum class Refresh : std::uint8_t { out, both };  // section 4.3: whose packets keep a mapping alive

// Address translation, with ports or one to one.
struct Nat {
  Dependence mapping = Dependence::endpointIndependent;
  Dependence filtering = Dependence::addressAndPortDependent;
  PortChoice ports = PortChoice::preserve;
  Collision onCollision = Collision::next;
  bool parity = true;                         // an even port for an even one, if there is one
  wire::PortRange portRange = {1024, 65535};  // to give away, for each protocol
  std::int64_t portsPerHost = 0;              // a block of its own for each inside host; 0: none
  std::int64_t addresses = 1;                 // public ones, each after the other
  Pooling pooling = Pooling::paired;
  bool hairpin = false;
  bool oneToOne = false;                        // a public address for each inside host
  Duration udpTimeout;                          // of a mapping since its last packet; over 0
  std::optional<Duration> udpUnrepliedTimeout;  // while no answer has come; nothing: the same
  Duration tcpTimeout;
  Refresh refresh = Refresh::out;
};

inline fabric::BoxRole roleOf(const Nat& nat) {
  return {.name = "NAT",
          .translates = true,
          .addresses = static_cast<int>(nat.addresses),
          .remembers = true};
}
const config::Table<Nat>& tableOf(const Nat*);
std::unique_ptr<fabric::Box> makeBox(const Nat& parameters, const fabric::BoxPlace& place);

}  // namespace callflow::nat
