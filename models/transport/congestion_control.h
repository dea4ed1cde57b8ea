// How large a TCP's congestion window becomes: policies without a clock of their own. Windows count
// packets, as Linux's do.
#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <string_view>

#include "models/transport/kernel_ticks.h"
#include "models/transport/parameters.h"
#include "src/units/units.h"

namespace callflow::transport {

// In packets.
struct CongestionWindow {
  static constexpr std::int32_t kInfinite = std::numeric_limits<std::int32_t>::max();
  std::int32_t size = 10;
  std::int32_t threshold = kInfinite;  // slow start below it
  std::int32_t counted = 0;            // acknowledged since the window last grew

  bool slowStart() const { return size < threshold; }
};

// What an algorithm may look at when an acknowledgement comes.
struct AckEvent {
  TimePoint now;
  Ticks ticks = 0;
  std::int32_t acknowledged = 0;  // packets newly acknowledged, selectively or not
  Duration rtt =
      Duration::ns(-1);  // of the youngest packet acknowledged; negative if none is known
  std::int64_t acknowledgedTo = 0;  // stream offsets
  std::int64_t sentTo = 0;
};

class CongestionControl {
 public:
  virtual ~CongestionControl() = default;
  // The threshold after a loss.
  virtual std::int32_t reducedThreshold(const CongestionWindow& window) = 0;
  // Makes the window grow; called when it is what limits the sender and nothing is being repaired.
  virtual void grow(CongestionWindow& window, const AckEvent& ack) = 0;
  // A round trip was measured.
  virtual void measured(CongestionWindow& window, const AckEvent& ack);
  // The retransmission timer went off.
  virtual void timedOut() {}
  // Something is sent after nothing was on its way since `idleSince`.
  virtual void restarted(Ticks now, Ticks idleSince);
};

// `name` is of the random draws, should there be any.
std::unique_ptr<CongestionControl> makeCongestionControl(CongestionAlgorithm algorithm,
                                                         const KernelTicks& ticks,
                                                         std::string_view name = "tcp");

// Slow start up to the threshold; returns how many of the packets were not used up by it.
std::int32_t slowStart(CongestionWindow& window, std::int32_t acknowledged);
// One packet more for each `perPacket` acknowledged.
void growLinearly(CongestionWindow& window, std::int32_t perPacket, std::int32_t acknowledged);

}  // namespace callflow::transport
