#include "models/video_receiver/frame_buffer.h"

#include <algorithm>

namespace callflow::video_receiver {
namespace {

// libwebrtc, video/video_stream_buffer_controller.cc.
constexpr std::size_t kMostFrames = 800;

}  // namespace

FrameBuffer::Inserted FrameBuffer::insert(const Frame& frame) {
  if (frame.number <= lastDecoded_ || frames_.find(frame.number) != nullptr)
    return Inserted::refused;
  if (frames_.size() == kMostFrames) {
    if (!frame.key) return Inserted::refused;
    // A key frame needs nothing of what waits.
    dropped_ += static_cast<std::int64_t>(frames_.size());
    frames_.clear();
    newestContinuous_ = -1;
  }
  frames_.insert({frame.number, frame, false});
  const std::size_t index = frames_.below(frame.number);
  propagate(index);
  const bool continuous = frames_[index].continuous;
  findDecodable();
  return continuous ? Inserted::continuous : Inserted::waiting;
}

bool FrameBuffer::isContinuous(const Frame& frame) {
  if (frame.dependsOn == kNoFrame || wasDecoded(frame.dependsOn)) return true;
  const Held* const other = frames_.find(frame.dependsOn);
  return other != nullptr && other->continuous;
}

void FrameBuffer::propagate(std::size_t from) {
  for (std::size_t i = from; i < frames_.size(); ++i) {
    Held& held = frames_[i];
    if (held.continuous || !isContinuous(held.frame)) continue;
    held.continuous = true;
    ++continuous_;
    if (held.number > newestContinuous_) {
      newestContinuous_ = held.number;
      continuousUpTo_ = held.frame.lastSequence;
    }
  }
}

void FrameBuffer::findDecodable() {
  next_.reset();
  for (std::size_t i = 0; i < frames_.size() && frames_[i].number <= newestContinuous_; ++i) {
    const Frame& frame = frames_[i].frame;
    if (frame.dependsOn != kNoFrame && !wasDecoded(frame.dependsOn)) continue;
    if (!next_) next_ = i;
    last_ = i;
  }
}

Frame FrameBuffer::take() {
  const std::size_t index = *next_;
  const Frame frame = frames_[index].frame;
  noteDecoded(frame.number);
  dropped_ += static_cast<std::int64_t>(index);
  frames_.eraseFront(index + 1);
  findDecodable();
  return frame;
}

void FrameBuffer::dropNext() {
  const std::size_t count = *next_ + 1;
  dropped_ += static_cast<std::int64_t>(count);
  frames_.eraseFront(count);
  findDecodable();
}

bool FrameBuffer::wasDecoded(std::int64_t number) const {
  return number <= lastDecoded_ && number > lastDecoded_ - kHistory &&
         decoded_[static_cast<std::size_t>(number % kHistory)];
}

void FrameBuffer::noteDecoded(std::int64_t number) {
  const std::int64_t from = std::max(lastDecoded_ + 1, number - kHistory + 1);
  for (std::int64_t skipped = from; skipped < number; ++skipped)
    decoded_.reset(static_cast<std::size_t>(skipped % kHistory));
  decoded_.set(static_cast<std::size_t>(number % kHistory));
  lastDecoded_ = number;
}

}  // namespace callflow::video_receiver
