// From what happened to the packets of a call to how it sounds.
#pragma once

#include "models/quality/codec.h"
#include "models/quality/e_model.h"
#include "models/quality/ranges.h"

namespace callflow::quality {

struct ScoreInput {
  Codec codec = Codec::opus;
  DataRate bitrate;  // of the codec's payload
  Duration delay;    // mouth to ear, one way
  Ratio loss;        // frames not played in time, late ones included, of all frames
  double burstRatio =
      1;  // mean loss run over the mean run of random loss at the same rate; below 1 counts as 1
  // Of what is decoded and coded once more on the way: the impairment of the other codecs, which
  // adds up (ITU-T G.113 (11/2007) 7.1).
  double tandem = 0;
};

struct Score {
  Scale scale = Scale::fullband;
  double r = 0;           // conversational: with the delay part
  double rListening = 0;  // with the delay part left out
  double mos = 0;         // of r, 1 to 4.5
  double mosListening = 0;
  double idd = 0;         // delay impairment on the scale
  double ieEff = 0;       // equipment impairment with loss
  double ie = 0;          // the codec's own
  double bpl = 0;         // the loss robustness used
  double burstRatio = 1;  // the burst ratio used with it
  bool bursty = false;    // bpl is the one for bursty loss
  OutOfRange outOfRange;
};

// Where a codec has one Bpl for random and one for bursty loss, they are used as measured: the
// random one with the burst ratio of the call while the mean loss run, burstRatio / (1 - loss), is
// at most 1.5 frames; else the bursty one with burst ratio 1, because it has the bursts in it
// already. The random pair is never let go beyond the bursty one, so that more bursty loss never
// scores better.
//
// R is at least 0, where MOS is 1. If all is lost, the score is silence(), whatever the delay.
Score score(const ScoreInput& input);

// Of nothing but silence where something was said: R 0, MOS 1, as of everything that has no worth
// left. The formulas hold up to 20 % of loss; carried on to all of it they leave a rest, from which
// delay takes nothing away, because what is not played has none.
Score silence(Codec codec, DataRate bitrate);

}  // namespace callflow::quality
