#include "models/receiver/clocked_buffer.h"

#include <optional>
#include <utility>

namespace callflow::receiver {
namespace {

// What the buffer inside tells, in true time.
class TrueTime final : public PlayoutListener {
 public:
  TrueTime(PlayoutListener& outer, const ClockRate& clock) : outer_(outer), clock_(clock) {}

  void played(std::int64_t sequence, TimePoint at, const Aim& aim) override {
    outer_.played(sequence, of(at), aim);
  }
  void concealed(std::int64_t sequence, TimePoint at, Duration length, Duration silent) override {
    outer_.concealed(sequence, of(at), length, silent);
  }
  void paused(std::int64_t sequence, TimePoint at, Duration length) override {
    outer_.paused(sequence, of(at), length);
  }
  void stretched(std::int64_t sequence, Duration change) override {
    outer_.stretched(sequence, change);
  }
  void discarded(std::int64_t sequence) override { outer_.discarded(sequence); }

 private:
  TimePoint of(TimePoint at) const { return at == TimePoint::max() ? at : clock_.trueTime(at); }

  PlayoutListener& outer_;
  const ClockRate& clock_;
};

class ClockedBuffer final : public JitterBuffer {
 public:
  ClockedBuffer(std::unique_ptr<JitterBuffer> buffer, const MediaClocks& clocks, Duration frame)
      : buffer_(std::move(buffer)),
        clocks_(clocks),
        frame_(frame),
        period_(clocks.sender.lasts(frame)) {}

  Arrival arrived(const ArrivedFrame& frame, PlayoutListener& listener) override {
    if (!first_) first_ = frame.sent;
    ArrivedFrame local = frame;
    // RTP timestamps count samples: frames are whole ones apart, whenever they leave.
    local.sent = *first_ + frame_ * ((frame.sent - *first_) / period_);
    local.received = clocks_.receiver.shownAt(frame.received);
    TrueTime outside(listener, clocks_.receiver);
    return buffer_->arrived(local, outside);
  }

  void advance(TimePoint now, PlayoutListener& listener) override {
    TrueTime outside(listener, clocks_.receiver);
    buffer_->advance(clocks_.receiver.shownAt(now), outside);
  }

  void finish(std::int64_t last, PlayoutListener& listener) override {
    TrueTime outside(listener, clocks_.receiver);
    buffer_->finish(last, outside);
  }

  Duration target() const override { return buffer_->target(); }
  void holdBack(Duration least) override { buffer_->holdBack(least); }
  std::optional<Duration> delay() const override { return buffer_->delay(); }

 private:
  std::unique_ptr<JitterBuffer> buffer_;
  MediaClocks clocks_;
  Duration frame_, period_;
  std::optional<TimePoint> first_;  // when the first frame to come was sent
};

}  // namespace

std::unique_ptr<JitterBuffer> onClocks(std::unique_ptr<JitterBuffer> buffer,
                                       const MediaClocks& clocks, Duration frame) {
  return std::make_unique<ClockedBuffer>(std::move(buffer), clocks, frame);
}

}  // namespace callflow::receiver
