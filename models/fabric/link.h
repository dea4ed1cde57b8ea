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
  std::int64_t sent = 0;         // packets that were put on the wire, lost ones included
  std::int64_t lost = 0;         // of these, lost on the way
  std::int64_t queue_drops = 0;  // refused because the queue was full
  std::int64_t down_drops = 0;   // refused because the rate was zero, or given up after that
  DataSize bytes;                // sent
  Duration busy;                 // time spent serializing
};

enum class LinkVerdict : std::uint8_t { delivered, lost, queue_full, down };

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
  PacketId id = noPacket;
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
  void abandon() { ++counters_.down_drops; }
  const LinkParameters& parameters() const;
  const std::string& name() const;
  const LinkCounters& counters() const { return counters_; }
  // Packets may overtake each other: arrivals are not in the order of offers.
  bool reorders() const { return reorders_; }

  // Offers must come in the order of time. `id` is what change() calls the packet.
  Transmission offer(const Packet& packet, TimePoint now, PacketId id = noPacket) {
    Transmission result;
    if (rate_ != DataRate::unlimited().count()) {
      if (rate_ == 0) {
        ++counters_.down_drops;
        result.verdict = LinkVerdict::down;
        return result;
      }
      if (packet.size != last_size_) measure(packet.size);
      const bool idle = transmitter_free_ <= now;
      const Duration wait = idle ? Duration{} : transmitter_free_ - now;
      std::int64_t rounded_up = idle ? 0 : rounded_up_;
      Duration time = last_time_;
      if (rounded_up >= last_rest_) {
        rounded_up -= last_rest_;
      } else {
        time += Duration::ns(1);
        rounded_up += rate_ - last_rest_;
      }
      if (!idle && wait + time > limit_) {
        ++counters_.queue_drops;
        result.verdict = LinkVerdict::queue_full;
        return result;
      }
      result.queueing = wait;
      result.serialization = time;
      transmitter_free_ = now + wait + time;
      rounded_up_ = rounded_up;
      counters_.busy += time;
    }
    ++counters_.sent;
    counters_.bytes += packet.dataSize();
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
  static constexpr std::uint8_t hasLoss = 1;
  static constexpr std::uint8_t hasJitter = 2;
  static constexpr std::uint8_t hasBacklog = 4;

  void keepOrder(Transmission& packet) {
    if (packet.arrival >= last_arrival_) {
      last_arrival_ = packet.arrival;
    } else if (!reorders_) {
      packet.jitter += last_arrival_ - packet.arrival;
      packet.arrival = last_arrival_;
    }
  }
  void configure(const LinkParameters& parameters);
  void measure(std::uint16_t size);
  void special(const Packet& packet, PacketId id, TimePoint now, Transmission& result);

  TimePoint transmitter_free_;
  TimePoint last_arrival_;
  Duration delay_;
  Duration limit_;
  std::int64_t rate_ = 0;
  // Departures are exact times rounded up to a nanosecond; by how much is remembered while the link
  // is busy, in units of 1 / rate ns, so that rounding neither adds up nor eats into a queue's
  // limit.
  std::int64_t rounded_up_ = 0;
  Duration last_time_;          // whole nanoseconds to serialize a packet of last_size_
  std::int64_t last_rest_ = 0;  // and what is left of them, in units of 1 / rate ns
  std::uint16_t last_size_ = 0;
  std::uint8_t special_ = 0;  // what costs more than arithmetic
  bool reorders_ = false;
  LinkCounters counters_;
  std::unique_ptr<Cold> cold_;
};

}  // namespace callflow::fabric
