#include "models/transport/tcp_receiver.h"

#include <algorithm>

namespace callflow::transport {

namespace {

constexpr std::int32_t kQuickMaximum = 16;  // TCP_MAX_QUICKACKS
// From the fourth on, acknowledgements that only report what lies beyond a hole are held back for a
// twentieth of the round trip, 1 ms at most and 0.1 ms of slack (net.ipv4.tcp_comp_sack_*).
constexpr std::int32_t kUncompressed = 3;
constexpr Duration kCompressMaximum = Duration::ms(1);
constexpr Duration kCompressSlack = Duration::us(100);

}  // namespace

TcpReceiver::TcpReceiver(const Tcp& parameters)
    : parameters_(parameters),
      ticks_(parameters.tick, parameters.tickPhase),
      window_(parameters.receiveBuffer) {}

void TcpReceiver::quicken() {
  const std::int64_t windowful = window_.offered() / (2 * segmentSize_);
  quick_ = std::max(
      quick_, static_cast<std::int32_t>(std::clamp<std::int64_t>(windowful, 2, kQuickMaximum)));
}

void TcpReceiver::receive(const TcpSegment& segment, TimePoint now, Duration rto) {
  if (segment.bytes.begin <= acknowledgedTo_) echo_ = segment.sent;
  if (segment.empty()) return;
  scheduled_ = true;
  const std::int64_t length = segment.bytes.end - segment.bytes.begin;
  if (segment.echoed != lastEchoed_) {
    lastEchoed_ = segment.echoed;
    window_.roundTripEchoed(length, segmentSize_, now - segment.echoed);
  }
  if (segment.bytes.end <= next_) {
    // Sent again though it had arrived: said so at once.
    duplicate_ = segment.bytes;
    hasDuplicate_ = true;
    quicken();
    interactive_ = false;
    patience_ = parameters_.delayedAckMinimum;
    atOnce_ = true;
    return;
  }
  if (segment.bytes.begin > next_) {
    add(segment.bytes);
    if (window_.queued(length, segmentSize_)) quick_ |= 1;
    return;
  }
  next_ = segment.bytes.end;
  const bool hadIslands = !islands_.empty();
  for (bool grew = hadIslands; grew;) {
    grew = false;
    for (std::size_t i = 0; i < islands_.size(); ++i) {
      if (islands_[i].begin > next_) continue;
      next_ = std::max(next_, islands_[i].end);
      islands_.erase(islands_.begin() + static_cast<std::ptrdiff_t>(i));
      grew = true;
      break;
    }
  }
  if (hadIslands && islands_.empty()) atOnce_ = true;

  if (length >= segmentSize_) {
    segmentSize_ = std::min(length, kMaximumSegment);
    if (segment.push) pushed_ = true;
  } else {
    if (pushed_) pushedTwice_ = true;
    pushed_ = true;
  }
  window_.roundTripByWindow(next_, now);
  const Duration since = now - lastReceived_;
  if (patience_ == Duration{}) {
    quicken();
    patience_ = parameters_.delayedAckMinimum;
  } else if (since <= parameters_.delayedAckMinimum / 2) {
    patience_ = patience_ / 2 + parameters_.delayedAckMinimum / 2;
  } else if (since < patience_) {
    patience_ = std::min(patience_ / 2 + since, rto);
  } else if (since > rto) {
    quicken();  // the sender starts again with a small window
  }
  lastReceived_ = now;
  if (length >= ReceiveWindow::kWorthGrowing && window_.queued(length, segmentSize_)) quick_ |= 1;
  window_.read(next_, now);
}

void TcpReceiver::add(ByteRange range) {
  for (std::size_t i = 0; i < islands_.size();) {
    const ByteRange other = islands_[i];
    if (other.begin <= range.begin && range.end <= other.end) {
      duplicate_ = range;
      hasDuplicate_ = true;
    }
    if (other.end < range.begin || other.begin > range.end) {
      ++i;
      continue;
    }
    range = {std::min(range.begin, other.begin), std::max(range.end, other.end)};
    islands_.erase(islands_.begin() + static_cast<std::ptrdiff_t>(i));
  }
  islands_.insert(islands_.begin(), range);
}

bool TcpReceiver::mustAcknowledge(TimePoint now, Duration rtt) {
  if (!scheduled_) return false;
  const bool muchNew = next_ - acknowledgedTo_ > segmentSize_;
  if (muchNew || atOnce_ || (quick_ > 0 && !interactive_)) return true;
  if (!islands_.empty()) {
    if (duplicatesFor_ != next_) {
      duplicatesFor_ = next_;
      duplicates_ = 0;
    }
    if (duplicates_ < kUncompressed) {
      ++duplicates_;
      return true;
    }
    if (compressedAt_ == TimePoint::max()) {
      // Both are the receiver's own: the one is not known before much has come.
      const Duration trip =
          rtt > Duration{} ? std::min(rtt, window_.roundTrip()) : window_.roundTrip();
      compressedAt_ = now + std::min(kCompressMaximum, trip / 20) + kCompressSlack;
    }
    return false;
  }
  // The application has read all of it.
  if (pushedTwice_ || (pushed_ && !interactive_)) return true;
  return timeToDelay(now, rtt);
}

bool TcpReceiver::timeToDelay(TimePoint now, Duration rtt) {
  Duration wait = patience_;
  if (wait > parameters_.delayedAckMinimum) {
    Duration most = Duration::ms(500);
    if (interactive_ || pushed_) most = parameters_.delayedAckMaximum;
    if (rtt > Duration{}) most = std::min(most, std::max(rtt, parameters_.delayedAckMinimum));
    wait = std::min(wait, most);
  }
  wait = std::min(wait, parameters_.delayedAckMaximum);
  const Ticks tick = ticks_.at(now);
  const Ticks ahead = ticks_.ceil(wait);
  if (delayedAt_ != TimePoint::max()) {
    if (delayedTick_ <= tick + ahead / 4) return true;  // about to go off anyway
    if (tick + ahead >= delayedTick_) return false;
  }
  delayedTick_ = tick + ahead;
  delayedAt_ = ticks_.expiry(now, ahead);
  return false;
}

void TcpReceiver::acknowledge(TcpSegment& segment) {
  segment.acknowledged = next_;
  segment.window = window_.offer(next_);
  segment.echoed = echo_;
  SelectiveAcks& selective = segment.selective;
  selective = {};
  if (hasDuplicate_) {
    selective.blocks[0] = duplicate_;
    selective.firstIsDuplicate = true;
    selective.count = 1;
  }
  for (const ByteRange& island : islands_) {
    if (selective.count == kMostSelectiveBlocks) break;
    selective.blocks[static_cast<std::size_t>(selective.count++)] = island;
  }
  hasDuplicate_ = false;
  if (quick_ > 0 && --quick_ == 0) patience_ = parameters_.delayedAckMinimum;
  acknowledgedTo_ = next_;
  scheduled_ = atOnce_ = pushed_ = pushedTwice_ = false;
  delayedAt_ = compressedAt_ = TimePoint::max();
}

void TcpReceiver::noteSent(TimePoint now) {
  if (patience_ > Duration{} && now - lastReceived_ < patience_) interactive_ = true;
}

bool TcpReceiver::onTimer(TimePoint now, Duration rto) {
  bool due = false;
  if (now >= compressedAt_) {
    compressedAt_ = TimePoint::max();
    due = true;
  }
  if (now >= delayedAt_) {
    delayedAt_ = TimePoint::max();
    if (scheduled_) {
      if (interactive_) {
        interactive_ = false;
        patience_ = parameters_.delayedAckMinimum;
      } else {
        patience_ = std::min(patience_ * 2, rto);
      }
      due = true;
    }
  }
  return due;
}

}  // namespace callflow::transport
