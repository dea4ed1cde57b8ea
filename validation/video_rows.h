// Measured video calls of real Chromium clients: what a file of phases and one of seconds say.
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "src/units/units.h"

namespace callflow::validation {

// A call's line: client A's, as the columns and, of steps, the id have it.
struct VideoCondition {
  std::string id;
  bool tcp = false;  // how client A reaches the relay
  Duration oneWayDelay;
  Ratio loss;
  Duration jitter;                    // mean of an exponential delay
  std::optional<DataRate> rate;       // of a token bucket in each direction; absent: a free line
  std::optional<DataRate> meanwhile;  // from kStepDown to kStepUp, of a step
  Duration queue;                     // in front of the bucket, at its rate
  // A TCP transfer (CUBIC) beside the call from kTransferFrom to kTransferTo: up or down.
  enum class Other : std::uint8_t { none, uplink, downlink } other = Other::none;
  Duration length;  // of the call, from being connected on

  // Where chance decides, one measured run does not repeat: only the order of conditions is to be
  // met, says who measured.
  bool isLossy() const { return loss > Ratio{}; }
  bool operator==(const VideoCondition&) const = default;
};
std::string describeVideo(
    const VideoCondition& condition);          // "UDP, 25 ms, 1000 kbit/s, queue 100 ms"
inline constexpr int kMostVideoSeconds = 300;  // of a call
inline constexpr Duration kStepDown = Duration::s(35);
inline constexpr Duration kStepUp = Duration::s(65);
inline constexpr Duration kTransferFrom = Duration::s(20);
inline constexpr Duration kTransferTo = Duration::s(50);

// One second of a stream, in kbit/s, ms and frames a second; NaN where there is nothing.
struct VideoSecond {
  static constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
  double target = kNone, sent = kNone, received = kNone, available = kNone;
  double roundTrip = kNone, frameRate = kNone, height = kNone, freezes = kNone;
};
// By the second, the first being that from 0 to 1 s.
using VideoSeries = std::vector<VideoSecond>;

// What a phase of a stream is judged by.
enum class VideoQuantity : std::uint8_t {
  received,
  available,
  roundTrip,
  frameRate,
  height,
  reach80,     // s from the start, or from a step, until the target is at 80 % of what it comes to
  otherShare,  // of the line, of TCP beside the call
  freezes,     // judged by their order only
  target,      // shown
  count_
};
inline constexpr std::size_t videoQuantityCount = static_cast<std::size_t>(VideoQuantity::count_);

class VideoValues {
 public:
  VideoValues() { values_.fill(VideoSecond::kNone); }
  double& operator[](VideoQuantity q) { return values_[static_cast<std::size_t>(q)]; }
  double operator[](VideoQuantity q) const { return values_[static_cast<std::size_t>(q)]; }

 private:
  std::array<double, videoQuantityCount> values_{};
};

struct VideoPhase {
  std::string name;      // steady, before, low, after, beside
  int from = 0, to = 0;  // s, 0 = connected
  bool operator==(const VideoPhase&) const = default;
};

struct MeasuredPhase {
  std::size_t condition = 0;  // index into MeasuredVideo::conditions
  bool uplink = false;        // A's media as B received it
  VideoPhase phase;
  VideoValues values;
};

struct MeasuredVideo {
  std::vector<VideoCondition> conditions;                      // in the file's order
  std::vector<MeasuredPhase> phases;                           // in the file's order
  std::map<std::pair<std::string, bool>, VideoSeries> series;  // of (id, uplink); may be empty
};

// Throws InputError.
MeasuredVideo readVideo(const std::string& phases);
void readVideoSeries(const std::string& path, MeasuredVideo& into);

}  // namespace callflow::validation
