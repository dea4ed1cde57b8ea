// Which audio streams Microsoft's tools call poor, and by which rule.
#pragma once

#include <string_view>
#include <vector>

#include "src/units/units.h"

namespace callflow::quality {

// Averages over a stream. NaN and negative durations stand for "not measured": no rule looks at
// them.
struct StreamFigures {
  Duration roundTrip = Duration::ns(-1);
  Duration jitter = Duration::ns(-1);
  Duration jitterBuffer = Duration::ns(-1);  // mean delay in it
  double lossRatio = 0;                      // of packets sent
  double concealedRatio = 0;                 // of sound
  double listeningMosLoss = 0;  // MOS below the same call without loss: "audio degradation"
};

enum class Classifier { callQualityDashboard, azureInsights, azureDiagnostics };

// A figure that is over its limit, both in `unit`.
struct Exceeded {
  std::string_view rule;  // "round trip"
  double value = 0;
  double limit = 0;
  std::string_view unit;  // "ms", "%", "MOS"

  bool operator==(const Exceeded&) const = default;
};

// The rules that a stream broke; none: it is good. It must be worse than a limit, not at it.
//   Call Quality Dashboard of Teams: degradation over 1.0, round trip over 500 ms, loss over 10 %,
//   jitter over 30 ms, concealed over 7 %.
//   Voice and video insights of Azure Communication Services: jitter, loss and round trip only.
//   Call diagnostics of Azure Communication Services: a jitter buffer over 200 ms and a healed
//   (here: concealed) ratio over 10 % are what its documents say hurts. The only one of the three
//   that sees what TCP does to a call.
std::vector<Exceeded> poorBecause(Classifier classifier, const StreamFigures& figures);

}  // namespace callflow::quality
