// The E-model of ITU-T G.107 (narrowband), G.107.1 (wideband) and G.107.2 (fullband) as pure
// functions of plain numbers: no clock, no state. Inputs outside the ranges of the Recommendations
// are computed all the same; score.h flags them.
#pragma once

#include "src/units/units.h"

namespace callflow::quality {

// The scale an R factor is on. Factors (and opinion scores) of different scales must never be
// compared: the best call is 93.2 on the first, 129 on the second, 148 on the third.
enum class Scale { narrowband, wideband, fullband };

// "narrowband", "wideband", "fullband".
const char* name(Scale scale);

// Largest R of the scale without delay, loss and codec: 93.206... (G.107 with all defaults), 129
// and 148.
double bestR(Scale scale);

// How sensitive the conversation is to delay (G.107 table 1): by default as required for the
// planning of telephone networks.
struct DelaySensitivity {
  double exponent = 1.0;                   // sT
  Duration threshold = Duration::ms(100);  // mT
};

// Idd, the impairment by absolute one-way delay (G.107 equations 7-27 and 7-28), on the narrowband
// scale. Zero up to the threshold.
double delayImpairment(Duration oneWayDelay, DelaySensitivity sensitivity = {});

// Idd on the scale: times 1.29 on wideband (G.107.1), times 1.48 on fullband (G.107.2).
double delayImpairment(Scale scale, Duration oneWayDelay, DelaySensitivity sensitivity = {});

// Ie,eff (G.107 equation 7-29; 95 becomes 132 on fullband, G.107.2). `bpl` is the codec's
// packet-loss robustness, positive; `burstRatio` is at least 1 (1: random loss); a smaller one
// counts as 1.
double effectiveEquipmentImpairment(Scale scale, double ie, double bpl, Ratio loss,
                                    double burstRatio);

// Opinion score of an R factor (G.107 annex B after division by the scale's factor), 1 to 4.5. The
// polynomial dips below 1 for R under 6.5; the result is held at 1 there.
double mosFromR(Scale scale, double r);

// The inverse (G.107 appendix I): the R factor in 6.5..100 (times the scale's factor) with that
// score. Scores of 1 and less give the R at which the polynomial leaves 1; scores of 4.5 and more
// give the R of 4.5.
double rFromMos(Scale scale, double mos);

// Everything G.107 takes into account, with its defaults. Levels in dB (loudness ratings), dBm0p
// and dB(A) as in its table 2.
struct G107 {
  double slr = 8, rlr = 2;      // send and receive loudness rating
  double stmr = 15;             // sidetone masking rating
  double ds = 3, dr = 3;        // D factors of the telephones
  double telr = 65;             // talker echo loudness rating
  double wepl = 110;            // weighted echo path loss
  double nc = -70, nfor = -64;  // circuit noise, noise floor at the receive side
  double ps = 35, pr = 35;      // room noise, send and receive side
  double qdu = 1;               // quantization distortion units
  Duration echoPath;            // T: one-way delay of the echo path; zero: no echo
  Duration roundTrip;           // Tr: round trip in the 4-wire loop; zero: no listener echo
  Duration oneWayDelay;         // Ta
  double ie = 0, bpl = 4.3;
  Ratio loss;
  double burstRatio = 1;
  double advantage = 0;  // A
  DelaySensitivity sensitivity = {};
};

// What the parts of equation 7-1 come to.
struct G107Result {
  double no, ro, iolr, ist, iq, is, idte, idle, idd, ieEff, r, mos;
};

// G.107 in full, echo and noise included. callflow's calls are echo-free: this is the yardstick
// that its scores are tested against, and what bestR(narrowband) comes from.
G107Result g107(const G107& input);

// G.107.1 with its echo terms. Of the levels only rlr, slr, telr, wepl and the noises have a part.
// Ro = 129 and Is = 0. The noise floor in the term for talker echo is -96 dBmp, the Recommendation
// leaving it open.
G107Result g1071(const G107& input);

}  // namespace callflow::quality
