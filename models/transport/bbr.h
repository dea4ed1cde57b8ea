// BBR, version 1, as Linux 6.1 has it (net/ipv4/tcp_bbr.c; Cardwell and others: BBR:
// Congestion-Based Congestion Control, ACM Queue 14, 2016). It steers the window and the rate at
// which a sender paces itself, from two estimates: the bandwidth of the bottleneck and the round
// trip without a queue. Without a clock.
#pragma once

#include <array>
#include <cstdint>

#include "models/fabric/random.h"
#include "models/transport/congestion_control.h"
#include "models/transport/packet_rate.h"
#include "models/transport/policer_estimate.h"
#include "models/transport/rate_sample.h"
#include "models/transport/windowed_maximum.h"

namespace callflow::transport {

class Bbr final : public CongestionControl {
 public:
  enum class Mode : std::uint8_t {
    startup,         // the rate doubles each round trip until the bandwidth grows no more
    drain,           // the queue that this made empties
    probeBandwidth,  // a little more, a little less, then as much as is delivered
    probeRtt         // next to nothing in flight, to see the round trip without a queue
  };
  // What the sender repairs.
  enum class Repair : std::uint8_t { none, recovery, loss };

  // The sender as it is now.
  struct Flow {
    TimePoint now;
    Ticks ticks = 0;
    std::int32_t inFlight = 0;
    std::int64_t lost = 0;  // packets ever marked
    Repair repair = Repair::none;
    Duration smoothedRtt;     // zero before the first sample
    TimePoint nextDeparture;  // of the pacing
  };

  // `random` draws where a cycle of probing for bandwidth begins.
  Bbr(const KernelTicks& ticks, fabric::RandomStream random);

  // The handshake is over. `smallestRtt`: Duration::max() if it measured nothing.
  void start(const CongestionWindow& window, const RateSampler& sampler, Duration smallestRtt,
             const Flow& flow);
  void acknowledged(CongestionWindow& window, RateSampler& sampler, const RateSample& sample,
                    const Flow& flow);
  // Something is sent while nothing is in flight.
  void sendsAgain(CongestionWindow& window, const RateSampler& sampler, const Flow& flow);
  // The retransmission timer went off: all in flight may be lost.
  void enteredLoss(const RateSampler& sampler, const Flow& flow);
  // A reduction was a mistake.
  void undone(const RateSampler& sampler, std::int64_t lost);

  // Of the payload; never zero after start().
  DataRate pacing() const { return pacing_; }
  // As many segments leave together.
  std::int32_t segmentsAtOnce() const;

  Mode mode() const { return mode_; }
  PacketRate bandwidth() const { return policer_.found() ? policer_.rate() : fastest_.get(); }
  Duration smallestRtt() const { return smallestRtt_; }
  bool pipeFilled() const { return filled_; }
  Gain pacingGain() const { return pacingGain_; }
  Gain windowGain() const { return windowGain_; }

  // ---- CongestionControl
  // Keeps the threshold, and the window in mind.
  std::int32_t reducedThreshold(const CongestionWindow& window) override;
  // Never called: the window grows in acknowledged().
  void grow(CongestionWindow&, const AckEvent&) override {}

 private:
  // ---- the model of the path
  void updateBandwidth(const RateSampler& sampler, const RateSample& sample, const Flow& flow);
  void observePolicer(const RateSampler& sampler, std::int32_t lost, bool limited,
                      const Flow& flow);
  void updateAggregation(const RateSampler& sampler, const RateSample& sample,
                         const CongestionWindow& window);
  void updatePhase(const RateSampler& sampler, const RateSample& sample, const Flow& flow);
  bool phaseIsOver(const RateSampler& sampler, const RateSample& sample, const Flow& flow) const;
  void nextPhase(const RateSampler& sampler);
  void checkFilled(const RateSample& sample);
  void checkDrained(CongestionWindow& window, const RateSampler& sampler, const Flow& flow);
  void updateSmallestRtt(CongestionWindow& window, RateSampler& sampler, const RateSample& sample,
                         const Flow& flow);
  void checkProbeRttDone(CongestionWindow& window, const RateSampler& sampler, const Flow& flow);
  void updateGains();
  void enterProbeBandwidth(const RateSampler& sampler);

  // ---- what follows from it
  void setPacing(PacketRate bandwidth, Gain gain, const CongestionWindow& window, const Flow& flow);
  void startPacing(const CongestionWindow& window, const Flow& flow);
  void setWindow(CongestionWindow& window, const RateSampler& sampler, const RateSample& sample,
                 const Flow& flow);
  bool repair(std::int32_t& size, const RateSampler& sampler, const RateSample& sample,
              const Flow& flow);
  void saveWindow(const CongestionWindow& window);
  std::int64_t bandwidthDelay(PacketRate bandwidth, Gain gain) const;
  std::int64_t withBudget(std::int64_t window) const;
  std::int64_t target(PacketRate bandwidth, Gain gain) const;
  std::int64_t aggregationAllowance() const;
  std::int64_t inNetworkAtDeparture(std::int64_t inFlight, const Flow& flow) const;
  static PolicerEstimate::Totals totals(const RateSampler& sampler, std::int64_t lost);

  KernelTicks ticks_;
  fabric::RandomStream random_;

  Mode mode_ = Mode::startup;
  Gain pacingGain_ = 0, windowGain_ = 0;
  DataRate pacing_;
  bool paceFromRtt_ = false;  // the pacing began with a measured round trip

  // Round trips are counted by packets: one ends when what was sent at its start is delivered.
  std::int64_t rounds_ = 0;
  std::int64_t roundEnd_ = 0;  // of RateSampler::delivered()
  bool roundStarted_ = false;

  WindowedMaximum<PacketRate> fastest_;
  PolicerEstimate policer_;
  Duration smallestRtt_ = Duration::max();
  Ticks smallestRttAt_ = 0;
  Ticks probeRttDone_ = -1;  // -1: not known yet
  bool probeRttRound_ = false;
  bool idleRestart_ = false;

  bool filled_ = false;
  PacketRate filledAt_;
  std::int32_t roundsWithoutGrowth_ = 0;
  std::int32_t phase_ = 0;
  TimePoint phaseStart_;

  Repair repaired_ = Repair::none;  // at the last acknowledgement
  bool conserve_ = false;           // one packet out for one that arrived
  std::int32_t savedWindow_ = 0;

  // Acknowledgements that come in lumps.
  TimePoint lumpStart_;
  std::int64_t lump_ = 0;
  std::array<std::int64_t, 2> excess_{};
  std::size_t excessNow_ = 0;
  std::int32_t excessRounds_ = 0;
};

}  // namespace callflow::transport
