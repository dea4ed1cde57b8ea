#include "models/quality/e_model.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace callflow::quality {
namespace {

// What the scales differ in.
struct ScaleConstants {
  const char* name;
  double factor;  // R of the scale over R of the narrowband scale's 0..100 (G.107.1 7-14, G.107.2)
  double ieCeiling;  // Ie,eff at total loss: G.107 7-29 and G.107.1 95, G.107.2 132
};
constexpr std::array<ScaleConstants, 3> kScaleTable{{
    {"narrowband", 1.0, 95.0},
    {"wideband", 1.29, 95.0},
    {"fullband", 1.48, 132.0},
}};

const ScaleConstants& constants(Scale scale) {
  return kScaleTable[static_cast<std::size_t>(scale)];
}

// R at which the polynomial of annex B, having dipped below 1, comes back to it: the root of
// 0.035 + 7e-6 (R - 60)(100 - R) = 0 below 60.
const double kPolynomialFoot = 80 - std::sqrt(5400);

double powerSum(std::initializer_list<double> decibels) {
  double sum = 0;
  for (const double level : decibels) sum += std::pow(10, level / 10);
  return 10 * std::log10(sum);
}

// No, equations 7-3 to 7-7.
double noise(const G107& in) {
  const double olr = in.slr + in.rlr;
  const double lstr = in.stmr + in.dr;
  const double sendRoom = in.ps - olr - in.ds - 14;
  const double nos = in.ps - in.slr - in.ds - 100 + 0.004 * sendRoom * sendRoom;
  const double pre = in.pr + 10 * std::log10(1 + std::pow(10, (10 - lstr) / 10));
  const double nor = in.rlr - 121 + pre + 0.008 * (pre - 35) * (pre - 35);
  const double nfo = in.nfor + in.rlr;
  return powerSum({in.nc, nos, nor, nfo});
}

// TERV, equation 7-22; `extra` is what G.107.1 adds.
double weightedTalkerEcho(const G107& in, double extra) {
  const double t = in.echoPath.milliseconds();
  return in.telr + extra - 40 * std::log10((1 + t / 10) / (1 + t / 150)) +
         6 * std::exp(-0.3 * t * t);
}

// Idte, equation 7-19, from Roe and Re.
double talkerEcho(double roe, double re, Duration echoPath) {
  const double t = echoPath.milliseconds();
  if (t < 1) return 0;
  const double half = (roe - re) / 2;
  return (half + std::sqrt(half * half + 100) - 1) * (1 - std::exp(-t));
}

// Idle, equations 7-25 and 7-26.
double listenerEcho(const G107& in, double ro) {
  const double rle = 10.5 * (in.wepl + 7) * std::pow(in.roundTrip.milliseconds() + 1, -0.25);
  const double half = (ro - rle) / 2;
  return half + std::sqrt(half * half + 169);
}

}  // namespace

const char* name(Scale scale) {
  return constants(scale).name;
}

double bestR(Scale scale) {
  switch (scale) {
    case Scale::narrowband: {
      static const double kBest = g107(G107{}).r;
      return kBest;
    }
    case Scale::wideband:
      return 129;
    case Scale::fullband:
      return 148;
  }
  return 0;
}

double delayImpairment(Duration oneWayDelay, DelaySensitivity sensitivity) {
  if (oneWayDelay <= sensitivity.threshold) return 0;
  const double x = std::log10(oneWayDelay.milliseconds() / sensitivity.threshold.milliseconds()) /
                   std::log10(2.0);
  const double power = 6 * sensitivity.exponent;
  return 25 * (std::pow(1 + std::pow(x, power), 1 / power) -
               3 * std::pow(1 + std::pow(x / 3, power), 1 / power) + 2);
}

double delayImpairment(Scale scale, Duration oneWayDelay, DelaySensitivity sensitivity) {
  return constants(scale).factor * delayImpairment(oneWayDelay, sensitivity);
}

double effectiveEquipmentImpairment(Scale scale, double ie, double bpl, Ratio loss,
                                    double burstRatio) {
  const double percent = loss.percentValue();
  return ie +
         (constants(scale).ieCeiling - ie) * percent / (percent / std::max(burstRatio, 1.0) + bpl);
}

