// What a receiver knows of the packets of a stream: libwebrtc's StreamStatistician, RFC 3550 6.4.1.
#pragma once

#include <cstdint>

#include "models/video_receiver/packet.h"
#include "src/units/units.h"

namespace callflow::video_receiver {

class Reception {
 public:
  void onPacket(const Packet& packet, TimePoint now);
  // Without media, in the stream's own sequence.
  void onPadding(std::int64_t sequence) { count(sequence); }

  std::int64_t received() const { return received_ + retransmitted_; }
  std::int64_t retransmitted() const { return retransmitted_; }
  DataSize size() const { return size_; }
  // What never came as it was sent first; what was sent again comes in a stream of its own. Less
  // than none if packets came twice.
  std::int64_t lost() const { return expected() - received_; }
  Duration jitter() const { return Duration::fromSeconds(jitterNs_ * 1e-9); }

  struct Report {
    std::int64_t expected = 0;
    std::int64_t lost = 0;
  };
  // Since the last report.
  Report takeReport();

 private:
  std::int64_t expected() const { return newest_ - first_ + 1; }
  // True if it is the newest.
  bool count(std::int64_t sequence);

  std::int64_t received_ = 0;
  std::int64_t retransmitted_ = 0;
  DataSize size_;
  std::int64_t first_ = 0;
  std::int64_t newest_ = -1;
  std::int64_t reportedExpected_ = 0;
  std::int64_t reportedLost_ = 0;
  bool anyInOrder_ = false;
  TimePoint captured_;  // of the newest
  TimePoint arrived_;
  double jitterNs_ = 0;
};

}  // namespace callflow::video_receiver
