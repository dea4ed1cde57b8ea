// Packets in the order in which they leave: by priority, and of one priority each stream in turn.
// Once it has been as full as it gets it takes no memory anew.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "models/pacing/outgoing.h"

namespace callflow::pacing {

class PacketQueue {
 public:
  void push(const Outgoing& packet);
  // Of a queue that is not empty.
  const Outgoing& front() const;
  Outgoing pop();

  bool empty() const { return packets_ == 0; }
  std::int64_t packets() const { return packets_; }
  DataSize size() const { return size_; }
  // How long those that wait have waited, on average; none: zero.
  Duration averageWait(TimePoint now) const;

 private:
  static constexpr std::size_t kLevels = 3;  // padding does not wait
  static constexpr int kNone = -1;

  struct Place {
    Outgoing packet;
    int next = kNone;
  };
  // Of one stream and one priority.
  struct Line {
    int first = kNone;
    int last = kNone;
    int nextStream = kNone;  // whose turn it is afterwards
  };
  struct Level {
    int firstStream = kNone;
    int lastStream = kNone;
  };

  std::size_t topLevel() const;
  Line& line(int stream, std::size_t level);
  const Line& line(int stream, std::size_t level) const;
  void enter(int stream, std::size_t level);

  std::vector<Place> places_;
  int free_ = kNone;  // the first of the places that hold nothing
  std::vector<std::array<Line, kLevels>> streams_;
  std::array<Level, kLevels> levels_;
  std::int64_t packets_ = 0;
  DataSize size_;
  std::int64_t queuedSum_ = 0;  // of the instants at which they came, in ns
};

}  // namespace callflow::pacing
