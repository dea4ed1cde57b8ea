// How a call is judged when it is over: what was heard last counts for more.
#pragma once

#include <span>

#include "models/quality/burst_gap.h"
#include "models/quality/codec.h"
#include "src/units/units.h"

namespace callflow::quality {

// A gap with few losses and the burst after it, each with its Ie,eff. A burst of no length: the
// call ended in the gap.
struct Segment {
  double gapIe = 0;
  Duration gap;
  double burstIe = 0;
  Duration burst;
};

struct Recency {
  double average = 0;  // perceived Ie, mean over the call
  double exit = 0;     // when the last burst ended, or if there was none, at the end
  double end = 0;      // the Ie that the call is judged by afterwards
};

// The burst and recency model of A. Clark, "Modeling the effects of burst packet loss and recency
// on subjective voice quality" (IP Telephony Workshop 2001), in ETSI TS 101 329-5 annex E. What is
// perceived nears the Ie of a burst with a time constant of 5 s and that of a gap with 15 s;
// afterwards 70 % of the distance between the last burst's end and the mean are remembered, fading
// with 30 s. It begins at the first gap's Ie.
// Validity: made for narrowband telephone calls, with Ie from random loss in each state; the
// constants are those of the model's public implementations, the text of the annex was not at hand.
// No Recommendation takes it over to wideband and fullband: there it is applied to the scale's
// Ie,eff as it stands. What is perceived is averaged over time, so short dense bursts count for
// less than in audio.mos, whose Ie,eff comes from the loss of a whole window: compare end-of-call
// figures with each other, not with those. Bursts are denser than the 20 % of loss that Ie,eff was
// measured up to.
class RecencyModel {
 public:
  void add(const Segment& segment);
  // Of what was added. Time in segments without a burst counts as time since the last burst.
  Recency result() const;

 private:
  bool started_ = false;
  double level_ = 0;       // perceived now
  double exit_ = 0;        // when the last burst ended
  double sum_ = 0;         // of the level over time, in Ie * s
  Duration time_;          // all
  Duration sinceBurst_{};  // of it, after the last burst
};

// All at once. `since`: time between the last burst and the judgement that is in no segment.
Recency recency(std::span<const Segment> segments, Duration since = {});

// The Ie,eff within gap and burst: each has random loss at its own density, with the codec's Bpl
// for random loss.
Segment segmentOf(const GapAndBurst& packets, Duration packet, Scale scale,
                  const CodecParameters& codec);

}  // namespace callflow::quality
