#include "models/receiver/frame_store.h"
#include "models/receiver/jitter_buffer.h"

namespace callflow::receiver {
namespace {

class FixedJitterBuffer final : public JitterBuffer {
 public:
  explicit FixedJitterBuffer(const FixedBuffer& parameters) : parameters_(parameters) {}

  Arrival arrived(const ArrivedFrame& frame, PlayoutListener& listener) override {
    const std::int64_t sequence = frame.sequence;
    const TimePoint received = frame.received;
    if (!started_) {
      started_ = true;
      next_ = sequence;
      nextAt_ = received + parameters_.delay;
    }
    while (nextAt_ < received) step(listener);
    if (sequence < next_ && !moveStartTo(sequence, received)) return Arrival::late;
    return frames_.insert(sequence, {frame.sent, received, frame.kind, frame.copy});
  }

  void finish(std::int64_t last, PlayoutListener& listener) override {
    while (started_ && next_ <= last) step(listener);
  }

  Duration target() const override { return parameters_.delay; }

 private:
  void step(PlayoutListener& listener) {
    if (!frames_.empty() && frames_.head() == next_) {
      frames_.takeHead();
      listener.played(next_, nextAt_, {parameters_.delay, parameters_.delay});
    } else {
      listener.concealed(next_, nextAt_, parameters_.frame, Duration{});
    }
    playing_ = true;
    ++next_;
    nextAt_ += parameters_.frame;
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
  std::int64_t next_ = 0;  // the frame whose turn is at nextAt_
  TimePoint nextAt_;
};

}  // namespace

std::unique_ptr<JitterBuffer> makeJitterBuffer(const FixedBuffer& parameters) {
  return std::make_unique<FixedJitterBuffer>(parameters);
}

}  // namespace callflow::receiver
