#include "models/client/in_band_fec.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace callflow::client {
namespace {

// opus_encoder.c (fec_thresholds): bit/s from which on the copy pays, from 4 kHz of sound up to 20,
// and how much they differ between on and off.
constexpr std::array<std::int64_t, 5> kThresholds{12'000, 14'000, 16'000, 20'000, 22'000};
constexpr std::int64_t kHysteresis = 1'000;
// Beyond this loss libopus rather codes a narrower band than no FEC.
constexpr int kLossForNarrower = 5;

// compute_equiv_rate(): what the rate is worth beside frames of 20 ms at a variable rate, full
// complexity and no loss.
std::int64_t worth(const media::Audio& audio, int lossPercent) {
  constexpr std::int64_t kComplexity = 9;  // libwebrtc: kDefaultComplexity
  std::int64_t rate = audio.bitrate.count();
  const std::int64_t framesASecond = Duration::s(1) / audio.frame;
  if (framesASecond > 50) rate -= 60 * (framesASecond - 50);
  if (audio.rateControl == media::RateControl::cbr) rate -= rate / 12;
  rate = rate * (90 + kComplexity) / 100;
  return rate - rate * lossPercent / (6 * lossPercent + 10);
}

// libwebrtc, audio_encoder_opus.cc (SetProjectedPacketLossRate).
int wholePercent(Ratio loss) {
  return static_cast<int>(loss.value() * 100 + 0.5);
}

// What the 8 bits of a receiver report say (RFC 3550 6.4.1).
double reported(std::int64_t lost, std::int64_t expected) {
  return static_cast<double>(std::clamp<std::int64_t>(lost * 256 / expected, 0, 255)) / 256;
}

}  // namespace

bool fecPays(const media::Audio& audio, Ratio loss, bool on) {
  const int lossPercent = wholePercent(loss);
  if (lossPercent <= 0) return false;
  const std::int64_t rate = worth(audio, lossPercent);
  for (std::size_t band = kThresholds.size(); band-- > 0;) {
    const std::int64_t threshold = kThresholds[band] + (on ? -kHysteresis : kHysteresis);
    if (rate > threshold * (125 - std::min(lossPercent, 25)) / 100) return true;
    if (lossPercent <= kLossForNarrower) return false;
  }
  return false;
}

void InBandFec::report(std::int64_t lost, std::int64_t expected, Duration since) {
  if (expected <= 0) return;
  const double keep = loss_ ? std::pow(parameters_.forget, since.seconds() * 1000) : 0;
  loss_ = loss_.value_or(0) * keep + reported(lost, expected) * (1 - keep);
  const Ratio told = std::min(Ratio::fromDouble(*loss_), parameters_.most);
  if (audio_.content == media::Content::speech) {
    on_ = fecPays(audio_, told, on_);
    return;
  }
  on_ = wholePercent(told) > 0;
  share_ =
      std::min(parameters_.syntheticMost.value(),
               parameters_.syntheticLeast.value() + parameters_.syntheticPerLoss * told.value());
}

bool InBandFec::next() {
  if (!on_ || audio_.content == media::Content::speech) return on_;
  if (!random_) random_.emplace("in-band-fec", draws_);
  return random_->uniform() < share_;
}

}  // namespace callflow::client
