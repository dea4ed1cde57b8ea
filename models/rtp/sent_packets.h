// What a sender remembers of the packets of a transport, until its receiver has told of them.
#pragma once

#include <cstdint>
#include <deque>

#include "models/congestion/feedback.h"
#include "models/rtp/transport_feedback.h"
#include "src/units/units.h"

namespace callflow::rtp {

class SentPackets {
 public:
  // The number of the next packet.
  std::int64_t next() const { return first_ + static_cast<std::int64_t>(packets_.size()); }
  // It leaves, with the number next().
  const congestion::SentPacket& add(DataSize size, int cluster, bool audio, TimePoint now);
  // It had not left: a full queue before its socket had no place for it. Nothing is told of it.
  void withdraw(std::int64_t sequence);
  // Sent, with a number above all that were told of.
  DataSize inFlight() const { return inFlight_; }

  // What a message tells of packets that nothing was told of before, or only that they had not
  // come. The memory of `result` is used again.
  void apply(const TransportFeedback& message, TimePoint now, congestion::Feedback& result);

 private:
  struct Entry {
    congestion::SentPacket packet;
    bool settled = false;  // it has come, or has never left
  };

  std::deque<Entry> packets_;
  std::int64_t first_ = 0;  // the number of the first of these
  std::int64_t told_ = -1;  // the highest that was told of
  DataSize inFlight_;
};

}  // namespace callflow::rtp
