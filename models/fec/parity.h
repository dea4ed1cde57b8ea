// Parity packets, each the exclusive or of some media packets of a block (RFC 5109, RFC 8627): it
// gives back any one of them if the others are there.
#pragma once

#include <array>
#include <cstdint>

#include "models/fec/protection.h"
#include "src/units/units.h"

namespace callflow::fec {

// Packets of a block: bit i stands for the i-th.
using Packets = std::uint64_t;

// A block has so many media packets at most (libwebrtc, kUlpfecMaxMediaPackets).
inline constexpr int kMostMediaPackets = 48;
// A parity packet names media packets so far apart (RFC 5109 7.4: a mask of 48 bits).
inline constexpr std::int64_t kReach = 48;

// One of them: what it is over, and how long it must be for that.
struct Parity {
  std::int64_t first = 0;  // sequence number of a media packet
  Packets over = 0;        // bit i: the packet with the number `first` + i is one of them
  DataSize longest;        // of these
};

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

}  // namespace callflow::fec
