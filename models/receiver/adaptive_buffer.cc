#include <algorithm>

#include "models/receiver/delay_target.h"
#include "models/receiver/frame_store.h"
#include "models/receiver/jitter_buffer.h"

namespace callflow::receiver {
namespace {

// libwebrtc, modules/audio_coding/neteq.
constexpr Duration kTick = Duration::ms(10);  // step of made-up sound and of time stretching
constexpr Duration kStretchSpacing = Duration::ms(100);  // 10 ms in it: 100 ms/s
constexpr Duration kHighMargin =
    Duration::ms(20);                   // decision_logic.cc: kDelayAdjustmentGranularityMs
constexpr std::int64_t kHurryFrom = 4;  // targets; decision_logic.cc: Operation::kFastAccelerate
constexpr std::size_t kCapacity = 200;  // max_packets_in_buffer

class AdaptiveJitterBuffer final : public JitterBuffer {
 public:
  explicit AdaptiveJitterBuffer(const AdaptiveBuffer& parameters)
      : frame_(parameters.frame),
        stretch_(std::min(kTick, parameters.frame / 2)),
        target_(parameters.initial, parameters.minimum, parameters.maximum) {}

  Arrival arrived(const ArrivedFrame& frame, PlayoutListener& listener) override {
    const std::int64_t sequence = frame.sequence;
    const TimePoint received = frame.received;
    if (!started_) {
      started_ = true;
      next_ = sequence;
      nextAt_ = received + target_.target();
    }
    while (nextAt_ < received) step(listener);
    target_.observe(frame.sent, received);
    if (sequence < next_ && !moveStartTo(sequence, received)) return Arrival::late;
    if (frames_.count() >= kCapacity) flush(sequence, listener);
    return frames_.insert(sequence, {frame.sent, received, frame.kind, frame.copy});
  }

  void advance(TimePoint now, PlayoutListener& listener) override {
    while (started_ && nextAt_ < now) step(listener);
  }

  void finish(std::int64_t last, PlayoutListener& listener) override {
    while (!frames_.empty()) step(listener);
    for (; started_ && next_ <= last; ++next_) {
      listener.concealed(next_, nextAt_, frame_, {});
      nextAt_ += frame_;
    }
  }

  Duration target() const override { return target_.target(); }

 private:
  // One decision, at nextAt_.
  void step(PlayoutListener& listener) {
    if (pausing_) {
      pause(listener);
      return;
    }
    if (frames_.empty() || madeUp_ < frame_ * (frames_.head() - next_)) {
      const Duration length = std::min(kTick, frame_);
      madeUp_ += length;
      nextAt_ += length;
      return;
    }
    const std::int64_t sequence = frames_.head();
    const bool afterMadeUp = madeUp_ > Duration{};
    reportMadeUp(sequence, listener);
    const HeldFrame frame = frames_.takeHead();
    const TimePoint sent = frame.sent;
    pausing_ = beginsPause(frame.kind);
    listener.played(sequence, nextAt_, {target_.target(), target_.target()});
    playing_ = true;
    next_ = sequence + 1;
    const Duration change = afterMadeUp ? Duration{} : stretchAt(nextAt_ - sent);
    if (change != Duration{}) listener.stretched(sequence, change);
    nextAt_ += frame_ + change;
  }

  // Comfort noise goes on until the next frame has waited for the target.
  void pause(PlayoutListener& listener) {
    const bool over = !frames_.empty() && nextAt_ - frames_.at(frames_.head()).sent >=
                                              target_.smallestTransit() + target_.target();
    if (!over) {
      paused_ += std::min(kTick, frame_);
      nextAt_ += std::min(kTick, frame_);
      return;
    }
    if (paused_ > Duration{}) listener.paused(frames_.head(), nextAt_ - paused_, paused_);
    paused_ = Duration{};
    next_ = frames_.head();  // what is missing between fell into the pause
    pausing_ = false;
  }

  // What was made up since the last frame goes to the frames given up, one length each, and the
  // rest to the one that is played after all.
  void reportMadeUp(std::int64_t sequence, PlayoutListener& listener) {
    TimePoint at = nextAt_ - madeUp_;
    for (; next_ < sequence && madeUp_ > Duration{}; ++next_) {
      const Duration length = std::min(frame_, madeUp_);
      listener.concealed(next_, at, length, {});
      at += length;
      madeUp_ -= length;
    }
    if (madeUp_ > Duration{}) listener.concealed(sequence, at, madeUp_, {});
    madeUp_ = Duration{};
  }

  // How much longer (or shorter, if negative) the frame sounds that starts to be played now, so
  // long after it was sent.
  Duration stretchAt(Duration sinceSent) {
    const Duration playoutDelay = sinceSent - target_.smallestTransit();
    const Duration low = target_.target();
    const bool hurry = playoutDelay >= low * kHurryFrom;
    if (stretched_ && !hurry && nextAt_ - lastStretch_ < kStretchSpacing) return {};
    const Duration high = low + target_.largestRelative() + kHighMargin;
    if (playoutDelay >= low && playoutDelay < high) return {};
    stretched_ = true;
    lastStretch_ = nextAt_;
    return playoutDelay < low ? stretch_ : -stretch_;
  }

  // A frame from before the first that came can still be played if nothing was and its place is not
  // over.
  bool moveStartTo(std::int64_t sequence, TimePoint received) {
    const TimePoint place = nextAt_ - frame_ * (next_ - sequence);
    if (playing_ || madeUp_ > Duration{} || place < received) return false;
    next_ = sequence;
    nextAt_ = place;
    return true;
  }

  // Playout goes on with `sequence`.
  void flush(std::int64_t sequence, PlayoutListener& listener) {
    while (!frames_.empty()) {
      const std::int64_t head = frames_.head();
      frames_.takeHead();
      listener.discarded(head);
    }
    next_ = sequence;
  }

  Duration frame_;
  Duration stretch_;
  DelayTarget target_;
  FrameStore frames_;
  bool started_ = false;
  bool playing_ = false;
  std::int64_t next_ = 0;  // the frame whose turn it is
  TimePoint nextAt_;       // when what sounds now is over
  bool pausing_ = false;   // comfort noise, until a frame ends it
  Duration paused_;        // so far
  Duration madeUp_;        // sound made up since the last frame ended
  bool stretched_ = false;
  TimePoint lastStretch_;
};

}  // namespace

std::unique_ptr<JitterBuffer> makeJitterBuffer(const AdaptiveBuffer& parameters) {
  return std::make_unique<AdaptiveJitterBuffer>(parameters);
}

}  // namespace callflow::receiver
