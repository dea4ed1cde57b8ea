// What a NAT is given by.
#pragma once

#include "models/fabric/box_kind.h"
#include "src/units/units.h"

namespace callflow::nat {

// Address and port translation (NAPT) of one kind: endpoint-independent mapping,
// address-and-port-dependent filtering (RFC 4787).
struct Nat {
  Duration udpTimeout;  // of a mapping since its last packet from inside; over 0
  Duration tcpTimeout;
};

inline fabric::BoxRole roleOf(const Nat&) {
  return {.name = "NAT", .translates = true};
}
const config::Table<Nat>& tableOf(const Nat*);
std::unique_ptr<fabric::Box> makeBox(const Nat& parameters, const fabric::BoxPlace& place);

}  // namespace callflow::nat
