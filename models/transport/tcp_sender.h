// The sending half of a TCP that behaves like Linux 6.1's (net/ipv4/tcp_input.c, tcp_output.c,
// tcp_recovery.c, tcp_timer.c), as a machine without a clock: it is told the time, and says by
// timer() when it wants to be asked again.
#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>
#include <memory>
#include <string_view>

#include "models/transport/bbr.h"
#include "models/transport/congestion_control.h"
#include "models/transport/kernel_ticks.h"
#include "models/transport/rtt_estimator.h"
#include "models/transport/tcp_segment.h"
#include "src/units/units.h"

namespace callflow::transport {

// Puts a segment's bytes on the wire, with whatever acknowledgement is in force.
class SegmentOutput {
 public:
  virtual void transmit(ByteRange bytes, bool again) = 0;
  // What selective acknowledgements take of the next segment (Linux: tcp_current_mss()).
  virtual std::int64_t optionBytes() const { return 0; }

 protected:
  ~SegmentOutput() = default;
};

struct RateControl;

struct SenderCounters {
  std::int64_t dataSegments = 0;
  std::int64_t retransmissions = 0;  // all of the following, and what TLP sent again
  std::int64_t fastRetransmissions = 0;
  std::int64_t slowStartRetransmissions = 0;
  std::int64_t timeouts = 0;
  std::int64_t probes = 0;           // tail loss probes
  std::int64_t probeRecoveries = 0;  // that repaired a loss
  std::int64_t spuriousTimeouts = 0;
  std::int64_t lostRetransmissions = 0;
  std::int64_t recoveries = 0;
};

class TcpSender {
 public:
  // `name` tells its random draws from those of other senders.
  TcpSender(const Tcp& parameters, SegmentOutput& output, std::string_view name = "tcp");
  ~TcpSender();
  TcpSender(const TcpSender&) = delete;
  TcpSender& operator=(const TcpSender&) = delete;

  // The handshake is over; `rtt` is what it measured, negative if it had to be repeated.
  void established(Duration rtt, TimePoint now);
  // Segments of so many bytes at most, from 1 to kMaximumSegment; before the first is sent.
  void limitSegment(std::int64_t bytes) { segment_ = bytes; }
  // The application appends so many bytes to the stream.
  void write(std::int64_t bytes, TimePoint now);
  void acknowledge(const TcpSegment& segment, TimePoint now);
  // When onTimer() is to be called; TimePoint::max() if never. It may move either way with each
  // call.
  TimePoint timer() const { return std::min(timerAt_, paceAt_); }
  void onTimer(TimePoint now);

  std::int64_t acknowledged() const { return una_; }
  std::int64_t sentTo() const { return next_; }
  std::int64_t writtenTo() const { return writtenTo_; }
  std::int64_t unsent() const { return writtenTo_ - next_; }
  bool idle() const { return una_ == writtenTo_; }
  const CongestionWindow& window() const { return window_; }
  const RttEstimator& rtt() const { return rtt_; }
  Duration rto() const { return ticks_.length(rto_); }
  const SenderCounters& counters() const { return counters_; }
  std::int32_t packetsOut() const { return packetsOut_; }
  std::int32_t inFlight() const { return packetsOut_ - sackedOut_ - lostOut_ + resentOut_; }
  // Of a congestion control that paces; nullptr if it does not.
  const RateControl* rateControl() const { return rate_.get(); }

 private:
  enum class State : std::uint8_t { open, disorder, reduced, recovery, loss };
  enum class Timer : std::uint8_t { none, retransmit, probe, reorder };
  enum class Resend : std::uint8_t { nothing, lost, fresh };

  struct Segment {
    std::int64_t begin = 0, end = 0;
    TimePoint sent;  // its last transmission
    bool sacked = false;
    bool lost = false;
    bool resent = false;  // again on its way
    bool everResent = false;
  };

  // What one acknowledgement brought.
  struct Ack {
    TimePoint now;
    TimePoint echoed;
    std::int64_t to = 0;
    std::int64_t before = 0;  // una_ before it
    std::int64_t highestBefore = 0;
    bool carriesData = false;
    bool advanced = false;  // una_ moved
    bool acked = false;     // data left the queue
    bool sackedNew = false;
    bool duplicateReported = false;  // D-SACK
    bool duplicateOfProbe = false;
    bool originalArrived = false;  // never resent, though sent before the recovery began
    bool retransmissionAcked = false;
    bool restartTimer = false;
    bool lostRetransmission = false;
    bool windowMoved = false;
    TimePoint firstSacked = TimePoint::max(), lastSacked = TimePoint::max();  // times sent
    std::int64_t lowestReordered = 0;
    std::int32_t delivered = 0;
    std::int32_t lost = 0;
    std::int32_t priorInFlight = 0;
    Duration rtt = Duration::ns(-1);  // of the youngest segment
    bool maybeDelayed = false;
    bool notDuplicate() const { return carriesData || windowMoved || acked; }
    bool forward() const { return acked || sackedNew; }
  };

  bool reducing() const { return state_ == State::reduced || state_ == State::recovery; }
  bool mayUndo(const Ack& ack) const;
  bool delayedOriginal(const Ack& ack) const;
  std::int64_t highestSacked() const;

