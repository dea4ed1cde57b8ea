#include "models/gcc/packet_groups.h"

#include <algorithm>

namespace callflow::gcc {

namespace {

// delay_based_bwe.cc and inter_arrival_delta.{h,cc}.
constexpr Duration kGroupLength = Duration::ms(5);
constexpr Duration kBurstGap = Duration::ms(5);
constexpr Duration kLongestBurst = Duration::ms(100);
constexpr Duration kClockJump = Duration::s(3);
constexpr int kMostBackwards = 3;

}  // namespace

std::optional<GroupDelta> PacketGroups::add(TimePoint sent, TimePoint received, TimePoint told) {
  if (!current_) {
    current_ = Group{sent, sent, received, received, told};
    return {};
  }
  if (sent < current_->firstSent) return {};  // overtaken

  if (isBurst(sent, received) || sent - current_->firstSent <= kGroupLength) {
    current_->lastSent = std::max(current_->lastSent, sent);
    current_->lastReceived = received;
    current_->told = told;
    return {};
  }

  std::optional<GroupDelta> delta;
  if (before_) {
    delta = GroupDelta{.sent = current_->lastSent - before_->lastSent,
                       .received = current_->lastReceived - before_->lastReceived};
    // The receiver's clock cannot have moved so much more than the sender's.
    if (delta->received - (current_->told - before_->told) >= kClockJump) {
      reset();
      return {};
    }
    if (delta->received < Duration{}) {
      if (++backwards_ >= kMostBackwards) reset();
      return {};
    }
    backwards_ = 0;
  }
  before_ = current_;
  current_ = Group{sent, sent, received, received, told};
  return delta;
}

// Packets that queued behind something and were let go together say nothing of the path's rate.
bool PacketGroups::isBurst(TimePoint sent, TimePoint received) const {
  const Duration apart = sent - current_->lastSent;
  if (apart == Duration{}) return true;
  const Duration gap = received - current_->lastReceived;
  return gap < apart && gap <= kBurstGap && received - current_->firstReceived < kLongestBurst;
}

void PacketGroups::reset() {
  current_.reset();
  before_.reset();
  backwards_ = 0;
}

}  // namespace callflow::gcc
