// Parity packets, each the exclusive or of some media packets of a block, and what they give back
// (RFC 5109, RFC 8627).
#pragma once

#include <array>
#include <cstdint>

#include "models/fec/protection.h"

namespace callflow::fec {

// Packets of a block: bit i stands for the i-th.
using Packets = std::uint64_t;

// A block has so many media packets at most (libwebrtc, kUlpfecMaxMediaPackets).
inline constexpr int kMostMediaPackets = 48;

// How many parity packets so many media packets get: the share, rounded, but at least one if there
// is any share at all.
int parityPackets(int mediaPackets, Share share);

// Which media packets each parity packet is over.
struct Masks {
  int count = 0;
  std::array<Packets, kMostMediaPackets> over{};
};
// Up to 12 media packets no two of them are in the same parity packets if that can be had, so that
// two losses do not hide each other; of more, each is in one, in turn.
Masks masksOf(int mediaPackets, int parityPackets);

// What of the media packets that did not come is given back by the parity packets that came: each
// gives back one, if it is the only one missing, which may help another.
Packets recoverable(const Masks& masks, Packets mediaArrived, Packets parityArrived,
                    int mediaPackets);

}  // namespace callflow::fec
