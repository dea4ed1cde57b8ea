// What a receiver gets back by parity: libwebrtc's UlpfecReceiver, FlexfecReceiver.
#pragma once

#include <array>
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "models/fec/blocks.h"
#include "models/fec/parity.h"

namespace callflow::fec {

// Told of what arrives, in any order; tells the sequence numbers of what is given back by it, which
// hold until the next call.
class Recovery {
 public:
  // A media packet; also one that was sent again.
  const std::vector<std::int64_t>& onMedia(std::int64_t sequence);
  // A parity packet of a block, the `index`-th.
  const std::vector<std::int64_t>& onParity(const Block& block, int index);

 private:
  struct Held {
    Block block;
    Masks masks;
    Packets media = 0;  // that arrived, or were given back
    Packets parity = 0;
  };

  void note(std::int64_t sequence);
  bool isKnown(std::int64_t sequence) const;
  void giveBack(Held& held);

  // As far as a receiver looks back: more packets than are in any two blocks and between them.
  static constexpr std::int64_t kHistory = 1024;
  static constexpr std::size_t kBlocks = 8;

  std::bitset<kHistory> arrived_;
  std::int64_t newest_ = -1;
  std::array<Held, kBlocks> held_;  // a ring
  std::size_t next_ = 0;
  std::vector<std::int64_t> recovered_;
};

}  // namespace callflow::fec
