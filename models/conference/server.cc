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

void Publication::onSent(std::span<const path::SentFrame> frames) {
  for (const Fork& fork : forks_)
    if (!fork.removed) fork.end->onSent(frames);
}

void Publication::onProcessed(path::FrameHandle handle) {
  for (const Fork& fork : forks_)
    if (!fork.removed) transit_.sendOrLose(transit_.copyTo(fork.flow, handle));
  transit_.release(handle);
}

void Publication::onLost(path::FrameHandle handle) {
  for (const Fork& fork : forks_)
    if (!fork.removed) fork.end->onLost(handle);
}

void Publication::onLeftOver(path::FrameHandle handle) {
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
