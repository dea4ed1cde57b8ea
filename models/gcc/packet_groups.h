// Puts packets that left together into groups, and says how much further apart two groups arrived
// than they had left (draft-ietf-rmcat-gcc-02 5.1, 5.2; libwebrtc's inter_arrival_delta.cc). A
// frame is sent in one go and is spread by the path in any case: only what happens between groups
// speaks of a queue.
#pragma once

#include <optional>

#include "src/units/units.h"

namespace callflow::gcc {

// From the last packet of a group to that of the next.
struct GroupDelta {
  Duration sent;
  Duration received;
};

class PacketGroups {
 public:
  // Packets in the order of their arrival. `received` is the receiver's time, `told` the sender's
  // when it heard of it. Gives something when a packet is the first of a new group, and two groups
  // before it are complete.
  std::optional<GroupDelta> add(TimePoint sent, TimePoint received, TimePoint told);

 private:
  struct Group {
    TimePoint firstSent, lastSent;
    TimePoint firstReceived, lastReceived;
    TimePoint told;
  };

  bool isBurst(TimePoint sent, TimePoint received) const;
  void reset();

  std::optional<Group> current_, before_;
  int backwards_ = 0;  // groups in a row that seem to have come before the one before them
};

}  // namespace callflow::gcc
