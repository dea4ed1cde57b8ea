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
    advance(frame.received, listener);
    if (frames_.empty() && waited_ > Duration{} && !settle(frame, listener)) return Arrival::late;
    if (sequence < next_ && !moveStartTo(sequence, frame.received)) return Arrival::late;
    return frames_.insert(sequence, {frame.sent, frame.received, frame.kind, frame.copy});
  }

  void advance(TimePoint now, PlayoutListener& listener) override {
    if (!started_) return;
    endPause(now, listener);
    while (nextAt_ < now && !pausing_) {
      step(listener);
      endPause(now, listener);
    }
  }

  void finish(std::int64_t last, PlayoutListener& listener) override {
    while (started_ && next_ <= last) {
      endPause(TimePoint::max(), listener);
      if (pausing_) return;  // nothing came after the pause
      if (frames_.empty()) nextAt_ += std::max(Duration{}, parameters_.frame - waited_);
      if (frames_.empty()) {
        waited_ = std::max(waited_, parameters_.frame);
        giveUp(listener);
      } else {
        step(listener);
      }
    }
  }

  Duration target() const override { return parameters_.delay; }

 private:
  void step(PlayoutListener& listener) {
    playing_ = true;
    // What is missing is not known before the next frame is there: perhaps nothing, if the sender
    // paused and the packet that told of it was lost.
    if (frames_.empty()) {
      wait(parameters_.frame);
      return;
    }
    if (frames_.head() != next_) {
      listener.concealed(next_, nextAt_, parameters_.frame, Duration{});
    } else {
      const TimePoint place = frames_.at(next_).sent + transit_;
      if (place > nextAt_) {
        wait(place - nextAt_);
        return;
      }
      if (waited_ > Duration{}) listener.concealed(next_, nextAt_ - waited_, waited_, Duration{});
      waited_ = Duration{};
      pausing_ = beginsPause(frames_.takeHead().kind);
      listener.played(next_, nextAt_, {parameters_.delay, parameters_.delay});
    }
    ++next_;
    nextAt_ += parameters_.frame;
  }

  void wait(Duration length) {
    waited_ += length;
    nextAt_ += length;
  }

  // The frame whose turn it was has no more chance.
  void giveUp(PlayoutListener& listener) {
    listener.concealed(next_, nextAt_ - waited_, parameters_.frame, Duration{});
    waited_ -= parameters_.frame;
    ++next_;
  }

  // `frame` is the first to come since sound was made up: that stood for the frames before it, a
  // length each, and for itself if it is late. What is left was a pause. False: it is late.
  bool settle(const ArrivedFrame& frame, PlayoutListener& listener) {
    while (waited_ >= parameters_.frame && next_ < frame.sequence) giveUp(listener);
    if (frame.sequence != next_) return frame.sequence > next_;
    if (waited_ < parameters_.frame || frame.sent + transit_ >= nextAt_) return true;
    giveUp(listener);
    return false;
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
  Duration waited_;   // sound made up until nextAt_ of which it is not known what it stood for
  Duration transit_;  // from a frame's sending to its place
};

}  // namespace

std::unique_ptr<JitterBuffer> makeJitterBuffer(const FixedBuffer& parameters) {
  return std::make_unique<FixedJitterBuffer>(parameters);
}

}  // namespace callflow::receiver
