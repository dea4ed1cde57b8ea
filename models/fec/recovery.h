// What a receiver gets back by parity: libwebrtc's UlpfecReceiver, FlexfecReceiver.
#pragma once

#include <array>
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "models/fec/parity.h"

namespace callflow::fec {

// Told of what arrives, in any order; tells the sequence numbers of what is given back by it, which
// hold until the next call.
class Recovery {
 public:
  // A media packet; also one that was sent again.
  const std::vector<std::int64_t>& onMedia(std::int64_t sequence);
  const std::vector<std::int64_t>& onParity(const Parity& parity);

 private:
  // Something is missing of what it is over.
  struct Held {
    std::int64_t first = 0;
    Packets missing = 0;
  };

  void note(std::int64_t sequence);
  bool isKnown(std::int64_t sequence) const;
  // A packet is there: what else comes of it.
  void settle(std::int64_t sequence);

  // How far back media packets, and how many parity packets, are of use (libwebrtc:
  // ulpfec_header_reader_writer.cc).
  static constexpr std::int64_t kHistory = 4 * kMostMediaPackets;
  static constexpr std::size_t kMostHeld = kMostMediaPackets;

  std::bitset<kHistory> arrived_;
  std::int64_t newest_ = -1;
  std::vector<Held> held_;  // oldest first
  std::vector<std::int64_t> recovered_;
};

}  // namespace callflow::fec
