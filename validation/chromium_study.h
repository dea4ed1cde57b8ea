// Real Chromium calls, and the same calls simulated.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/media/parameters.h"
#include "src/units/units.h"

namespace callflow::validation {

// What is measured of a call's direction, in the measurement's units (ms, %, a minute, packets).
enum class Quantity : std::uint8_t {
  stunRtt,
  rtcpRtt,
  bufferDelay,
  bufferTarget,
  concealed,
  // From here on: shown, not judged.
  silentConcealed,
  concealmentEvents,
  accelerated,
  decelerated,
  fecPackets,
  count_
};
inline constexpr std::size_t quantityCount = static_cast<std::size_t>(Quantity::count_);

struct QuantityRow {
  Quantity quantity;
  std::string_view column;  // of the measurement
  std::string_view metric;  // of callflow; one that callflow does not have is not modelled
  std::string_view label, unit;
  bool perMinute = false;  // the metric is a count of the scored time
  // The bar: within this share of the measured value or this much, whichever is more; none: 0.
  double relative = 0;
  double absolute = 0;
  double absoluteOfSpeech = absolute;
};
const QuantityRow& row(Quantity quantity);
constexpr bool judged(Quantity quantity) {
  return quantity < Quantity::silentConcealed;
}
// callflow has the metric.
bool modelled(Quantity quantity);
// It has not, but the sum of the mean delays of media both ways stands in: the round trip that a
// packet has which crosses at the same instants.
bool fromMedia(Quantity quantity);

// NaN where there is none.
class QuantityValues {
 public:
  QuantityValues() { values_.fill(std::numeric_limits<double>::quiet_NaN()); }
  double& operator[](Quantity q) { return values_[static_cast<std::size_t>(q)]; }
  double operator[](Quantity q) const { return values_[static_cast<std::size_t>(q)]; }

 private:
  std::array<double, quantityCount> values_{};
};

// The loosest bar of concealment is for a synthetic signal, of whose packets an unforeseeable share
// carries in-band FEC; of speech nearly all do.
struct CallCondition {
  media::Content content = media::Content::speech;
  std::string relay;              // how client A reaches it: udp or tcp
  std::string congestionControl;  // of that TCP; empty over UDP
  Duration oneWayDelay;           // of A's link
  Ratio loss;                     // in each direction of it
  Duration length;                // scored
  bool operator==(const CallCondition&) const = default;
};
std::string describe(const CallCondition& condition);  // "speech, TCP (cubic), 100 ms, 1 %"

struct MeasuredCall {
  std::string id;
  CallCondition condition;
  bool uplink = false;  // A's media as B received it
  QuantityValues values;
};

// The audio rows of a file; one that was superseded only if nothing took its place. What the
// microphone heard is in the column `content`, speech or synthetic. Files without it are of the two
// campaigns that were measured: the one with speech recorded how idle its host was
// (`host_idle_pct`), the one with a synthetic signal did not. `otherwise` is what they hold if that
// is not so. Throws InputError.
std::vector<MeasuredCall> readCalls(const std::string& path,
                                    std::optional<media::Content> otherwise = {});

struct Judgement {
  double allowed = 0;  // largest difference that meets the bar
  bool met = false;
};

struct ComparedCall {
  MeasuredCall measured;
  bool offered = false;            // callflow can simulate the condition; the rest only if so
  QuantityValues mean, deviation;  // over the seeds
  // Nothing where there is no bar, or no value on one of the two sides.
  std::array<std::optional<Judgement>, quantityCount> judgements;
  const std::optional<Judgement>& judgement(Quantity q) const {
    return judgements[static_cast<std::size_t>(q)];
  }
};

// Two conditions, of one direction, that the measurement sets apart by more than the bars and the
// simulation puts in another order.
struct Disorder {
  Quantity quantity;
  std::size_t lower = 0, higher = 0;  // indices of compared calls, as measured
};

struct Comparison {
  std::vector<ComparedCall> calls;  // in the file's order
  std::vector<Disorder> disorders;
  std::size_t pairs = 0;  // that the measurement sets apart
};

// `scenario`: the call of the measurement, whose link and path are set for each row.
Comparison compareCalls(const std::vector<MeasuredCall>& measured, const std::string& scenario,
                        int seeds, int jobs);

// "speech, TCP (cubic), 100 ms, 1 %, uplink: concealed", one a miss.
std::vector<std::string> misses(const Comparison& comparison);

void writeComparison(const Comparison& comparison, const std::string& path);

}  // namespace callflow::validation
