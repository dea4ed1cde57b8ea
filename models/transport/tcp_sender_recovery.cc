// How losses are found (RACK, duplicates), and how the window shrinks and recovers (PRR, undo,
// F-RTO).
#include <algorithm>

#include "models/transport/rate_control.h"
#include "models/transport/tcp_sender.h"

namespace callflow::transport {

namespace {

constexpr Duration kLeastTimeout = Duration::ms(2);
constexpr std::int32_t kDuplicateThreshold = 3;   // RFC 5681
constexpr std::int32_t kReorderingMaximum = 300;  // net.ipv4.tcp_max_reordering
constexpr std::int32_t kRackPersistence = 16;     // RFC 8985 6.2: recoveries

// RFC 8985 5.2: by time, and at equal times by place in the stream.
bool sentAfter(TimePoint a, std::int64_t endOfA, TimePoint b, std::int64_t endOfB) {
  return a > b || (a == b && endOfA > endOfB);
}

}  // namespace

// ---- RACK ---------------------------------------------------------------------------------------

void TcpSender::advanceRack(const Segment& segment, std::int64_t end, TimePoint sent,
                            TimePoint now) {
  const Duration rtt = now - sent;
  // Too soon for the copy: the original arrived after all.
  if (segment.everResent && rtt < rtt_.smallest()) return;
  rackAdvanced_ = true;
  rackRtt_ = rtt;
  if (sentAfter(sent, end, rackSent_, rackEnd_)) {
    rackSent_ = sent;
    rackEnd_ = end;
  }
}

// RFC 8985 6.2 step 4.
Duration TcpSender::reorderWindow() const {
  if (!reorderingSeen_) {
    if (state_ == State::recovery || state_ == State::loss) return {};
    if (sackedOut_ >= reordering_) return {};
  }
  if (rtt_.smallest() == Duration::max()) return {};
  return std::min(rtt_.smallest() / 4 * rackSteps_, rtt_.smoothed());
}

// RFC 8985 6.2 step 5: marks what was sent long enough before the youngest segment that arrived.
// Returns how long the rest of them have to wait.
Duration TcpSender::detectLoss(TimePoint now) {
  const Duration window = reorderWindow();
  Duration longest;
  for (Segment& segment : sent_) {
    if (segment.sacked || (segment.lost && !segment.resent)) continue;
    if (!sentAfter(rackSent_, rackEnd_, segment.sent, segment.end)) continue;
    const Duration remaining = segment.sent + rackRtt_ + window - now;
    if (remaining <= Duration{}) {
      markLost(segment);
    } else {
      longest = std::max(longest, remaining);
    }
  }
  if (longest > Duration{}) arm(Timer::reorder, ticks_.ceil(longest + kLeastTimeout), now);
  return longest;
}

void TcpSender::identifyLoss(Ack& ack) {
  if (sent_.empty() || parameters_.recovery != LossRecovery::rack) return;
  const std::int32_t resentBefore = resentOut_;
  if (rackAdvanced_) {
    rackAdvanced_ = false;
    if (detectLoss(ack.now) > Duration{}) ack.restartTimer = false;
  }
  if (resentBefore > resentOut_) ack.lostRetransmission = true;
}

void TcpSender::markLost(Segment& segment) {
  if (segment.sacked) return;
  if (segment.lost) {
    if (!segment.resent) return;
    segment.resent = false;
    --resentOut_;
    ++counters_.lostRetransmissions;
  } else {
    segment.lost = true;
    ++lostOut_;
  }
  ++lostTotal_;
}

// RFC 6675 in the kernel's form: all but the last `reordering` of the segments before the highest
// that arrived.
void TcpSender::markByDuplicates(bool fast) {
  std::int32_t packets = sackedOut_ - reordering_;
  if (packets < 0) {
    if (fast && !sent_.front().lost) markLost(sent_.front());
    return;
  }
  std::int32_t seen = 0;
  for (Segment& segment : sent_) {
    if (segment.sacked) {
      if (++seen > packets) break;
      continue;
    }
    if (!segment.lost) markLost(segment);
  }
}

bool TcpSender::timeToRecover() const {
  if (lostOut_ > 0) return true;
  return parameters_.recovery == LossRecovery::duplicates && sackedOut_ + 1 > reordering_;
}

// ---- reducing the window ------------------------------------------------------------------------

void TcpSender::initUndo() {
  undoPossible_ = true;
  undoMark_ = una_;
  undoResent_ = resentOut_ > 0 ? resentOut_ : -1;
}

void TcpSender::initReduction() {
  recoveryEnd_ = next_;
  probing_ = false;
  window_.counted = 0;
  priorWindow_ = window_.size;
  prrDelivered_ = 0;
  prrOut_ = 0;
  window_.threshold = congestion_->reducedThreshold(window_);
}

void TcpSender::enterRecovery() {
  priorThreshold_ = 0;
  initUndo();
  if (!reducing()) {
    priorThreshold_ = std::max(window_.threshold, window_.size / 2 + window_.size / 4);
    initReduction();
  }
  ++counters_.recoveries;
  state_ = State::recovery;
}

void TcpSender::enterLoss(TimePoint now) {
  const bool fresh = state_ != State::recovery && state_ != State::loss;
  if (!sent_.empty() && sent_.front().sacked) {  // reneging: the receiver threw data away
    for (Segment& segment : sent_) segment.sacked = false;
    sackedOut_ = 0;
  }
  for (std::size_t i = 0; i < sent_.size(); ++i) {
    // What was sent just before may still arrive.
    if (i > 0 && parameters_.recovery == LossRecovery::rack && sent_[i].sent + rackRtt_ > now) {
      continue;
    }
    markLost(sent_[i]);
  }
  if (state_ == State::open || state_ == State::disorder || recoveryEnd_ <= una_ ||
      (state_ == State::loss && timeoutsInRow_ == 0)) {
    priorThreshold_ = reducing() ? window_.threshold
                                 : std::max(window_.threshold, window_.size / 2 + window_.size / 4);
    priorWindow_ = window_.size;
    window_.threshold = congestion_->reducedThreshold(window_);
    initUndo();
  }
  congestion_->timedOut();
  window_.size = inFlight() + 1;
  window_.counted = 0;
  windowStamp_ = ticks_.at(now);
  if ((state_ == State::open || state_ == State::disorder) && sackedOut_ >= kDuplicateThreshold) {
    reordering_ = std::min(reordering_, kDuplicateThreshold);
  }
  state_ = State::loss;
  if (rate_) rate_->bbr.enteredLoss(rate_->samples, flow(now));
  recoveryEnd_ = next_;
  frto_ = fresh || timeoutsInRow_ > 0;  // RFC 5682
}

// RFC 6937 with the slow start of RFC 9937.
void TcpSender::reduce(std::int32_t delivered, std::int32_t lost, bool advanced) {
  if (delivered <= 0 || priorWindow_ == 0) return;
  prrDelivered_ += delivered;
  const std::int32_t room = window_.threshold - inFlight();
  std::int32_t may = 0;
  if (room < 0) {
    const std::int64_t share = std::int64_t{window_.threshold} * prrDelivered_ + priorWindow_ - 1;
    may = static_cast<std::int32_t>(share / priorWindow_) - prrOut_;
  } else {
    may = std::max(prrDelivered_ - prrOut_, delivered);
    if (advanced && lost == 0) ++may;
    may = std::min(room, may);
  }
  may = std::max(may, prrOut_ > 0 ? 0 : 1);  // the first retransmission goes at once
  window_.size = inFlight() + may;
}

void TcpSender::endReduction() {
  if (rate_) return;
  if (window_.threshold < CongestionWindow::kInfinite &&
      (state_ == State::reduced || undoPossible_)) {
    window_.size = window_.threshold;
  }
}

// ---- undoing it ---------------------------------------------------------------------------------

// RFC 3522: what was acknowledged had been sent before anything was sent again.
bool TcpSender::delayedOriginal(const Ack& ack) const {
  if (firstResent_ == TimePoint::max() || ack.echoed == TimePoint::max()) return false;
  // Timestamps count milliseconds.
  return ack.echoed.sinceStart() / Duration::ms(1) < firstResent_.sinceStart() / Duration::ms(1);
}

bool TcpSender::mayUndo(const Ack& ack) const {
  return undoPossible_ && (undoResent_ == 0 || delayedOriginal(ack));
}

void TcpSender::undo(bool unmark) {
  if (unmark) {
    for (Segment& segment : sent_) segment.lost = false;
    lostOut_ = 0;
  }
  if (priorThreshold_ > 0) {
    if (rate_) {
      rate_->bbr.undone(rate_->samples, lostTotal_);
    } else {
      window_.size = std::max(window_.size, priorWindow_);
    }
    window_.threshold = std::max(window_.threshold, priorThreshold_);
  }
  undoPossible_ = false;
  rackAdvanced_ = true;
}

bool TcpSender::anythingResent() const {
  return resentOut_ > 0 || (!sent_.empty() && sent_.front().everResent);
}

void TcpSender::keepOpen() {
  State next = State::open;
  if (sackedOut_ + lostOut_ > 0 || anythingResent()) next = State::disorder;
  if (state_ != next) {
    state_ = next;
    recoveryEnd_ = next_;
  }
}

bool TcpSender::tryUndoRecovery(const Ack& ack) {
  if (mayUndo(ack)) {
    undo(false);
  } else if (rackPersist_ > 0) {
    --rackPersist_;
  }
  state_ = State::open;
  return false;
}

bool TcpSender::tryUndoPartial(const Ack& ack) {
  noteReordering(ack.before);
  if (resentOut_ > 0) return true;
  if (!anythingResent()) firstResent_ = TimePoint::max();
  undo(true);
  keepOpen();
  return false;
}

bool TcpSender::tryUndoDuplicate() {
  if (!undoPossible_ || undoResent_ != 0) return false;
  rackPersist_ = std::min(kRackPersistence, rackPersist_ + 1);
  undo(false);
  return true;
}

bool TcpSender::tryUndoLoss(const Ack& ack, bool frto) {
  if (!frto && !mayUndo(ack)) return false;
  undo(true);
  if (frto) ++counters_.spuriousTimeouts;
  timeoutsInRow_ = 0;
  state_ = State::open;
  return true;
}

std::int64_t TcpSender::highestSacked() const {
  return sackedOut_ == 0 ? una_ : std::max(highestSackedEnd_, una_);
}

// A segment that was never resent arrived behind younger ones.
void TcpSender::noteReordering(std::int64_t low) {
  const std::int64_t distance = highestSacked() - low;
  if (distance <= 0) return;
  if (distance > reordering_ * segment_) {
    reordering_ = static_cast<std::int32_t>(
        std::min<std::int64_t>((distance + segment_ - 1) / segment_, kReorderingMaximum));
  }
  reorderingSeen_ = true;
}

}  // namespace callflow::transport
