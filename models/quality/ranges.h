// What the E-model's formulas were made for, and whether inputs are within it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "src/units/units.h"

namespace callflow::quality {

// Each is a limit that an input is past. The score is computed all the same, and must be shown with
// the flag.
enum class RangeFlag {
  delay,             // over 500 ms
  loss,              // over 20 %
  burstRatio,        // over 8
  burstRatioAtLoss,  // over 2 at 2 % of loss or more, where the formula uses it
  impairment,        // Ie over 40, narrowband
  bitrate,           // outside the published bit rates: the nearest serves
  robustness,        // loss, and no Bpl is published for the codec: G.107's default serves
  count_
};
inline constexpr std::size_t kRangeFlagCount = static_cast<std::size_t>(RangeFlag::count_);

struct RangeRow {
  RangeFlag flag;
  std::string_view name;    // "burst-ratio": as written to files
  std::string_view limit;   // "burst ratio over 8": what is the case
  std::string_view source;  // "ITU-T G.107 table 2"
};
// In the order of the flags.
std::span<const RangeRow> allRanges();

class OutOfRange {
 public:
  void set(RangeFlag flag, bool past = true) {
    if (past) bits_ |= bit(flag);
  }
  bool has(RangeFlag flag) const { return (bits_ & bit(flag)) != 0; }
  bool any() const { return bits_ != 0; }
  OutOfRange& operator|=(OutOfRange other) {
    bits_ |= other.bits_;
    return *this;
  }

 private:
  static constexpr std::uint32_t bit(RangeFlag flag) { return 1U << static_cast<unsigned>(flag); }
  std::uint32_t bits_ = 0;
};

// What the ranges are about.
struct RangeInput {
  Duration delay;
  Ratio loss;
  double burstRatio = 1;    // as measured
  bool ratioIsUsed = true;  // and not a Bpl for bursty loss in its place
  double ie = 0;
  bool narrowband = false;
  bool bitrateIsOutside = false;
  bool bplIsAssumed = false;
};
OutOfRange outOfRange(const RangeInput& input);

}  // namespace callflow::quality
