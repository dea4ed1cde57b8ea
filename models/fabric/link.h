// One direction of a link: what happens to a packet that is put on it, and when it comes out.
// Policy only: nothing is scheduled here.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "models/fabric/jitter.h"
#include "models/fabric/loss.h"
#include "models/fabric/packet.h"
#include "models/fabric/parameters.h"
#include "src/units/units.h"

namespace callflow::fabric {

struct LinkCounters {
  std::int64_t sent = 0;        // packets that were put on the wire, lost ones included
  std::int64_t lost = 0;        // of these, lost on the way
  std::int64_t queueDrops = 0;  // refused because the queue was full
  std::int64_t downDrops = 0;   // refused because the rate was zero, or given up after that
  DataSize bytes;               // sent
  Duration busy;                // time spent serializing
};

enum class LinkVerdict : std::uint8_t { delivered, lost, queueFull, down };

// What a link does with one packet. Unless it was refused,
// arrival = offered + queueing + serialization + propagation + jitter.
struct Transmission {
  LinkVerdict verdict = LinkVerdict::delivered;
  Duration queueing;
  Duration serialization;
  Duration propagation;
  Duration jitter;  // the random part, and what holds a packet back so that it does not overtake
  TimePoint arrival;
};

// What a change of parameters made of a packet that was not wholly on the wire: differences to what
// was said of it before, and its new arrival. Without an arrival it waits for the link to come up.
struct Retiming {
  PacketId id = kNoPacket;
  Duration queueing, serialization, propagation, jitter;
  std::optional<TimePoint> arrival;
};

// In this order: queue limit, serialization, loss (a lost packet has used the wire), propagation
// and jitter. Draws do not depend on what became of earlier packets.
class Link {
 public:
  // `name` names its random streams: unique among the links of a network, direction included.
  // `flows` (which may be null) has the names of what crosses it.
  Link(std::string name, const LinkParameters& parameters, const FlowNames* flows = nullptr);
  Link(Link&&) noexcept;
  Link& operator=(Link&&) noexcept;
  ~Link();

  // To be called before the first offer if parameters are going to change. Only such a link
  // remembers what waits, as that costs time and memory.
  void expectChanges();
  // From now on, for all that is not wholly on the wire yet: it is sent at the new rate, or waits
  // until there is one, and takes the new delay; what loss and jitter made of it stays. A queue
  // that is too long by its new limit keeps what it has. What is on the line arrives as it would
  // have, and what comes behind it does not overtake it, unless it may. Gives the packets whose
  // arrival changed, in the order of their departures.
  std::vector<Retiming> change(const LinkParameters& parameters, TimePoint now);
  // A packet that change() timed anew was dropped instead.
  void abandon();
  const LinkParameters& parameters() const;
  const std::string& name() const;
  LinkCounters counters() const;
  // Packets may overtake each other: arrivals are not in the order of offers.
  bool reorders() const { return reorders_; }

  // Offers must come in the order of time. `id` is what change() calls the packet.
  Transmission offer(const Packet& packet, TimePoint now, PacketId id = kNoPacket) {
    Transmission result;
    if (rate_ != DataRate::unlimited().count()) {
      if (rate_ == 0) {
        refuse(LinkVerdict::down, result);
        return result;
      }
      if (packet.size != lastSize_) measure(packet.size);
      const bool idle = transmitterFree_ <= now;
      const Duration wait = idle ? Duration{} : transmitterFree_ - now;
      std::int64_t roundedUp = idle ? 0 : roundedUp_;
      Duration time = lastTime_;
      if (roundedUp >= lastRest_) {
        roundedUp -= lastRest_;
      } else {
        time += Duration::ns(1);
        roundedUp += rate_ - lastRest_;
      }
      if (!idle && wait + time > limit_) {
        refuse(LinkVerdict::queueFull, result);
        return result;
      }
      result.queueing = wait;
      result.serialization = time;
      transmitterFree_ = now + wait + time;
      roundedUp_ = roundedUp;
      busy_ += time;
    }
    ++sent_;
    bytes_ += packet.dataSize();
    result.propagation = delay_;
    const TimePoint departure = now + result.queueing + result.serialization;
    result.arrival = departure + delay_;
    if (special_ != 0) {
      special(packet, id, now, result);
    } else {
      keepOrder(result);
    }
    return result;
  }

 private:
  struct Cold;
  static constexpr std::uint8_t kHasLoss = 1;
  static constexpr std::uint8_t kHasJitter = 2;
  static constexpr std::uint8_t kHasBacklog = 4;

  void keepOrder(Transmission& packet) {
    if (packet.arrival >= lastArrival_) {
      lastArrival_ = packet.arrival;
    } else if (!reorders_) {
      packet.jitter += lastArrival_ - packet.arrival;
      packet.arrival = lastArrival_;
    }
  }
  void configure(const LinkParameters& parameters);
  void measure(std::uint16_t size);
  std::int64_t onLine(std::uint16_t size) const;
  void refuse(LinkVerdict why, Transmission& result);
  void special(const Packet& packet, PacketId id, TimePoint now, Transmission& result);

  // What every packet touches; the rest is behind cold_, so that this and what the fabric keeps of
  // a link fit in two cache lines.
  TimePoint transmitterFree_;
  TimePoint lastArrival_;
  Duration delay_;
  Duration limit_;
  std::int64_t rate_ = 0;
  // Departures are exact times rounded up to a nanosecond; by how much is remembered while the link
  // is busy, in units of 1 / rate ns, so that rounding neither adds up nor eats into a queue's
  // limit.
  std::int64_t roundedUp_ = 0;
  Duration lastTime_;          // whole nanoseconds to serialize a packet of last_size_
  std::int64_t lastRest_ = 0;  // and what is left of them, in units of 1 / rate ns
  std::uint16_t lastSize_ = 0;
  std::uint8_t special_ = 0;  // what costs more than arithmetic
  bool reorders_ = false;
  std::int64_t sent_ = 0;
  DataSize bytes_;
  Duration busy_;
  std::unique_ptr<Cold> cold_;
};

}  // namespace callflow::fabric
