#include <algorithm>

#include "models/receiver/frame_store.h"
#include "models/receiver/jitter_buffer.h"

namespace callflow::receiver {
namespace {

class FixedJitterBuffer final : public JitterBuffer {
 public:
  explicit FixedJitterBuffer(const FixedBuffer& parameters) : parameters_(parameters) {}

  Arrival arrived(const ArrivedFrame& frame, PlayoutListener& listener) override {
    const std::int64_t sequence = frame.sequence;
    if (!started_) {
      started_ = true;
      next_ = sequence;
      nextAt_ = frame.received + parameters_.delay;
      transit_ = nextAt_ - frame.sent;
    }
    endPause(frame.received, listener);
    while (nextAt_ < frame.received && !pausing_) {
      step(listener);
      endPause(frame.received, listener);
    }
    if (sequence < next_ && !moveStartTo(sequence, frame.received)) return Arrival::late;
    return frames_.insert(sequence, {frame.sent, frame.received, frame.kind, frame.copy});
  }

  void finish(std::int64_t last, PlayoutListener& listener) override {
    while (started_ && next_ <= last) {
      endPause(TimePoint::max(), listener);
      if (pausing_) return;  // nothing came after the pause
      step(listener);
    }
  }

  Duration target() const override { return parameters_.delay; }

 private:
  void step(PlayoutListener& listener) {
    if (!frames_.empty() && frames_.head() == next_) {
      pausing_ = frames_.takeHead().kind == FrameKind::comfort_noise;
      listener.played(next_, nextAt_, {parameters_.delay, parameters_.delay});
    } else {
      listener.concealed(next_, nextAt_, parameters_.frame, Duration{});
    }
    playing_ = true;
    ++next_;
    nextAt_ += parameters_.frame;
  }

  // Comfort noise lasts until the place of the frame after it, which that frame tells by when it
  // was sent; where frames between the two are missing, they are taken to stand right before it.
  void endPause(TimePoint now, PlayoutListener& listener) {
    if (!pausing_ || frames_.empty()) return;
    const std::int64_t missing = frames_.head() - next_;
    const TimePoint place =
        frames_.at(frames_.head()).sent + transit_ - parameters_.frame * missing;
    if (place >= now) return;
    pausing_ = false;
    if (place <= nextAt_) return;
    listener.paused(next_, nextAt_, place - nextAt_);
    nextAt_ = place;
  }

  // A frame from before the first that came can still be played if nothing was and its place is not
  // over.
  bool moveStartTo(std::int64_t sequence, TimePoint received) {
    const TimePoint place = nextAt_ - parameters_.frame * (next_ - sequence);
    if (playing_ || place < received) return false;
    next_ = sequence;
    nextAt_ = place;
    return true;
  }

  FixedBuffer parameters_;
  FrameStore frames_;
  bool started_ = false;
  bool playing_ = false;
  bool pausing_ = false;   // comfort noise, until a frame ends it
  std::int64_t next_ = 0;  // the frame whose turn is at nextAt_
  TimePoint nextAt_;
  Duration transit_;  // from a frame's sending to its place
};

}  // namespace

std::unique_ptr<JitterBuffer> makeJitterBuffer(const FixedBuffer& parameters) {
  return std::make_unique<FixedJitterBuffer>(parameters);
}

}  // namespace callflow::receiver
