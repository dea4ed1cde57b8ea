#include "models/quality/score.h"

#include <algorithm>

namespace callflow::quality {
namespace {

// Up to this mean loss run, in frames, losses count as random: half-way between a run of one, which
// random loss mostly has, and a run of two. Ours; the publication does not draw the border.
constexpr double kRandomRunLimit = 1.5;

// Takes whichever pair of Bpl and burst ratio applies into `out`, with the Ie,eff that comes of it.
void applyLoss(const CodecParameters& codec, Ratio loss, double burstRatio, Score& out) {
  out.bpl = codec.bplRandom;
  out.burstRatio = burstRatio;
  out.ieEff = effectiveEquipmentImpairment(out.scale, codec.ie, codec.bplRandom, loss, burstRatio);
  if (codec.bplBursty <= 0) return;
  const double bursty =
      effectiveEquipmentImpairment(out.scale, codec.ie, codec.bplBursty, loss, 1.0);
  const double expectedRun = 1 / std::max(1e-9, 1 - loss.value());
  const bool longRuns = burstRatio * expectedRun > kRandomRunLimit;
  if (loss.count() == 0 || (!longRuns && out.ieEff <= bursty)) return;
  out.bursty = true;
  out.bpl = codec.bplBursty;
  out.burstRatio = 1;
  out.ieEff = bursty;
}

}  // namespace

Score silence(Codec codec, DataRate bitrate) {
  const CodecParameters parameters = quality::parameters(codec, bitrate);
  Score out;
  out.scale = traits(codec).scale;
  out.ie = parameters.ie;
  out.bpl = parameters.bplRandom;
  out.ieEff = bestR(out.scale);
  out.mos = out.mosListening = mosFromR(out.scale, 0);
  out.outOfRange = outOfRange({.delay = {},
                               .loss = Ratio::percent(100),
                               .ie = parameters.ie,
                               .narrowband = out.scale == Scale::narrowband,
                               .bitrateIsOutside = parameters.outside,
                               .bplIsAssumed = parameters.bplAssumed});
  return out;
}

Score score(const ScoreInput& input) {
  if (input.loss >= Ratio::percent(100)) return silence(input.codec, input.bitrate);
  CodecParameters codec = parameters(input.codec, input.bitrate);
  codec.ie += input.tandem;
  Score out;
  out.scale = traits(input.codec).scale;
  out.ie = codec.ie;
  const double burstRatio = std::max(1.0, input.burstRatio);
  applyLoss(codec, input.loss, burstRatio, out);
  out.idd = delayImpairment(out.scale, input.delay);
  out.rListening = std::max(0.0, bestR(out.scale) - out.ieEff);
  out.r = std::max(0.0, out.rListening - out.idd);
  out.mos = mosFromR(out.scale, out.r);
  out.mosListening = mosFromR(out.scale, out.rListening);

  out.outOfRange = outOfRange({.delay = input.delay,
                               .loss = input.loss,
                               .burstRatio = burstRatio,
                               .ratioIsUsed = !out.bursty,
                               .ie = codec.ie,
                               .narrowband = out.scale == Scale::narrowband,
                               .bitrateIsOutside = codec.outside,
                               .bplIsAssumed = codec.bplAssumed});
  return out;
}

}  // namespace callflow::quality
