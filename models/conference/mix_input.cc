#include "models/conference/mix_input.h"

#include <iterator>

namespace callflow::conference {

void MixInput::onSent(std::span<const path::SentFrame> frames) {
  for (const path::SentFrame& frame : frames)
    if (frame.kind != receiver::FrameKind::speech) unusual_[frame.sequence] = frame.kind;
  Publication::onSent(frames);
}

void MixInput::onArrival(path::FrameHandle handle, TimePoint now) {
  noteArrival(handle, now);
  if (sender_ != nullptr) sender_->tell();
  const path::Frame& frame = transit()[handle];
  const std::int64_t sequence = frame.sequence;
  const TimePoint sent = now - transit().journey(handle).parts.sum();
  receiver::FrameKind kind = receiver::FrameKind::speech;
  if (const auto found = unusual_.find(sequence); found != unusual_.end()) {
    kind = found->second;
    unusual_.erase(unusual_.begin(), std::next(found));
  }
  // Before the buffer sees it: it may sound at once.
  held_[sequence] = {handle, now};
  const receiver::Arrival arrival = buffer_->arrived({sequence, sent, now, kind}, *this);
  if (arrival != receiver::Arrival::late && arrival != receiver::Arrival::duplicate) return;
  held_.erase(sequence);
  giveUp(handle);
}

void MixInput::played(std::int64_t sequence, TimePoint at, const receiver::Aim&) {
  const auto found = held_.find(sequence);
  if (found != held_.end()) found->second.sounds = at;
}

void MixInput::discarded(std::int64_t sequence) {
  const auto found = held_.find(sequence);
  if (found == held_.end()) return;
  const path::FrameHandle handle = found->second.handle;
  held_.erase(found);
  giveUp(handle);
}

void MixInput::giveUp(path::FrameHandle handle) {
  Publication::onLost(handle);
  transit().release(handle);
}

void MixInput::play(TimePoint until) {
  buffer_->advance(until, *this);
  const TimePoint now = transit().now();
  for (auto held = held_.begin(); held != held_.end();) {
    if (held->second.sounds >= until) {
      ++held;
      continue;
    }
    transit().ownJourney(held->second.handle).parts[receiver::DelayCause::processing] +=
        now - held->second.since;
    ready_.push_back(held->second.handle);
    held = held_.erase(held);
  }
}

void MixInput::clear() {
  for (const path::FrameHandle handle : ready_) transit().release(handle);
  ready_.clear();
}

bool MixInput::copyTo(const path::MediaEnd& end, path::FrameHandle handle,
                      path::FrameHandle& copy) {
  const path::Flow* const flow = flowTo(end);
  if (flow == nullptr) return false;
  copy = transit().copyTo(*flow, handle);
  return true;
}

}  // namespace callflow::conference
