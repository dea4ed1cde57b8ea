#include "models/quality/ranges.h"

#include <array>

namespace callflow::quality {
namespace {

constexpr Duration delayLimit = Duration::ms(500);
constexpr Ratio lossLimit = Ratio::percent(20);
constexpr double burstRatioLimit = 8;
constexpr double burstRatioLimitAtLoss = 2;
constexpr Ratio burstRatioLoss = Ratio::percent(2);
constexpr double ieLimit = 40;

constexpr std::string_view g107 = "ITU-T G.107 table 2";
constexpr std::array<RangeRow, rangeFlagCount> table{{
    {RangeFlag::delay, "delay", "delay over 500 ms", g107},
    {RangeFlag::loss, "loss", "loss over 20 %", g107},
    {RangeFlag::burst_ratio, "burst-ratio", "burst ratio over 8", g107},
    {RangeFlag::burst_ratio_at_loss, "burst-ratio-at-loss",
     "burst ratio over 2 at 2 % of loss or more", "ITU-T G.107, note on BurstR"},
    {RangeFlag::impairment, "impairment", "impairment of the codec over 40", g107},
    {RangeFlag::bitrate, "bitrate",
     "bit rate outside the published ones, the nearest of which is used", "the codec's tables"},
    {RangeFlag::robustness, "robustness",
     "loss with a codec whose robustness is not published, taken as 4.3",
     "ITU-T G.107 table 2, default of Bpl"},
}};

constexpr bool inEnumOrder() {
  for (std::size_t i = 0; i < table.size(); ++i) {
    if (static_cast<std::size_t>(table[i].flag) != i) return false;
  }
  return true;
}
static_assert(inEnumOrder());

}  // namespace

std::span<const RangeRow> allRanges() {
  return table;
}

OutOfRange outOfRange(const RangeInput& input) {
  OutOfRange out;
  out.set(RangeFlag::delay, input.delay > delayLimit);
  out.set(RangeFlag::loss, input.loss > lossLimit);
  out.set(RangeFlag::burst_ratio, input.burstRatio > burstRatioLimit);
  out.set(RangeFlag::burst_ratio_at_loss, input.ratioIsUsed &&
                                              input.burstRatio > burstRatioLimitAtLoss &&
                                              input.loss >= burstRatioLoss);
  out.set(RangeFlag::impairment, input.narrowband && input.ie > ieLimit);
  out.set(RangeFlag::bitrate, input.bitrateIsOutside);
  out.set(RangeFlag::robustness, input.bplIsAssumed && input.loss > Ratio{});
  return out;
}

}  // namespace callflow::quality
