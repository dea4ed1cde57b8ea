#include "models/rtp/history.h"

#include <algorithm>

namespace callflow::rtp {

namespace {

// libwebrtc: modules/rtp_rtcp/source/rtp_packet_history.h. A packet is kept for 1 s or three round
// trips, and up to three times that; 9600 of them at most.
constexpr Duration kKept = Duration::s(1);
constexpr std::int64_t kRoundTripsKept = 3, kCullAfter = 3;
constexpr std::size_t kMost = 9600;
// rtp_rtcp_impl2.cc: what was sent again so much less than a round trip ago is on its way.
constexpr Duration kBeyondRoundTrip = Duration::ms(5);
// rtp_packet_history.cc: another packet takes the place of the large one if it is hardly smaller,
// or if that was sent so many packets ago.
constexpr DataSize kHysteresis = DataSize::bytes(100);
constexpr std::int64_t kOldestLarge = 1 << 13;
// RFC 4588: the original sequence number.
constexpr DataSize kOriginalSequence = DataSize::bytes(2);

}  // namespace

void History::add(const Packet& packet, TimePoint now) {
  cull(now);
  if (packets_.empty()) first_ = packet.video.sequence;
  packets_.push_back({packet, now, 0});
  if (packet.kind == PacketKind::fec) return;
  if (!large_ || packet.size + kHysteresis > large_->size ||
      packet.video.sequence > large_->video.sequence + kOldestLarge)
    large_ = packet;
}

void History::cull(TimePoint now) {
  const Duration kept = std::max(kKept, roundTrip_ * kRoundTripsKept) * kCullAfter;
  while (!packets_.empty() && (packets_.size() >= kMost || packets_.front().sent + kept < now)) {
    packets_.pop_front();
    ++first_;
  }
}

Packet History::retransmission(const Packet& packet) {
  Packet copy = packet;
  copy.kind = PacketKind::retransmission;
  copy.size += kOriginalSequence;
  copy.video.retransmitted = true;
  return copy;
}

const Packet* History::find(std::int64_t sequence) const {
  if (sequence < first_ || sequence >= first_ + static_cast<std::int64_t>(packets_.size()))
    return nullptr;
  const Packet& packet = packets_[static_cast<std::size_t>(sequence - first_)].packet;
  return packet.kind == PacketKind::fec ? nullptr : &packet;
}

std::optional<Packet> History::again(std::int64_t sequence, TimePoint now) {
  if (find(sequence) == nullptr) return {};
  Entry& entry = packets_[static_cast<std::size_t>(sequence - first_)];
  if (entry.copies > 0 && now < entry.sent + roundTrip_ + kBeyondRoundTrip) return {};
  entry.sent = now;
  ++entry.copies;
  return retransmission(entry.packet);
}

std::optional<Packet> History::forPadding(DataSize most) const {
  if (!large_ || large_->size > most) return {};
  return retransmission(*large_);
}

}  // namespace callflow::rtp
