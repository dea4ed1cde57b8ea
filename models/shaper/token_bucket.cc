#include "models/shaper/token_bucket.h"

#include <algorithm>

namespace callflow::shaper {
namespace {

constexpr std::int64_t kPerByte = std::int64_t{8} * 1'000'000'000;  // units of 1e-9 bit

}  // namespace

DataSize depthOf(DataRate rate, const fabric::QueueLimit& burst) {
  constexpr DataSize kFullPacket = DataSize::bytes(1500);
  constexpr DataSize kDeepest = DataSize::bytes(100'000'000);
  if (const auto* const size = std::get_if<DataSize>(&burst)) return *size;
  if (rate.isUnlimited()) return kFullPacket;
  return std::clamp(dataIn(rate, std::get<Duration>(burst)), kFullPacket, kDeepest);
}

TokenBucket::TokenBucket(DataRate rate, DataSize burst)
    : rate_(rate.count()), full_(burst.count() * kPerByte), tokens_(full_) {}

std::int64_t TokenBucket::tokensAt(TimePoint now) const {
  const Int128 filled = Int128{rate_} * (now - updated_).count() + tokens_;
  return static_cast<std::int64_t>(std::min(filled, Int128{full_}));
}

TimePoint TokenBucket::conformsAt(DataSize size, TimePoint now) const {
  const std::int64_t needed = std::min(size.count() * kPerByte, full_);
  const std::int64_t missing = needed - tokensAt(now);
  if (missing <= 0) return now;
  return now + Duration::ns((missing + rate_ - 1) / rate_);
}

void TokenBucket::take(DataSize size, TimePoint now) {
  tokens_ = tokensAt(now) - size.count() * kPerByte;
  updated_ = now;
}

void TokenBucket::change(DataRate rate, DataSize burst, TimePoint now) {
  tokens_ = tokensAt(now);
  updated_ = now;
  rate_ = rate.count();
  full_ = burst.count() * kPerByte;
  tokens_ = std::min(tokens_, full_);
}

}  // namespace callflow::shaper
