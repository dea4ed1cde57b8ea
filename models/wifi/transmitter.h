// What one sender has to send of one access category: frames for each receiver, those that were
// not acknowledged first.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "models/fabric/random.h"
#include "models/shaper/discipline.h"
#include "models/wifi/contention.h"

namespace callflow::wifi {

// How long a packet may wait: dot11EDCATableMSDULifetime, 500 units of 1.024 ms unless set.
inline constexpr Duration kLifetime = Duration::us(500 * 1024);
inline bool isTooOld(const shaper::Waiting& packet, TimePoint now) {
  return now - packet.arrived > kLifetime;
}

struct Frame {
  shaper::Waiting packet;  // without an id: it only takes air
  int attempts = 0;
  bool received = false;  // and waits for those before it
};

// How packets become frames.
struct Framing {
  Phy phy;
  DataSize header;           // around each packet
  bool aggregates = false;   // many packets in a frame
  shaper::Shaping queueing;  // how packets wait
};

// What goes to one receiver.
struct Lane {
  DataRate rate;
  std::string name;                 // of its queue's random draws
  std::optional<DataSize> endless;  // always such packets
  std::unique_ptr<shaper::Queue> queue = nullptr;
  std::deque<Frame> window = {};  // have left the queue, in their order

  bool empty() const { return !endless && window.empty() && (!queue || queue->empty()); }
};

class Transmitter {
 public:
  // `name` tells its random draws from those of others.
  Transmitter(const Access& how, std::string name)
      : access(how), name_(std::move(name)), window_(how.cwMin) {
    claim.aifsn = how.aifsn;
  }
  Transmitter(Transmitter&&) = default;
  Transmitter(const Transmitter&) = delete;

  Access access;
  std::size_t owner = 0;  // who sends: categories of one sender do not collide on the air
  AccessCategory category = AccessCategory::bestEffort;
  bool down = false;  // from the access point
  Contention::Claim claim;
  TimePoint ready;          // since when it has something to send
  std::vector<Lane> lanes;  // by receiver

  bool empty() const { return turns_.empty(); }
  void put(std::size_t lane, const shaper::Waiting& packet, const Framing& framing, TimePoint now,
           shaper::Drops& drops);
  // Of a lane that is never empty.
  void open(std::size_t lane) { turns_.push_back(lane); }

  // The frame to send now, of at least one packet unless there is none or none that the limit has
  // room for.
  struct Composed {
    std::vector<std::size_t> frames;  // places in the window of the lane whose turn it is
    Duration air;
    Duration answer;  // of the acknowledgement
  };
  // `limit` is of air and answer; `must`: one packet goes even beyond it.
  void compose(const Framing& framing, Duration limit, bool must, TimePoint now,
               shaper::Drops& drops, Composed& composed);
  Lane& current() { return lanes[turns_.front()]; }
  std::size_t currentReceiver() const { return turns_.front(); }

  // Takes from the window what need not wait any more: received, given up after so many attempts,
  // or too old. The next lane has its turn, but after a frame that was not answered.
  void settle(bool answered, int attempts, TimePoint now, std::vector<Frame>& settled);

  fabric::RandomStream& draws();
  // A new backoff.
  void drawBackoff(const Contention& contention);
  void succeeded() { window_ = access.cwMin; }
  void failed() { window_ = std::min(2 * window_ + 1, access.cwMax); }

 private:
  std::string name_;
  int window_;
  std::deque<std::size_t> turns_;  // lanes that are not empty
  std::optional<fabric::RandomStream> draws_;
};

}  // namespace callflow::wifi
