#include "models/gcc/delay_based.h"

namespace callflow::gcc {

namespace {

// delay_based_bwe.cc: after so long without packets what they said before is of no use.
constexpr Duration kSilence = Duration::s(2);

}  // namespace

DelayBased::Result DelayBased::onFeedback(std::span<const congestion::PacketResult> arrived,
                                          TimePoint now, std::optional<DataRate> acknowledged,
                                          std::optional<DataRate> probed) {
  if (arrived.empty()) return {};
  bool recovered = false;
  if (told_ && now - *told_ > kSilence) {
    groups_ = {};
    trendline_ = {};
  }
  told_ = now;
  for (const congestion::PacketResult& result : arrived) {
    const auto delta = groups_.add(result.packet.sent, result.received, now);
    if (!delta) continue;
    const Usage before = trendline_.usage();
    trendline_.add(*delta, result.received);
    recovered = recovered || (before == Usage::underusing && usage() == Usage::normal);
  }

  Result result;
  if (usage() == Usage::overusing) {
    result = reduce(acknowledged, now);
  } else if (probed) {
    rate_.set(*probed, now);
    result = {.estimate = rate_.estimate(), .probed = true};
  } else {
    result = updated(acknowledged, now);
    result.recovered = recovered;
  }
  if (result.estimate) latest_ = *result.estimate;
  return result;
}

DelayBased::Result DelayBased::reduce(std::optional<DataRate> acknowledged, TimePoint now) {
  if (acknowledged) {
    return rate_.mayReduce(*acknowledged, now) ? updated(acknowledged, now) : Result{};
  }
  if (!rate_.known()) return {};
  rate_.set(scaled(rate_.estimate(), 0.5), now);
  return {.estimate = rate_.estimate()};
}

DelayBased::Result DelayBased::updated(std::optional<DataRate> acknowledged, TimePoint now) {
  rate_.update(usage(), acknowledged, now);
  return {.estimate = estimate()};
}

std::optional<DataRate> DelayBased::estimate() const {
  if (!rate_.known()) return {};
  return rate_.estimate();
}

}  // namespace callflow::gcc
