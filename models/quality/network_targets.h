// Microsoft's targets for the network under a call, and how a stream's packets meet them.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>

#include "src/units/units.h"

namespace callflow::quality {

// From a client to Microsoft's edge, for media under peak load. Microsoft: "Prepare your
// organization's network for Teams", "Media Quality and Network Connectivity Performance in Skype
// for Business Online"; Azure Communication Services refers to them.
enum class Target { burstLoss, loss, jitter, oneWayDelay, roundTrip, reordering, count_ };
inline constexpr std::size_t kTargetCount = static_cast<std::size_t>(Target::count_);

// A value must be below its limit in every interval of `window`; at the limit it misses the target.
struct TargetRow {
  Target target;
  std::string_view name;  // "burst-loss"
  Ratio share;            // the limit of a share, or
  Duration time;          // of a time
  Duration window;        // zero: the whole call. Of delay ours, as Microsoft names none.
};
const TargetRow& row(Target target);

// How one target fared, with the size of the sample.
struct TargetResult {
  std::int64_t windows = 0;  // judged; 0: nothing was measured
  std::int64_t missed = 0;   // of these
  // In the windows judged, each once; of the delay and jitter those received, of the round trip the
  // measurements.
  std::int64_t packets = 0;
  double worst = std::numeric_limits<double>::quiet_NaN();  // window: a share, or s
  double missedShare() const;                               // NaN without windows
};
using TargetResults = std::array<TargetResult, kTargetCount>;
inline TargetResult& at(TargetResults& results, Target target) {
  return results[static_cast<std::size_t>(target)];
}
inline const TargetResult& at(const TargetResults& results, Target target) {
  return results[static_cast<std::size_t>(target)];
}

// Fed with the packets of a stream in order of sending, whatever came of them. Keeps sums of the
// last 15 s, 2 kB.
//   Intervals of 200 ms follow each other from the first packet on. Those of 15 s begin with each
//   of them and so overlap: in 60 s there are 300 and 226. One that the stream has not filled, or
//   without packets, is not judged.
//   Jitter is the mean change of transit time from one received packet to the next, which RFC 3550
//   estimates by smoothing; delay the mean of received packets.
class NetworkTargets {
 public:
  // `change`: of transit time, since the packet received before (RFC 3550's |D|).
  void received(TimePoint sent, Duration delay, Duration change) {
    if (sent >= end_) advance(sent);
    last_ = sent;
    ++now_.received;
    now_.delay += delay;
    now_.change += change;
  }
  void lost(TimePoint sent) {
    if (sent >= end_) advance(sent);
    last_ = sent;
    ++now_.lost;
  }

  // The stream is over, and the packet has been on its way for so long: its delay is at least that.
  // Whether it is lost is not known. Counts only where it misses the target of delay for sure.
  void onItsWay(TimePoint sent, Duration age) {
    if (age < row(Target::oneWayDelay).time) return;
    if (sent >= end_) advance(sent);
    last_ = sent;
    ++now_.waiting;
    now_.delay += age;
  }

  // Burst loss, loss, jitter and one-way delay. `packet`: how long the last one lasts.
  TargetResults results(Duration packet) const;

 private:
  struct Sum {
    std::int32_t received = 0, lost = 0, waiting = 0;
    Duration delay, change;
    std::int64_t withDelay() const { return received + waiting; }
    std::int64_t packets() const { return received + lost; }
  };
  static constexpr std::size_t kShortInLong = 75;  // 200 ms in 15 s

  void advance(TimePoint sent);
  void close();

  TimePoint end_;   // of the interval of 200 ms that now_ is of
  TimePoint last_;  // packet
  Sum now_;
  Sum long_;                              // of all in closed_
  std::array<Sum, kShortInLong> closed_;  // a ring
  std::size_t next_ = 0, filled_ = 0;     // in it: the oldest, how many
  bool started_ = false;
  TargetResults results_;
};

// Over the whole call: a round trip (negative: not measured), or packets that came after one sent
// later (RFC 4737) of all received.
TargetResult roundTripResult(Duration mean, std::int64_t samples);
TargetResult reorderingResult(std::int64_t reordered, std::int64_t received);

}  // namespace callflow::quality
