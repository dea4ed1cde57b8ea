#include "models/quality/ranges.h"

#include <array>

namespace callflow::quality {
namespace {

constexpr Duration kDelayLimit = Duration::ms(500);
constexpr Ratio kLossLimit = Ratio::percent(20);
constexpr double kBurstRatioLimit = 8;
constexpr double kBurstRatioLimitAtLoss = 2;
constexpr Ratio kBurstRatioLoss = Ratio::percent(2);
constexpr double kIeLimit = 40;

constexpr std::string_view kG107 = "ITU-T G.107 table 2";
constexpr std::array<RangeRow, kRangeFlagCount> kTable{{
    {RangeFlag::delay, "delay", "delay over 500 ms", kG107},
    {RangeFlag::loss, "loss", "loss over 20 %", kG107},
    {RangeFlag::burstRatio, "burst-ratio", "burst ratio over 8", kG107},
    {RangeFlag::burstRatioAtLoss, "burst-ratio-at-loss",
     "burst ratio over 2 at 2 % of loss or more", "ITU-T G.107, note on BurstR"},
    {RangeFlag::impairment, "impairment", "impairment of the codec over 40", kG107},
    {RangeFlag::bitrate, "bitrate",
     "bit rate outside the published ones, the nearest of which is used", "the codec's tables"},
    {RangeFlag::robustness, "robustness",
     "loss with a codec whose robustness is not published, taken as 4.3",
     "ITU-T G.107 table 2, default of Bpl"},
}};

constexpr bool inEnumOrder() {
  for (std::size_t i = 0; i < kTable.size(); ++i) {
    if (static_cast<std::size_t>(kTable[i].flag) != i) return false;
  }
  return true;
}
static_assert(inEnumOrder());

}  // namespace

std::span<const RangeRow> allRanges() {
  return kTable;
}

OutOfRange outOfRange(const RangeInput& input) {
  OutOfRange out;
  out.set(RangeFlag::delay, input.delay > kDelayLimit);
  out.set(RangeFlag::loss, input.loss > kLossLimit);
  out.set(RangeFlag::burstRatio, input.burstRatio > kBurstRatioLimit);
  out.set(RangeFlag::burstRatioAtLoss, input.ratioIsUsed &&
                                           input.burstRatio > kBurstRatioLimitAtLoss &&
                                           input.loss >= kBurstRatioLoss);
  out.set(RangeFlag::impairment, input.narrowband && input.ie > kIeLimit);
  out.set(RangeFlag::bitrate, input.bitrateIsOutside);
  out.set(RangeFlag::robustness, input.bplIsAssumed && input.loss > Ratio{});
  return out;
}

}  // namespace callflow::quality