double mosFromR(Scale scale, double r) {
  const double x = r / constants(scale).factor;
  if (x <= kPolynomialFoot) return 1;
  if (x >= 100) return 4.5;
  return 1 + 0.035 * x + x * (x - 60) * (100 - x) * 7e-6;
}

double rFromMos(Scale scale, double mos) {
  const double factor = constants(scale).factor;
  if (mos <= 1) return kPolynomialFoot * factor;
  if (mos >= 4.5) return 100 * factor;
  // The polynomial is r^3 - 160 r^2 + 1000 r + (mos - 1)/7e-6 = 0: three real roots, of which the
  // middle one is meant.
  const double x = 18566 - 6750 * mos;
  const double y = 15 * std::sqrt(std::max(0.0, -903522 + 1113960 * mos - 202500 * mos * mos));
  const double h = std::atan2(y, x) / 3;
  return 20.0 / 3 * (8 - std::sqrt(226.0) * std::cos(h + std::numbers::pi / 3)) * factor;
}

G107Result g107(const G107& in) {
  G107Result out{};
  const double olr = in.slr + in.rlr;
  out.no = noise(in);
  out.ro = 15 - 1.5 * (in.slr + out.no);

  const double xolr = olr + 0.2 * (64 + out.no - in.rlr);
  out.iolr = 20 * (std::pow(1 + std::pow(xolr / 8, 8), 1.0 / 8) - xolr / 8);
  const double t = in.echoPath.milliseconds();
  const double stmro = -10 * std::log10(std::pow(10, -in.stmr / 10) +
                                        std::exp(-t / 4) * std::pow(10, -in.telr / 10));
  out.ist = 12 * std::pow(1 + std::pow((stmro - 13) / 6, 8), 1.0 / 8) -
            28 * std::pow(1 + std::pow((stmro + 1) / 19.4, 35), 1.0 / 35) -
            13 * std::pow(1 + std::pow((stmro - 3) / 33, 13), 1.0 / 13) + 29;
  const double q = 37 - 15 * std::log10(in.qdu);
  const double g = 1.07 + 0.258 * q + 0.0602 * q * q;
  const double y = (out.ro - 100) / 15 + 46 / 8.4 - g / 9;
  const double z = 46.0 / 30 - g / 40;
  out.iq = 15 * std::log10(1 + std::pow(10, y) + std::pow(10, z));
  out.is = out.iolr + out.ist + out.iq;

  double terv = weightedTalkerEcho(in, 0);
  if (in.stmr < 9) terv += out.ist / 2;
  out.idte = talkerEcho(-1.5 * (out.no - in.rlr), 80 + 2.5 * (terv - 14), in.echoPath);
  if (in.stmr > 20) out.idte = std::sqrt(out.idte * out.idte + out.ist * out.ist);
  out.idle = listenerEcho(in, out.ro);
  out.idd = delayImpairment(in.oneWayDelay, in.sensitivity);
  out.ieEff =
      effectiveEquipmentImpairment(Scale::narrowband, in.ie, in.bpl, in.loss, in.burstRatio);
  out.r = out.ro - out.is - out.idte - out.idle - out.idd - out.ieEff + in.advantage;
  return out;
}

G107Result g1071(const G107& in) {
  G107Result out{};
  G107 levels = in;
  levels.nfor = -96;
  out.no = noise(levels);
  out.ro = 129;
  const double t = in.echoPath.milliseconds();
  // K of equation 7-8: what wideband adds to the weighting of talker echo.
  const double k = t < 100 ? 0.08 * t + 10 : 18;
  const double re = 80 + 3 * (weightedTalkerEcho(in, k) - 14);
  out.idte = talkerEcho(-1.5 * (out.no - in.rlr), re, in.echoPath);
  out.idle = listenerEcho(in, out.ro);
  out.idd = delayImpairment(Scale::wideband, in.oneWayDelay, in.sensitivity);
  out.ieEff = effectiveEquipmentImpairment(Scale::wideband, in.ie, in.bpl, in.loss, in.burstRatio);
  out.r = out.ro - out.idte - out.idle - out.idd - out.ieEff + in.advantage;
  return out;
}

}  // namespace callflow::quality
