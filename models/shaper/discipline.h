// Queue disciplines: which of the waiting packets goes next, and which are dropped. They say what;
// when, the shaper knows.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "models/fabric/packet.h"
#include "models/shaper/parameters.h"
#include "src/units/units.h"

namespace callflow::shaper {

// How much a queue may hold.
struct QueueBound {
  std::int64_t bytes = 0;
  std::int64_t packets = 0;
};
QueueBound boundOf(const Shaping& shaping);

// A packet that waits.
struct Waiting {
  fabric::PacketId id = fabric::kNoPacket;
  DataSize size;
  TimePoint arrived;
  std::uint32_t flow = 0;  // hash of its addresses, ports and protocol
};

Waiting waitingOf(fabric::PacketId id, const fabric::Packet& packet, TimePoint now);

enum class DropReason : std::uint8_t {
  queueFull,  // no room
  early,      // by active queue management, to keep the wait short
  exceeded,   // over the rate of what polices and does not queue
};

struct Dropped {
  Waiting packet;
  DropReason reason = DropReason::queueFull;
};
using Drops = std::vector<Dropped>;

class Queue {
 public:
  virtual ~Queue() = default;
  // Takes a packet; adds what is dropped for it to `drops`, perhaps the packet itself. `ahead` has
  // left the queue to be looked at, and still counts as held; null if none has.
  virtual void put(const Waiting& packet, const Waiting* ahead, TimePoint now, Drops& drops) = 0;
  // The packet that goes next leaves the queue, if any is left; adds what is dropped instead.
  virtual std::optional<Waiting> take(TimePoint now, Drops& drops) = 0;
  virtual bool empty() const = 0;
  // For what comes from now on; what is in it stays.
  void setBound(const QueueBound& bound) { bound_ = bound; }

 protected:
  explicit Queue(const QueueBound& bound) : bound_(bound) {}
  const QueueBound& bound() const { return bound_; }

 private:
  QueueBound bound_;
};

// `name` tells its random draws from those of other queues.
std::unique_ptr<Queue> makeQueue(const Shaping& shaping, const std::string& name);

}  // namespace callflow::shaper
