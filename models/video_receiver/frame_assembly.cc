#include "models/video_receiver/frame_assembly.h"

#include <algorithm>

namespace callflow::video_receiver {
namespace {

// libwebrtc, video/rtp_video_stream_receiver2.cc: packets held, at the start and at most.
constexpr std::size_t kFirstSlots = 512;
constexpr std::size_t kMostSlots = 2048;
constexpr std::int64_t kFree = -1;

}  // namespace

FrameAssembly::FrameAssembly() : held_(kFirstSlots, kFree) {}

FrameAssembly::Inserted FrameAssembly::insert(const Packet& packet, int timesAsked, TimePoint now) {
  if (packet.sequence <= cleared_ || slotOf(packet.sequence) == packet.sequence) return {};
  if (!makeRoom(packet.sequence)) {
    forget();
    return {nullptr, true};
  }
  slotOf(packet.sequence) = packet.sequence;
  oldest_ = oldest_ < 0 ? packet.sequence : std::min(oldest_, packet.sequence);

  Partial* partial = partial_.find(packet.frame);
  if (partial == nullptr) {
    Partial fresh;
    fresh.number = packet.frame;
    fresh.frame.number = packet.frame;
    fresh.frame.dependsOn = packet.dependsOn;
    fresh.frame.captured = packet.captured;
    fresh.frame.firstArrival = now;
    fresh.frame.width = packet.width;
    fresh.frame.height = packet.height;
    fresh.frame.temporalLayer = packet.temporalLayer;
    fresh.frame.spatialLayer = packet.spatialLayer;
    fresh.frame.key = packet.key;
    fresh.newest = packet.sequence;
    partial = &partial_.insert(fresh);
  }
  ++partial->packets;
  partial->newest = std::max(partial->newest, packet.sequence);
  partial->frame.size += packet.size;
  partial->frame.spatialLayer = std::max(partial->frame.spatialLayer, packet.spatialLayer);
  partial->frame.retransmitted |= timesAsked > 0;
  if (packet.first) partial->first = packet.sequence;
  if (packet.last) partial->last = packet.sequence;
  if (partial->first < 0 || partial->last < 0 || partial->packets <= partial->last - partial->first)
    return {};

  complete_ = partial->frame;
  complete_.lastSequence = partial->last;
  complete_.lastArrival = now;
  release(partial->first, partial->last);
  partial_.erase(partial_.below(packet.frame));
  return {&complete_, false};
}

void FrameAssembly::clearUpTo(std::int64_t sequence) {
  if (sequence <= cleared_) return;
  cleared_ = sequence;
  if (oldest_ >= 0 && oldest_ <= sequence) {
    release(oldest_, std::min(sequence, oldest_ + static_cast<std::int64_t>(held_.size()) - 1));
    oldest_ = sequence + 1;
  }
  std::size_t gone = 0;
  while (gone < partial_.size() && partial_[gone].newest <= sequence) ++gone;
  partial_.eraseFront(gone);
}

bool FrameAssembly::makeRoom(std::int64_t sequence) {
  while (slotOf(sequence) != kFree) {
    if (held_.size() == kMostSlots) return false;
    std::vector<std::int64_t> larger(2 * held_.size(), kFree);
    held_.swap(larger);
    for (const std::int64_t other : larger)
      if (other != kFree) slotOf(other) = other;
  }
  return true;
}

void FrameAssembly::release(std::int64_t from, std::int64_t to) {
  for (std::int64_t sequence = from; sequence <= to; ++sequence)
    if (slotOf(sequence) <= to) slotOf(sequence) = kFree;
}

void FrameAssembly::forget() {
  std::fill(held_.begin(), held_.end(), kFree);
  partial_.clear();
  cleared_ = -1;
  oldest_ = -1;
}

}  // namespace callflow::video_receiver
