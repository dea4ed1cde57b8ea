// Packets of a video stream that may be asked for again (RFC 4585, RFC 4588): libwebrtc's
// RtpPacketHistory.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>

#include "models/rtp/packet.h"
#include "src/units/units.h"

namespace callflow::rtp {

class History {
 public:
  // It leaves for the first time; sequence numbers rise by one. Parity is not sent again.
  void add(const Packet& packet, TimePoint now);
  void onRoundTrip(Duration roundTrip) { roundTrip_ = roundTrip; }
  // The packet to be sent again; none if it is no longer there, or was sent again just now.
  std::optional<Packet> again(std::int64_t sequence, TimePoint now);
  // As it was sent first; null if it is no longer there, or was not media.
  const Packet* find(std::int64_t sequence) const;
  // A recent large one, to be sent again to fill up the rate; none if it is above `most`.
  std::optional<Packet> forPadding(DataSize most) const;

 private:
  struct Entry {
    Packet packet;
    TimePoint sent;  // last
    int copies = 0;  // beyond the first
  };
  static Packet retransmission(const Packet& packet);
  void cull(TimePoint now);

  std::deque<Entry> packets_;
  std::int64_t first_ = 0;  // sequence number of the first of these
  Duration roundTrip_;      // zero: not known
  std::optional<Packet> large_;
};

}  // namespace callflow::rtp
