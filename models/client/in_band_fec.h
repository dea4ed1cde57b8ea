// Which packets of an Opus sender carry the frame before them once more.
#pragma once

#include <cstdint>
#include <optional>

#include "models/fabric/random.h"
#include "src/units/units.h"

namespace callflow::client {

// Opus decides packet by packet, from its mode and bandwidth, whether in-band FEC (RFC 6716 2.1.7)
// pays at the loss that it was told of. Here: without loss never, else with a chance that grows
// with the loss.
struct InBandFecParameters {
  Ratio least;         // share of packets at the smallest loss
  double perLoss = 0;  // added for each unit of loss
  Ratio most;
  // What is kept of the smoothed loss after a millisecond: libwebrtc's
  // audio_encoder_opus.cc (kAlphaForPacketLossFractionSmoother).
  double forget = 0.9999;
};

// One sender. Clock-free: told of what its receivers report.
class InBandFec {
 public:
  // `draws`: which of the random streams "in-band-fec" is used.
  InBandFec(const InBandFecParameters& parameters, std::uint64_t draws)
      : parameters_(parameters), draws_(draws) {}

  // A receiver report of `lost` of `expected` packets came, so long after the one before.
  void report(std::int64_t lost, std::int64_t expected, Duration since);
  // Whether the packet that leaves now carries the frame before it.
  bool next();

 private:
  InBandFecParameters parameters_;
  std::uint64_t draws_;
  std::optional<fabric::RandomStream> random_;  // made when the first packet may carry any
  std::optional<double> loss_;
  double share_ = 0;
};

}  // namespace callflow::client
