// Sending, and what the timers do. tcp_sender_acks.cc has what acknowledgements do,
// tcp_sender_recovery.cc how losses are found and repaired.
#include "models/transport/tcp_sender.h"

#include <algorithm>

#include "models/transport/rate_control.h"

namespace callflow::transport {

namespace {

// RFC 8985 and net/ipv4/tcp_output.c: the least addition to a probe's or RACK's timer.
constexpr Duration kLeastTimeout = Duration::ms(2);

}  // namespace

TcpSender::TcpSender(const Tcp& parameters, SegmentOutput& output, std::string_view name)
    : parameters_(parameters),
      ticks_(parameters.tick, parameters.tickPhase),
      output_(output),
      congestion_(makeCongestionControl(parameters.congestion, ticks_, name)),
      rtt_(parameters.minimumRto, parameters.maximumRto) {
  if (parameters.congestion == CongestionAlgorithm::bbr) {
    rate_ = std::make_unique<RateControl>(static_cast<Bbr&>(*congestion_));
  }
  window_.size = parameters.initialWindow;
  // What the peer offers in its SYN, which has no scaled window (RFC 7323 2.2); both ends have the
  // same buffer.
  peerWindowEnd_ = std::min<std::int64_t>(
      65535, parameters.receiveBuffer.value_or(DataSize::bytes(65535)).count());
  setRto();
}

TcpSender::~TcpSender() = default;

void TcpSender::established(Duration rtt, TimePoint now) {
  if (rtt >= Duration{}) {
    rtt_.noteSmallest(rtt);
    rtt_.sample(rtt, 0, 0);
  } else {
    window_.size = 1;  // RFC 5681 3.1: a lost SYN
  }
  setRto();
  windowStamp_ = ticks_.at(now);
  lastSend_ = ticks_.at(now);
  if (rate_) rate_->bbr.start(window_, rate_->samples, rtt_.smallest(), flow(now));
}

void TcpSender::write(std::int64_t bytes, TimePoint now) {
  if (rate_) {
    noteWrite();
  } else {
    restartAfterIdle(now);
  }
  writtenTo_ += bytes;
  push(now);
}

// RFC 5681 4.1: the window halves with each time-out of silence, down to the initial one.
void TcpSender::restartAfterIdle(TimePoint now) {
  if (!parameters_.slowStartAfterIdle || packetsOut_ > 0) return;
  Ticks idle = ticks_.at(now) - lastSend_;
  if (idle <= rto_) return;
  window_.threshold = std::max(window_.threshold, window_.size / 2 + window_.size / 4);
  const std::int32_t least = std::min(parameters_.initialWindow, window_.size);
  while ((idle -= rto_) > 0 && window_.size > least) window_.size /= 2;
  window_.size = std::max(window_.size, least);
  windowStamp_ = ticks_.at(now);
  windowUsed_ = 0;
}

bool TcpSender::nagleHolds(std::int64_t bytes) const {
  return !parameters_.noDelay && bytes < segment_ - output_.optionBytes() && packetsOut_ > 0;
}

void TcpSender::noteSending(TimePoint now) {
  const Ticks tick = ticks_.at(now);
  if (inFlight() == 0) {
    congestion_->restarted(tick, lastSend_);
    if (rate_) rate_->bbr.sendsAgain(window_, rate_->samples, flow(now));
  }
  lastSend_ = tick;
}

void TcpSender::push(TimePoint now, bool probe) {
  if (unsent() == 0) return;
  std::int32_t count = 0;
  std::int32_t together = 0;  // segments that leave as one; the next has to wait its time
  std::int64_t togetherBytes = 0;
  while (unsent() > 0) {
    if (rate_ && together == 0 && !mayLeave(now)) break;
    if (inFlight() >= window_.size && !probe) break;
    const std::int64_t bytes = std::min(unsent(), segment_ - output_.optionBytes());
    if (next_ + bytes > peerWindowEnd_) break;
    if (!probe && nagleHolds(bytes)) break;
    noteSending(now);
    const bool first = packetsOut_ == 0;
    Segment segment;
    segment.begin = next_;
    segment.end = next_ + bytes;
    segment.sent = now;
    next_ = segment.end;
    sent_.push_back(segment);
    if (rate_) rate_->samples.sent(now);
    ++packetsOut_;
    ++counters_.dataSegments;
    output_.transmit({segment.begin, segment.end}, false);
    if (first || pending_ == Timer::probe) rearmRetransmit(now);
    ++count;
    if (rate_) {
      togetherBytes += bytes;
      if (++together >= rate_->bbr.segmentsAtOnce()) {
        paceAfter(togetherBytes, now);
        together = 0;
        togetherBytes = 0;
      }
    }
    if (probe) break;
  }
  if (together > 0) paceAfter(togetherBytes, now);
  const bool limited = inFlight() >= window_.size;
  if (count > 0 || limited) validateWindow(now, limited);
  if (count == 0) return;
  if (reducing()) prrOut_ += count;
  if (!probe) armProbe(now, false);
}

bool TcpSender::windowLimited() const {
  if (limited_) return true;
  return window_.slowStart() && window_.size < 2 * mostOut_;
}

// RFC 7661 in the form of net/ipv4/tcp_output.c: a window that is not used does not grow, and
// shrinks towards what is used when that has lasted for a time-out.
void TcpSender::validateWindow(TimePoint now, bool limited) {
  if (una_ >= usageEnd_ || limited || (!limited_ && packetsOut_ > mostOut_)) {
    limited_ = limited;
    mostOut_ = packetsOut_;
    usageEnd_ = next_;
  }
  const Ticks tick = ticks_.at(now);
  if (windowLimited()) {
    windowUsed_ = 0;
    windowStamp_ = tick;
    return;
  }
  windowUsed_ = std::max(windowUsed_, packetsOut_);
  if (!parameters_.slowStartAfterIdle || tick - windowStamp_ < rto_ || rate_) return;
  if (state_ == State::open) {
    const std::int32_t used = std::max(windowUsed_, parameters_.initialWindow);
    if (used < window_.size) {
      window_.threshold = std::max(window_.threshold, window_.size / 2 + window_.size / 4);
      window_.size = (window_.size + used) / 2;
    }
    windowUsed_ = 0;
  }
  windowStamp_ = tick;
}

// ---- sending again ------------------------------------------------------------------------------

void TcpSender::resendLost(TimePoint now) {
  if (packetsOut_ == 0) return;
  bool rearm = false;
  for (std::size_t i = 0; i < sent_.size(); ++i) {
    if (inFlight() >= window_.size || resentOut_ >= lostOut_) break;
    if (!sent_[i].lost || sent_[i].sacked || sent_[i].resent) continue;
    if (rate_ && !mayLeave(now)) break;
    ++(state_ == State::loss ? counters_.slowStartRetransmissions : counters_.fastRetransmissions);
    resendMarked(i, now);
    if (reducing()) ++prrOut_;
    if (i == 0 && pending_ != Timer::reorder) rearm = true;
  }
  if (rearm) arm(Timer::retransmit, rto_, now);
}

void TcpSender::resend(std::size_t index, TimePoint now) {
  collapse(index);
  Segment& segment = sent_[index];
  segment.sent = now;
  segment.everResent = true;
  ++counters_.retransmissions;
  ++totalResent_;
  noteSending(now);
  output_.transmit({segment.begin, segment.end}, true);
  if (rate_) {
    paceAfter(segment.end - segment.begin, now);
    rate_->samples.resent(index);
  }
}

void TcpSender::resendMarked(std::size_t index, TimePoint now) {
  resend(index, now);
  sent_[index].resent = true;
  ++resentOut_;
  firstResent_ = std::min(firstResent_, now);
  undoResent_ = std::max(undoResent_, 0) + 1;
}

// Small segments behind one that is sent again join it, up to a full segment, unless they have
// arrived (net/ipv4/tcp_output.c: tcp_retrans_try_collapse()).
void TcpSender::collapse(std::size_t index) {
  if (sent_[index].sacked) return;
  while (index + 1 < sent_.size()) {
    const Segment& follower = sent_[index + 1];
    if (follower.sacked || follower.end - sent_[index].begin > segment_ ||
        follower.end > peerWindowEnd_) {
      return;
    }
    sent_[index].end = follower.end;
    sent_[index].everResent |= follower.everResent;
    --packetsOut_;
    if (follower.resent) --resentOut_;
    if (follower.lost) --lostOut_;
    sent_.erase(sent_.begin() + static_cast<std::ptrdiff_t>(index) + 1);
    if (rate_) rate_->samples.merged(index + 1);
  }
}

// ---- timers -------------------------------------------------------------------------------------

void TcpSender::setRto() {
  rto_ = std::min(ticks_.ceil(rtt_.timeout()), ticks_.ceil(parameters_.maximumRto));
}

void TcpSender::arm(Timer timer, Ticks ahead, TimePoint now) {
  // While nothing may leave, what waits for a departure has not begun.
  if (rate_ && timer != Timer::reorder) ahead += rate_->pacer.wait(now) / ticks_.length(1);
  pending_ = timer;
  timerAt_ = ticks_.expiry(now, std::max<Ticks>(ahead, 0));
}

Duration TcpSender::untilTimeout(TimePoint now) const {
  return sent_.front().sent + ticks_.length(rto_) - now;
}

void TcpSender::rearmRetransmit(TimePoint now) {
  if (packetsOut_ == 0) {
    pending_ = Timer::none;
    timerAt_ = TimePoint::max();
    return;
  }
  Ticks ahead = rto_;
  // The time-out counts from the oldest segment, whatever shorter timer ran meanwhile.
  if (pending_ == Timer::reorder || pending_ == Timer::probe) {
    ahead = ticks_.ceil(std::max(untilTimeout(now), Duration::us(1)));
  }
  arm(Timer::retransmit, ahead, now);
}

// RFC 8985 7.2.
bool TcpSender::armProbe(TimePoint now, bool advancing) {
  if (!parameters_.lossProbes || packetsOut_ == 0 ||
      (state_ != State::open && state_ != State::reduced)) {
    return false;
  }
  Ticks ahead = ticks_.ceil(Duration::s(1));
  if (rtt_.measured()) {
    // A lone segment may wait for the receiver's delayed acknowledgement.
    ahead = ticks_.ceil(rtt_.smoothed() * 2 +
                        (packetsOut_ == 1 ? parameters_.minimumRto : kLeastTimeout));
  }
  const Duration timeout = advancing ? ticks_.length(rto_) : untilTimeout(now);
  if (timeout > Duration{}) ahead = std::min(ahead, ticks_.ceil(timeout));
  arm(Timer::probe, ahead, now);
  return true;
}

void TcpSender::onTimer(TimePoint now) {
  if (now >= paceAt_) onPaceTimer(now);
  if (now < timerAt_) return;
  timerAt_ = TimePoint::max();
  switch (pending_) {
    case Timer::none:
      return;
    case Timer::reorder:
      onReorderTimer(now);
      return;
    case Timer::probe:
      onProbeTimer(now);
      return;
    case Timer::retransmit:
      pending_ = Timer::none;
      onRetransmitTimer(now);
      return;
  }
}

void TcpSender::onRetransmitTimer(TimePoint now) {
  if (packetsOut_ == 0) return;
  probing_ = false;
  ++counters_.timeouts;
  enterLoss(now);
  ++timeoutsInRow_;
  ++counters_.slowStartRetransmissions;
  resendMarked(0, now);
  rto_ = std::min(rto_ * 2, ticks_.ceil(parameters_.maximumRto));  // RFC 6298 5.5
  arm(Timer::retransmit, rto_, now);
}

void TcpSender::onProbeTimer(TimePoint now) {
  if (!probing_ && packetsOut_ > 0) {
    probeWasResend_ = false;
    bool sent = false;
    if (unsent() > 0 && next_ + std::min(unsent(), segment_) <= peerWindowEnd_) {
      const std::int32_t out = packetsOut_;
      push(now, true);
      sent = packetsOut_ > out;
    } else {
      resend(sent_.size() - 1, now);
      probeWasResend_ = true;
      sent = true;
    }
    if (sent) {
      probing_ = true;
      probeEnd_ = next_;
      ++counters_.probes;
      pending_ = Timer::none;  // the time-out starts anew
    }
  }
  rearmRetransmit(now);
}

void TcpSender::onReorderTimer(TimePoint now) {
  const std::int32_t before = inFlight();
  const std::int64_t lostBefore = lostTotal_;
  detectLoss(now);
  if (before != inFlight()) {
    if (state_ != State::recovery) {
      enterRecovery();
      if (!rate_) reduce(1, static_cast<std::int32_t>(lostTotal_ - lostBefore), false);
    }
    resendLost(now);
  }
  if (pending_ != Timer::retransmit) rearmRetransmit(now);
}

}  // namespace callflow::transport
