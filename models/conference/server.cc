#include "models/conference/server.h"

#include <utility>

namespace callflow::conference {

void Publication::removeFork(const path::MediaEnd& end) {
  for (Fork& fork : forks_)
    if (fork.end == &end) fork.removed = true;
}

const path::Flow* Publication::flowTo(const path::MediaEnd& end) const {
  for (const Fork& fork : forks_)
    if (fork.end == &end && !fork.removed) return &fork.flow;
  return nullptr;
}

void Publication::setPath(const path::MediaEnd& end, const path::Path& path) {
  for (Fork& fork : forks_)
    if (fork.end == &end) fork.flow.path = &path;
}

std::int64_t Publication::unsent(const path::MediaEnd& end) const {
  std::int64_t frames = 0;
  for (const Fork& fork : forks_)
    if (fork.end == &end) frames += fork.flow.unsent;
  return frames;
}

Gate::Passage Publication::pass(std::int64_t sequence) {
  Chosen& chosen = *chosen_;
  const Gate::Passage passage = chosen.gate.pass(sequence, chosen.speakers.goesOn(chosen.number));
  if (passage.number > 0 && chosen.audience != nullptr)
    std::exchange(chosen.audience, nullptr)->onFirstHeard(chosen.number);
  return passage;
}

bool Publication::renumber(path::FrameHandle handle) {
  if (!chosen_) return true;
  const Gate::Passage passage = pass(transit_[handle].sequence);
  path::Frame& frame = transit_[handle];
  frame.sequence = passage.number;
  // Of the one before nobody has heard.
  if (passage.first) frame.carriesPrevious = false;
  return passage.number > 0;
}

void Publication::onArrival(path::FrameHandle handle, TimePoint now) {
  const std::int64_t sequence = transit_[handle].sequence;
  if (session_ != nullptr) session_->noteAudioArrival(sequence, now);
  if (chosen_) chosen_->speakers.onPacket(chosen_->number, chosen_->sender.spoke(sequence), now);
  if (renumber(handle))
    process(handle, now);
  else
    transit_.release(handle);
}

void Publication::onSent(std::span<const path::SentFrame> frames) {
  if (chosen_) {
    // Those that are still on their way as well, so that nothing comes before it is told of.
    passed_.clear();
    for (const path::SentFrame& frame : frames) {
      const Gate::Passage passage = pass(frame.sequence);
      if (passage.number == 0) continue;
      passed_.push_back(frame);
      passed_.back().sequence = passage.number;
      if (passage.last) passed_.back().kind = receiver::FrameKind::end;
    }
    frames = passed_;
  }
  for (const Fork& fork : forks_)
    if (!fork.removed) fork.end->onSent(frames);
}

void Publication::onProcessed(path::FrameHandle handle) {
  for (const Fork& fork : forks_)
    if (!fork.removed) transit_.sendOrLose(transit_.copyTo(fork.flow, handle));
  transit_.release(handle);
}

void Publication::onLost(path::FrameHandle handle) {
  if (!renumber(handle)) return;
  for (const Fork& fork : forks_)
    if (!fork.removed) fork.end->onLost(handle);
}

void Publication::writeFrame(const path::Frame& frame, wire::Bytes& bytes) const {
  path::Frame original = frame;
  if (chosen_) original.sequence = chosen_->gate.sequenceOf(frame.sequence);
  if (original.sequence > 0 && writer_ != nullptr) writer_->writeFrame(original, bytes);
}

void Publication::onLeftOver(path::FrameHandle handle) {
  if (!renumber(handle)) return;
  for (const Fork& fork : forks_)
    if (!fork.removed) fork.end->onLeftOver(handle);
}

void Attendance::fillReport(std::size_t, std::vector<client::ReportBlock>& blocks) {
  Publication* const own = publications_[own_];
  if (own == nullptr) return;
  blocks.push_back({own_, std::exchange(own->told, {})});
}

void Attendance::onReport(const std::vector<client::ReportBlock>& blocks, TimePoint) {
  for (const client::ReportBlock& block : blocks) {
    client::LossReport& told = publications_[block.ssrc]->told;
    told.lost += block.loss.lost;
    told.expected += block.loss.expected;
  }
}

}  // namespace callflow::conference
