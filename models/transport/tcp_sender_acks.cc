// What an acknowledgement does to the sender.
#include <algorithm>

#include "models/transport/rate_control.h"
#include "models/transport/tcp_sender.h"

namespace callflow::transport {

void TcpSender::acknowledge(const TcpSegment& segment, TimePoint now) {
  if (segment.acknowledged > next_) return;  // of nothing that was sent
  Ack ack;
  ack.now = now;
  ack.echoed = segment.echoed;
  ack.to = segment.acknowledged;
  ack.before = una_;
  ack.highestBefore = highestSacked();
  ack.lowestReordered = next_;
  ack.carriesData = !segment.empty();
  ack.advanced = segment.acknowledged > una_;
  if (rate_) {
    ack.priorInFlight = inFlight();
    rate_->samples.begin();
  }
  const std::int64_t deliveredBefore = deliveredTotal_;
  const std::int64_t lostBefore = lostTotal_;
  Resend resend = Resend::nothing;
  if (segment.acknowledged < una_) {
    // An old acknowledgement that was overtaken; its selective part may still be news.
    if (segment.selective.count == 0) return;
    takeSelective(segment, ack);
    alert(ack, 0, resend);
    if (resend != Resend::nothing) resendLost(now);
    return;
  }
  if (ack.advanced) timeoutsInRow_ = 0;
  const std::int64_t windowEnd = segment.acknowledged + segment.window;
  // On the fast path an acknowledgement that advances counts as a window update. One that does not
  // is no duplicate if it offers more (RFC 5681 2): a receiver whose window grows hides losses from
  // a sender that counts duplicates.
  ack.windowMoved =
      ack.advanced ? segment.selective.count == 0 && segment.empty() : windowEnd > peerWindowEnd_;
  peerWindowEnd_ = std::max(peerWindowEnd_, windowEnd);
  if (segment.selective.count > 0) takeSelective(segment, ack);
  const std::int32_t packetsBefore = packetsOut_;
  una_ = std::max(una_, segment.acknowledged);
  if (packetsBefore == 0) {
    if (ack.duplicateReported) alert(ack, 0, resend);
    if (probing_) processProbeAck(ack);
    push(now);
    return;
  }
  takeCumulative(ack);
  if (rackDuplicate_ && rackRound_ <= deliveredBefore) {
    rackSteps_ = std::min(255, rackSteps_ + 1);
    rackDuplicate_ = false;
    rackRound_ = deliveredTotal_;
    rackPersist_ = 16;
  } else if (rackPersist_ == 0) {
    rackSteps_ = 1;
  }
  if (probing_) processProbeAck(ack);
  const bool dubious =
      !ack.notDuplicate() || ack.sackedNew || ack.duplicateReported || state_ != State::open;
  if (dubious) {
    const bool duplicate = !ack.advanced && !ack.notDuplicate() && !ack.duplicateReported;
    alert(ack, duplicate ? 1 : 0, resend);
  }
  if (ack.restartTimer && !armProbe(now, true)) rearmRetransmit(now);
  ack.delivered = static_cast<std::int32_t>(deliveredTotal_ - deliveredBefore);
  ack.lost = static_cast<std::int32_t>(lostTotal_ - lostBefore);
  controlWindow(ack);
  if (resend == Resend::fresh) {
    push(now);
    // F-RTO: new data went out instead of what is feared lost.
    if (next_ <= recoveryEnd_) {
      frto_ = false;
      resend = Resend::lost;
    }
  }
  if (resend == Resend::lost) resendLost(now);
  push(now);
}

// ---- selective ----------------------------------------------------------------------------------

void TcpSender::takeSelective(const TcpSegment& segment, Ack& ack) {
  for (std::int32_t i = 0; i < segment.selective.count; ++i) {
    const ByteRange block = segment.selective.blocks[static_cast<std::size_t>(i)];
    const bool duplicate = i == 0 && segment.selective.firstIsDuplicate;
    if (duplicate) {
      ack.duplicateReported = true;
      if (probing_ && block.end == probeEnd_) ack.duplicateOfProbe = true;
      if (++duplicatesReported_ <= totalResent_ && reorderingSeen_ && !ack.duplicateOfProbe) {
        rackDuplicate_ = true;
      }
      if (block.end <= una_) {
        // Of data that is acknowledged already: only the count of what could be undone is left.
        if (undoPossible_ && undoResent_ > 0 && block.end > undoMark_) --undoResent_;
        continue;
      }
    }
    auto at = std::partition_point(sent_.begin(), sent_.end(),
                                   [&](const Segment& s) { return s.end <= block.begin; });
    for (; at != sent_.end() && at->end <= block.end; ++at) {
      if (at->begin < block.begin) continue;
      if (rate_ && !at->sacked) {
        rate_->samples.arrived(static_cast<std::size_t>(at - sent_.begin()), at->sent, at->end);
      }
      sack(*at, duplicate, ack);
    }
  }
  if (ack.lowestReordered < highestSacked() && (state_ != State::loss || undoPossible_)) {
    noteReordering(ack.lowestReordered);
  }
}

void TcpSender::sack(Segment& segment, bool duplicate, Ack& ack) {
  if (duplicate && segment.everResent) {
    if (undoPossible_ && undoResent_ > 0 && segment.end > undoMark_) --undoResent_;
  }
  if (!segment.sacked) {
    advanceRack(segment, segment.end, segment.sent, ack.now);
    if (segment.resent) {
      if (segment.lost) {
        segment.lost = segment.resent = false;
        --lostOut_;
        --resentOut_;
      }
    } else {
      if (!segment.everResent) {
        if (segment.begin < highestSacked() && sackedOut_ > 0) {
          ack.lowestReordered = std::min(ack.lowestReordered, segment.begin);
        }
        if (segment.end <= recoveryEnd_) ack.originalArrived = true;
        if (ack.firstSacked == TimePoint::max()) ack.firstSacked = segment.sent;
        ack.lastSacked = segment.sent;
      }
      if (segment.lost) {
        segment.lost = false;
        --lostOut_;
      }
    }
    segment.sacked = true;
    ++sackedOut_;
    ++deliveredTotal_;
    ack.sackedNew = true;
    highestSackedEnd_ = std::max(highestSackedEnd_, segment.end);
  }
  if (duplicate && segment.resent) {
    segment.resent = false;
    --resentOut_;
  }
}

// ---- cumulative ---------------------------------------------------------------------------------

void TcpSender::takeCumulative(Ack& ack) {
  const std::int32_t sackedBefore = sackedOut_;
  const std::int32_t packetsBefore = packetsOut_;
  TimePoint first = TimePoint::max(), last = TimePoint::max();
  std::int64_t lowest = next_;
  while (!sent_.empty() && sent_.front().end <= una_) {
    const Segment& segment = sent_.front();
    if (segment.everResent) {
      if (segment.resent) --resentOut_;
      ack.retransmissionAcked = true;
    } else if (!segment.sacked) {
      if (first == TimePoint::max()) first = segment.sent;
      last = segment.sent;
      lowest = std::min(lowest, segment.begin);
      if (segment.end <= recoveryEnd_) ack.originalArrived = true;
    }
    if (segment.sacked) {
      --sackedOut_;
    } else {
      ++deliveredTotal_;
      // An echo from before it was sent again says that the original arrived.
      const bool original =
          segment.everResent && ack.echoed != TimePoint::max() &&
          ack.echoed.sinceStart() / Duration::ms(1) < segment.sent.sinceStart() / Duration::ms(1);
      if (!original) advanceRack(segment, segment.end, segment.sent, ack.now);
    }
    if (rate_) rate_->samples.leaves(segment.sent, segment.end, !segment.sacked);
    if (segment.lost) --lostOut_;
    --packetsOut_;
    ack.acked = true;
    sent_.pop_front();
  }
  Duration ofAcked = Duration::ns(-1), ofSacked = Duration::ns(-1), forWindow = Duration::ns(-1);
  if (first != TimePoint::max() && !ack.retransmissionAcked) {
    ofAcked = ack.now - first;
    forWindow = ack.now - last;
    if (rate_) {
      // A lone small packet over a whole round trip.
      ack.maybeDelayed = packetsBefore - packetsOut_ == 1 && sackedBefore == 0 &&
                         una_ - ack.before < segment_ && !ack.sackedNew && !ack.duplicateReported &&
                         rate_->samples.priorDelivered() + 1 == rate_->samples.delivered();
    }
  }
  if (ack.firstSacked != TimePoint::max()) {
    ofSacked = ack.now - ack.firstSacked;
    forWindow = ack.now - ack.lastSacked;
  }
  measure(ack, ofAcked, ofSacked, forWindow);
  if (ack.acked) {
    ack.restartTimer = true;
    if (lowest < ack.highestBefore && sackedBefore > 0) noteReordering(lowest);
  } else if (!sent_.empty() && ofSacked > ack.now - sent_.front().sent) {
    // What arrived was sent before the head was last sent: the head still has its time.
    ack.restartTimer = true;
  }
}

void TcpSender::measure(Ack& ack, Duration ofAcked, Duration ofSacked, Duration forWindow) {
  Duration sample = ofAcked >= Duration{} ? ofAcked : ofSacked;
  if (sample < Duration{} && ack.acked && ack.echoed != TimePoint::max()) {
    // By the timestamp, in whole milliseconds (RFC 7323 4).
    const std::int64_t ms =
        ack.now.sinceStart() / Duration::ms(1) - ack.echoed.sinceStart() / Duration::ms(1);
    sample = forWindow = Duration::ms(std::max<std::int64_t>(ms, 1));
  }
  if (sample >= Duration{}) {
    if (forWindow >= Duration{}) rtt_.noteSmallest(forWindow);
    rtt_.sample(sample, una_, next_);
    setRto();
  }
  ack.rtt = forWindow;
  if (forWindow >= Duration{}) {
    AckEvent event;
    event.now = ack.now;
    event.ticks = ticks_.at(ack.now);
    event.rtt = forWindow;
    event.acknowledgedTo = una_;
    event.sentTo = next_;
    congestion_->measured(window_, event);
  }
}

void TcpSender::processProbeAck(const Ack& ack) {
  if (ack.to < probeEnd_) return;
  if (!probeWasResend_ || ack.duplicateOfProbe) {
    probing_ = false;
  } else if (ack.to > probeEnd_) {
    // Acknowledged beyond the probe without word of a duplicate: the probe repaired a loss.
    initReduction();
    state_ = State::reduced;
    endReduction();
    keepOpen();
    ++counters_.probeRecoveries;
  } else if (!ack.advanced && !ack.notDuplicate() && !ack.sackedNew) {
    probing_ = false;  // a second copy of the last acknowledgement: nothing was lost
  }
}

// ---- what to make of it -------------------------------------------------------------------------

void TcpSender::alert(Ack& ack, std::int32_t duplicates, Resend& resend) {
  bool fast = false;
  const bool force = highestSacked() > una_ + reordering_ * segment_;
  bool doLost = duplicates > 0 || (ack.sackedNew && force);
  if (packetsOut_ == 0) sackedOut_ = 0;
  if (state_ == State::open) {
    firstResent_ = TimePoint::max();
  } else if (una_ >= recoveryEnd_) {
    if (state_ == State::reduced && una_ != recoveryEnd_) {
      endReduction();
      state_ = State::open;
    } else if (state_ == State::recovery) {
      tryUndoRecovery(ack);
      // The window stays as undone, or becomes the threshold.
      if (window_.threshold < CongestionWindow::kInfinite && undoPossible_ && !rate_) {
        window_.size = window_.threshold;
      }
    }
  }
  switch (state_) {
    case State::recovery:
      if (ack.advanced) {
        const bool late = undoPossible_ && delayedOriginal(ack);
        if (late && tryUndoPartial(ack)) return;
        if (!late) doLost = force;
      }
      if (tryUndoDuplicate()) keepOpen();
      identifyLoss(ack);
      if (state_ != State::recovery) {
        if (!timeToRecover()) return;
        enterRecovery();
      }
      break;
    case State::loss:
      processLoss(ack, duplicates, resend);
      identifyLoss(ack);
      if (!(state_ == State::open || ack.lostRetransmission)) return;
      [[fallthrough]];
    case State::open:
    case State::disorder:
    case State::reduced:
      if (state_ == State::open || state_ == State::disorder) tryUndoDuplicate();
      identifyLoss(ack);
      if (!timeToRecover()) {
        if (!anythingResent()) firstResent_ = TimePoint::max();
        if (state_ != State::reduced) keepOpen();
        return;
      }
      enterRecovery();
      fast = true;
      break;
  }
  if (parameters_.recovery == LossRecovery::duplicates && doLost && !sent_.empty()) {
    markByDuplicates(fast);
  }
  resend = Resend::lost;
}

// RFC 5682 with selective acknowledgements.
void TcpSender::processLoss(const Ack& ack, std::int32_t duplicates, Resend& resend) {
  const bool recovered = una_ >= recoveryEnd_;
  if (ack.advanced && tryUndoLoss(ack, false)) return;
  if (frto_) {
    if (ack.originalArrived && tryUndoLoss(ack, true)) return;
    if (next_ > recoveryEnd_) {
      if (ack.sackedNew || duplicates > 0) frto_ = false;
    } else if (ack.advanced && !recovered) {
      recoveryEnd_ = next_;
      if (unsent() > 0 && peerWindowEnd_ > next_) {
        resend = Resend::fresh;
        return;
      }
      frto_ = false;
    }
  }
  if (recovered) {
    tryUndoRecovery(ack);
    return;
  }
  resend = Resend::lost;
}

void TcpSender::controlWindow(const Ack& ack) {
  if (rate_) {
    controlRate(ack);
    return;
  }
  if (reducing()) {
    reduce(ack.delivered, ack.lost, ack.advanced);
    return;
  }
  const bool mayGrow = reordering_ > 3 ? ack.forward() : ack.acked;
  if (!mayGrow) return;
  const Ticks tick = ticks_.at(ack.now);
  windowStamp_ = tick;
  if (!windowLimited()) return;
  AckEvent event;
  event.now = ack.now;
  event.ticks = tick;
  event.acknowledged = ack.delivered;
  event.acknowledgedTo = una_;
  event.sentTo = next_;
  congestion_->grow(window_, event);
}

}  // namespace callflow::transport
