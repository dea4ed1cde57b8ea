// What a link layer adds to a packet: a header, cells, a smallest size. The words are cake's.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string_view>

#include "models/fabric/parameters.h"
#include "src/units/units.h"

namespace callflow::fabric {

// A word for all three.
struct OverheadWord {
  std::string_view name;
  Overhead overhead;
};
// tc-cake(8), "Overhead compensation parameters".
inline constexpr OverheadWord kOverheadWords[] = {
    {"raw", {DataSize::bytes(0), DataSize::bytes(0), Cells::none}},
    {"conservative", {DataSize::bytes(48), DataSize::bytes(0), Cells::atm}},
    {"ethernet", {DataSize::bytes(38), DataSize::bytes(84), Cells::none}},
    {"ether-vlan",
     {DataSize::bytes(42), DataSize::bytes(84), Cells::none}},  // of cake's `ethernet ether-vlan`
    {"docsis", {DataSize::bytes(18), DataSize::bytes(64), Cells::none}},
    {"bridged-ptm", {DataSize::bytes(22), DataSize::bytes(0), Cells::ptm}},
    {"pppoe-ptm", {DataSize::bytes(30), DataSize::bytes(0), Cells::ptm}},
    {"ipoa-vcmux", {DataSize::bytes(8), DataSize::bytes(0), Cells::atm}},
    {"ipoa-llcsnap", {DataSize::bytes(16), DataSize::bytes(0), Cells::atm}},
    {"pppoa-vcmux", {DataSize::bytes(10), DataSize::bytes(0), Cells::atm}},
    {"pppoa-llc", {DataSize::bytes(14), DataSize::bytes(0), Cells::atm}},
    {"bridged-vcmux", {DataSize::bytes(24), DataSize::bytes(0), Cells::atm}},
    {"bridged-llcsnap", {DataSize::bytes(32), DataSize::bytes(0), Cells::atm}},
    {"pppoe-vcmux", {DataSize::bytes(32), DataSize::bytes(0), Cells::atm}},
    {"pppoe-llcsnap", {DataSize::bytes(40), DataSize::bytes(0), Cells::atm}},
};

// Bytes on the line of a packet of so many, IP header included.
constexpr std::int64_t sizeOnLine(std::int64_t size, const Overhead& overhead) {
  constexpr std::int64_t kCellPayload = 48;
  constexpr std::int64_t kCell = 53;
  constexpr std::int64_t kPtmBlock = 64;
  const std::int64_t frame = std::max(size + overhead.header.count(), overhead.mpu.count());
  switch (overhead.cells) {
    case Cells::none:
      return frame;
    case Cells::atm:
      return (frame + kCellPayload - 1) / kCellPayload * kCell;
    case Cells::ptm:
      return frame + (frame + kPtmBlock - 1) / kPtmBlock;
  }
  return frame;
}

}  // namespace callflow::fabric