  // ---- sending
  void push(TimePoint now, bool probe = false);
  bool nagleHolds(std::int64_t bytes) const;
  void validateWindow(TimePoint now, bool limited);
  bool windowLimited() const;
  void restartAfterIdle(TimePoint now);
  void resendLost(TimePoint now);
  void resend(std::size_t index, TimePoint now);
  void resendMarked(std::size_t index, TimePoint now);
  void noteSending(TimePoint now);
  void collapse(std::size_t index);

  // ---- acknowledgements
  void takeSelective(const TcpSegment& segment, Ack& ack);
  void sack(Segment& segment, bool duplicate, Ack& ack);
  void takeCumulative(Ack& ack);
  void measure(Ack& ack, Duration ofAcked, Duration ofSacked, Duration forWindow);
  void processProbeAck(const Ack& ack);
  void alert(Ack& ack, std::int32_t duplicates, Resend& resend);
  void processLoss(const Ack& ack, std::int32_t duplicates, Resend& resend);
  void controlWindow(const Ack& ack);

  // ---- pacing, only with rate_ (tcp_sender_pacing.cc)
  Bbr::Flow flow(TimePoint now) const;
  bool mayLeave(TimePoint now);
  void paceAfter(std::int64_t bytes, TimePoint now);
  void controlRate(const Ack& ack);
  void noteWrite();
  void onPaceTimer(TimePoint now);

  // ---- recovery
  void advanceRack(const Segment& segment, std::int64_t end, TimePoint sent, TimePoint now);
  Duration reorderWindow() const;
  Duration detectLoss(TimePoint now);
  void identifyLoss(Ack& ack);
  void markByDuplicates(bool fast);
  void markLost(Segment& segment);
  bool timeToRecover() const;
  void enterRecovery();
  void enterLoss(TimePoint now);
  void initUndo();
  void initReduction();
  void reduce(std::int32_t delivered, std::int32_t lost, bool advanced);
  void endReduction();
  void undo(bool unmark);
  bool tryUndoRecovery(const Ack& ack);
  bool tryUndoPartial(const Ack& ack);
  bool tryUndoDuplicate();
  bool tryUndoLoss(const Ack& ack, bool frto);
  void keepOpen();
  bool anythingResent() const;
  void noteReordering(std::int64_t low);

  // ---- timers
  void arm(Timer timer, Ticks ahead, TimePoint now);
  void rearmRetransmit(TimePoint now);
  bool armProbe(TimePoint now, bool advancing);
  Duration untilTimeout(TimePoint now) const;
  void setRto();
  void onRetransmitTimer(TimePoint now);
  void onProbeTimer(TimePoint now);
  void onReorderTimer(TimePoint now);

  Tcp parameters_;
  std::int64_t segment_ = kMaximumSegment;
  KernelTicks ticks_;
  SegmentOutput& output_;
  std::unique_ptr<CongestionControl> congestion_;
  std::unique_ptr<RateControl> rate_;  // with BBR, which is then *congestion_
  CongestionWindow window_;
  RttEstimator rtt_;
  SenderCounters counters_;

  std::deque<Segment> sent_;  // una_ to next_, in order
  std::int64_t una_ = 0, next_ = 0, writtenTo_ = 0;
  std::int64_t peerWindowEnd_ = 0;
  std::int64_t highestSackedEnd_ = 0;
  std::int32_t packetsOut_ = 0, sackedOut_ = 0, lostOut_ = 0, resentOut_ = 0;
  std::int64_t lostTotal_ = 0;
  std::int64_t deliveredTotal_ = 0;

  State state_ = State::open;
  std::int64_t recoveryEnd_ = 0;  // what had been sent when the state was entered
  std::int32_t reordering_ = 3;   // packets
  bool reorderingSeen_ = false;
  std::int32_t priorThreshold_ = 0, priorWindow_ = 0;
  std::int32_t prrDelivered_ = 0, prrOut_ = 0;  // RFC 6937
  bool undoPossible_ = false;
  std::int64_t undoMark_ = 0;
  std::int32_t undoResent_ = 0;
  TimePoint firstResent_ = TimePoint::max();  // since the state was last open
  bool frto_ = false;
  std::int64_t totalResent_ = 0;
  std::int64_t duplicatesReported_ = 0;

  // RACK, RFC 8985 5.2.
  TimePoint rackSent_;
  std::int64_t rackEnd_ = -1;
  Duration rackRtt_;
  bool rackAdvanced_ = false;
  std::int32_t rackSteps_ = 1;
  std::int32_t rackPersist_ = 0;
  bool rackDuplicate_ = false;
  std::int64_t rackRound_ = 0;

  // Tail loss probe, RFC 8985 7.
  bool probing_ = false;
  bool probeWasResend_ = false;
  std::int64_t probeEnd_ = 0;

  Timer pending_ = Timer::none;
  TimePoint timerAt_ = TimePoint::max();
  TimePoint paceAt_ = TimePoint::max();
  Ticks rto_ = 0;
  std::int32_t timeoutsInRow_ = 0;

  // Congestion window validation, RFC 7661.
  bool limited_ = false;
  std::int32_t mostOut_ = 0;
  std::int64_t usageEnd_ = 0;
  std::int32_t windowUsed_ = 0;
  Ticks windowStamp_ = 0;
  Ticks lastSend_ = 0;
};

}  // namespace callflow::transport
