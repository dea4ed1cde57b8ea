#include "models/video_receiver/receiver.h"

#include <algorithm>

namespace callflow::video_receiver {
namespace {

// libwebrtc, video/video_stream_buffer_controller.cc: a frame is released before the wait for it is
// over.
constexpr Duration kBeforeTimeout = Duration::ms(1);
// modules/video_coding/timing/decode_time_percentile_filter.cc: the first frames say nothing of how
// long the decoder takes.
constexpr std::int64_t kFramesNotTimed = 5;

}  // namespace

Receiver::Receiver(const Parameters& parameters, TimePoint start, Listener* listener)
    : parameters_(parameters),
      listener_(listener),
      nack_(start, parameters.nackTries),
      timing_(start),
      keyFrames_(start, parameters.history) {}

const Requests& Receiver::onPacket(const Packet& packet, TimePoint now) {
  requests_.clear();
  advance(now);
  reception_.onPacket(packet, now);
  if (!packet.repaired()) keyFrames_.onPacket(packet.key, now);
  const int timesAsked =
      parameters_.nack ? nack_.onPacket(packet.sequence, packet.repaired(), now, requests_) : 0;
  const FrameAssembly::Inserted inserted = assembly_.insert(packet, timesAsked, now);
  if (inserted.overflow) requests_.keyFrame = true;
  if (inserted.frame != nullptr) {
    onComplete(*inserted.frame, now);
    advance(now);
  }
  return countRequests();
}

const Requests& Receiver::onPadding(std::int64_t sequence, TimePoint now) {
  requests_.clear();
  advance(now);
  reception_.onPadding(sequence);
  if (parameters_.nack) nack_.onPacket(sequence, false, now, requests_);
  return countRequests();
}

const Requests& Receiver::process(TimePoint now) {
  requests_.clear();
  advance(now);
  return countRequests();
}

TimePoint Receiver::nextWakeUp() const {
  TimePoint next = std::min(nack_.nextLook(), keyFrames_.timeout());
  if (decoding_) return std::min(next, decoding_->decoded);
  return turn_ ? std::min(next, turn_->decode) : next;
}

void Receiver::advance(TimePoint now) {
  for (TimePoint due = nextWakeUp(); due <= now; due = nextWakeUp()) {
    if (decoding_ && decoding_->decoded <= due) {
      onDecoded();
    } else if (!decoding_ && turn_ && turn_->decode <= due) {
      release(due);
    } else if (nack_.nextLook() <= due) {
      nack_.look(due, requests_);
    } else {
      const auto silence = keyFrames_.onTimeout(!decoding_, due);
      requests_.keyFrame |= silence.request;
      if (silence.inactive) freezes_.onInactive();
    }
  }
}

void Receiver::onComplete(const Frame& frame, TimePoint now) {
  requests_.keyFrame |= keyFrames_.onComplete(frame.key);
  const std::int64_t before = buffer_.continuous();
  if (buffer_.insert(frame) != FrameBuffer::Inserted::refused) {
    if (!frame.retransmitted) timing_.onComplete(frame.captured, now);
    if (buffer_.continuous() > before) schedule(now);
  }
  if (const auto upTo = buffer_.continuousUpTo()) nack_.clearUpTo(*upTo);
}

void Receiver::schedule(TimePoint now) {
  if (decoding_ || buffer_.next() == nullptr) return;
  if (keyFrameRequired_) {
    turn_ = keyFrameTurn(buffer_, timing_, now);
    return;
  }
  if (turn_ && turn_->frame == buffer_.next()->number) return;
  turn_ = nextTurn(buffer_, timing_, keyFrames_.timeout() - kBeforeTimeout, now);
}

void Receiver::release(TimePoint now) {
  TimePoint shown = turn_->shown;
  turn_.reset();
  const Frame frame = buffer_.take();
  keyFrames_.onReleased(now);
  keyFrameRequired_ = false;
  if (timingIsBroken(timing_, shown, now)) {
    jitter_ = JitterEstimator();
    timing_.reset(now);
    shown = timing_.renderTime(frame.captured, now);
  }
  if (frame.retransmitted) {
    jitter_.onRetransmittedFrame(now);
  } else {
    if (const auto change = delayChange_.next(frame.captured, frame.lastArrival))
      jitter_.update(*change, frame.size, now);
    timing_.setJitterDelay(jitter_.estimate(now));
    timing_.onReleased(shown, now);
  }
  counts_.jitterBufferDelay += now - frame.firstArrival;
  counts_.jitterBufferTargetDelay += timing_.bufferTarget();
  counts_.jitterBufferMinimumDelay += timing_.jitterDelay();
  ++counts_.jitterBufferEmittedCount;
  decoding_ = SeenFrame{frame, now, now + decodeTimeOf(frame), shown};
}

void Receiver::onDecoded() {
  const SeenFrame seen = *decoding_;
  const Frame& frame = seen.frame;
  decoding_.reset();
  const TimePoint now = seen.decoded;
  const Duration decodeTime = now - seen.released;
  ++counts_.framesDecoded;
  if (frame.key) ++counts_.keyFramesDecoded;
  if (counts_.framesDecoded > kFramesNotTimed) timing_.setDecodeTime(decodeTime);
  counts_.totalDecodeTime += decodeTime;
  counts_.totalProcessingDelay += now - frame.firstArrival;
  counts_.totalAssemblyTime += frame.lastArrival - frame.firstArrival;
  if (frame.lastArrival != frame.firstArrival) ++counts_.framesAssembledFromMultiplePackets;
  if (frame.width != counts_.frameWidth || frame.height != counts_.frameHeight) {
    counts_.frameWidth = frame.width;
    counts_.frameHeight = frame.height;
    sizes_.push_back({now, frame.width, frame.height});
  }
  const auto freeze = freezes_.onFrame(now);
  assembly_.clearUpTo(frame.lastSequence);
  keyFrames_.onReady(now);
  schedule(now);
  if (listener_ == nullptr) return;
  if (freeze) listener_->onFreeze(now - *freeze, now);
  listener_->onFrame(seen);
}

Duration Receiver::decodeTimeOf(const Frame& frame) const {
  const std::int64_t pixels = static_cast<std::int64_t>(frame.width) * frame.height;
  return parameters_.decodeTime + parameters_.decodeTimeOfMegapixel * pixels / 1'000'000;
}

void Receiver::onRoundTrip(Duration roundTrip, TimePoint now) {
  nack_.onRoundTrip(roundTrip, now);
  jitter_.onRoundTrip(roundTrip);
}

void Receiver::setMinimumDelay(Duration delay) {
  timing_.setPlayoutDelay(delay, Duration::s(10));
}

const Requests& Receiver::countRequests() {
  if (!requests_.nack.empty()) ++counts_.nackCount;
  counts_.packetsAskedFor += static_cast<std::int64_t>(requests_.nack.size());
  if (requests_.keyFrame) ++counts_.pliCount;
  return requests_;
}

Statistics Receiver::statistics() const {
  Statistics all = counts_;
  all.packetsReceived = reception_.received();
  all.retransmittedPacketsReceived = reception_.retransmitted();
  all.packetsLost = reception_.lost();
  all.bytesReceived = reception_.size();
  all.jitter = reception_.jitter();
  all.framesReceived = buffer_.continuous();
  all.framesDropped = buffer_.dropped();
  all.freezeCount = freezes_.freezes();
  all.totalFreezesDuration = freezes_.frozen();
  all.longestFreeze = freezes_.longestFreeze();
  all.pauseCount = freezes_.pauses();
  all.totalPausesDuration = freezes_.paused();
  all.totalInterFrameDelay = freezes_.total();
  all.totalSquaredInterFrameDelay = freezes_.squares();
  all.harmonicFrameRate = freezes_.harmonicRate();
  all.meanTimeBetweenFreezes = freezes_.meanBetween();
  return all;
}

}  // namespace callflow::video_receiver
