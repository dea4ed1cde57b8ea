// Which packets of an Opus sender carry the frame before them once more.
#pragma once

#include <cstdint>
#include <optional>

#include "models/fabric/random.h"
#include "models/media/parameters.h"
#include "src/units/units.h"

namespace callflow::client {

struct InBandFecParameters {
  // What is kept of the smoothed loss after a millisecond: libwebrtc's
  // audio_encoder_opus.cc (kAlphaForPacketLossFractionSmoother).
  double forget = 0.9999;
  Ratio most = Ratio::percent(20);  // that libopus is told (kMaxPacketLossFraction)

  // Content::synthetic only: the share of packets at the smallest loss, what each unit of loss
  // adds, and no more than this.
  Ratio syntheticLeast;
  double syntheticPerLoss = 0;
  Ratio syntheticMost;
};

// Whether libopus finds the rate worth in-band FEC (RFC 6716 2.1.7) of speech at the loss that it
// was told, which counts in whole percent; `on`: it did so just before. libopus, src/opus_encoder.c
// (decide_fec(), compute_equiv_rate(); the same in 1.3.1 and 1.6.1), of mono at libwebrtc's
// complexity, with sound up to 20 kHz. Any loss makes it code speech with SILK or both coders,
// which alone have FEC.
bool fecPays(const media::Audio& audio, Ratio loss, bool on);

// One sender. Clock-free: told of what its receivers report.
class InBandFec {
 public:
  // `draws`: which of the random streams "in-band-fec" is used.
  InBandFec(const InBandFecParameters& parameters, const media::Audio& audio, std::uint64_t draws)
      : parameters_(parameters), audio_(audio), draws_(draws) {}

  // A receiver report of `lost` of `expected` packets came, so long after the one before.
  void report(std::int64_t lost, std::int64_t expected, Duration since);
  // Whether the packet that leaves now carries the frame before it, if libopus thinks that frame
  // worth it (media::AudioSender).
  bool next();

 private:
  InBandFecParameters parameters_;
  media::Audio audio_;
  std::uint64_t draws_;
  std::optional<fabric::RandomStream> random_;  // made when the first packet may carry any
  std::optional<double> loss_;
  bool on_ = false;
  double share_ = 0;  // of packets, of a synthetic signal
};

}  // namespace callflow::client
