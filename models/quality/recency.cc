#include "models/quality/recency.h"

#include <cmath>

namespace callflow::quality {
namespace {

// ETSI TS 101 329-5 annex E, seconds.
constexpr double kBurstConstant = 5;      // t1
constexpr double kGapConstant = 15;       // t2
constexpr double kMemoryConstant = 30;    // t3
constexpr double kRememberedShare = 0.7;  // k

// The level nears `target` from `level` over `seconds`; `sum` takes its integral.
double approach(double target, double level, double seconds, double constant, double& sum) {
  const double fade = std::exp(-seconds / constant);
  sum += seconds * target + constant * (level - target) * (1 - fade);
  return target + (level - target) * fade;
}

double effective(std::int64_t missing, std::int64_t packets, Scale scale,
                 const CodecParameters& codec) {
  if (packets == 0) return codec.ie;
  const Ratio loss = Ratio::fromDouble(static_cast<double>(missing) / static_cast<double>(packets));
  return effectiveEquipmentImpairment(scale, codec.ie, codec.bplRandom, loss, 1);
}

double judged(double average, double exit, Duration since) {
  return average +
         kRememberedShare * (exit - average) * std::exp(-since.seconds() / kMemoryConstant);
}

}  // namespace

void RecencyModel::add(const Segment& segment) {
  if (!started_) level_ = exit_ = segment.gapIe;
  started_ = true;
  level_ = approach(segment.gapIe, level_, segment.gap.seconds(), kGapConstant, sum_);
  time_ += segment.gap + segment.burst;
  sinceBurst_ += segment.gap;
  if (segment.burst == Duration{}) return;
  level_ = exit_ = approach(segment.burstIe, level_, segment.burst.seconds(), kBurstConstant, sum_);
  sinceBurst_ = {};
}

Recency RecencyModel::result() const {
  if (time_ == Duration{}) return {level_, exit_, level_};
  const double average = sum_ / time_.seconds();
  return {average, exit_, judged(average, exit_, sinceBurst_)};
}

Recency recency(std::span<const Segment> segments, Duration since) {
  RecencyModel model;
  for (const Segment& segment : segments) model.add(segment);
  Recency out = model.result();
  out.end = out.average + (out.end - out.average) * std::exp(-since.seconds() / kMemoryConstant);
  return out;
}

Segment segmentOf(const GapAndBurst& packets, Duration packet, Scale scale,
                  const CodecParameters& codec) {
  return {effective(packets.gapMissing, packets.gap, scale, codec), packet * packets.gap,
          effective(packets.burstMissing, packets.burst, scale, codec), packet * packets.burst};
}

}  // namespace callflow::quality
