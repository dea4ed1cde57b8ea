// CUBIC (RFC 9438) as Linux computes it (net/ipv4/tcp_cubic.c), with HyStart.
#pragma once

#include "models/transport/congestion_control.h"

namespace callflow::transport {

class Cubic final : public CongestionControl {
 public:
  explicit Cubic(const KernelTicks& ticks) : ticks_(ticks) {}

  std::int32_t reducedThreshold(const CongestionWindow& window) override;
  void grow(CongestionWindow& window, const AckEvent& ack) override;
  void measured(CongestionWindow& window, const AckEvent& ack) override;
  void timedOut() override;
  void restarted(Ticks now, Ticks idleSince) override;

 private:
  std::int32_t packetsPerStep(std::int32_t window, const AckEvent& ack);
  void leaveSlowStart(CongestionWindow& window, const AckEvent& ack);

  KernelTicks ticks_;
  double largest_ = 0;  // window before the last reduction
  bool epoch_ = false;  // growing along one curve
  TimePoint epochStart_;
  double plateau_ = 0;       // window that the curve levels out at
  double untilPlateau_ = 0;  // s (K in the RFC)
  Ticks updated_ = -1;
  std::int32_t updatedFor_ = 0;
  std::int32_t perStep_ = 2;
  std::int64_t acknowledged_ = 0;  // towards Reno's window
  double reno_ = 0;                // the window that Reno would have
  Duration smallestRtt_ = Duration::max();

  // HyStart (Ha and Rhee 2008).
  bool found_ = false;
  bool round_ = false;
  std::int64_t roundEnd_ = 0;
  TimePoint roundStart_, trainEnd_;
  Duration roundRtt_ = Duration::max();
  std::int32_t samples_ = 0;
};

}  // namespace callflow::transport
