// What a direction of a link is given by: rate, delay, jitter, loss and queue.
#pragma once

#include <compare>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "src/diag/diag.h"
#include "src/units/units.h"

namespace callflow::fabric {

enum class JitterDistribution : std::uint8_t { exponential, uniform, halfNormal };

// Packets that overtake those before: of a delay of `by`, `share` of the packets are spared. Or,
// without numbers, whoever happens to be faster overtakes.
struct Reordering {
  bool allowed = false;  // false: a packet never overtakes the one before it, unless share says so
  Ratio share{};
  Duration by{};

  bool any() const { return allowed || share > Ratio{}; }
  bool operator==(const Reordering&) const = default;
};

struct JitterParameters {
  Duration mean;  // of the extra delay; 0: none
  JitterDistribution distribution = JitterDistribution::exponential;
  Reordering reorder;

  bool operator==(const JitterParameters&) const = default;
};

// Mean length of a burst in packets, at least 1.
struct PacketCount {
  std::int64_t count = 1;
  constexpr auto operator<=>(const PacketCount&) const = default;
};
// Mean length of a burst: in time or in packets.
using BurstLength = std::variant<Duration, PacketCount>;

struct LossParameters {
  Ratio mean;                        // share of the packets (or of the time) that is lost, 0 to 1
  std::optional<BurstLength> burst;  // absent: independent losses; present: Gilbert-Elliott
  std::vector<std::int64_t>
      drop;  // the n-th (from 1) new media packets to cross are lost, once each

  bool none() const { return mean <= Ratio{} && drop.empty(); }
  bool operator==(const LossParameters&) const = default;
};

// The most that a link may hold: so many bytes, or what it drains in so much time at its rate.
// Counted are the packets accepted and not yet wholly on the wire, the rest of the one being sent
// and the new one included; a link that is idle takes any packet. So a limit in time bounds waiting
// plus serialization.
using QueueLimit = std::variant<DataSize, Duration>;

// Of a line of which nothing is known, the larger of the two: about a round trip within a
// continent, the rule of thumb of RFC 3439 section 3.1, and the ten full packets that TCP sends at
// once when it begins (RFC 6928).
inline constexpr Duration kUsualQueueTime = Duration::ms(50);
inline constexpr std::int64_t kUsualQueuePackets = 10;
inline constexpr DataSize kFullPacket = DataSize::bytes(1500);  // without a link layer's overhead
inline constexpr DataSize kUsualQueueSize =
    DataSize::bytes(kUsualQueuePackets * kFullPacket.count());

// What a link layer adds to a packet; the words are cake's (overhead.h).
//
// How frames are cut on the line. ATM: cells of 53 bytes with 48 of the frame, the last one filled
// up. PTM (VDSL2, IEEE 802.3 61.3): one byte more for each 64, as cake counts it: "or part
// thereof".
enum class Cells : std::uint8_t { none, atm, ptm };

struct Overhead {
  DataSize header;  // added to each packet
  DataSize mpu;     // a packet with its header is never smaller on the line
  Cells cells = Cells::none;

  bool operator==(const Overhead&) const = default;
};

// What a link makes of the marks of packets (RFC 2474): wiped, they ask for nothing any more.
enum class DscpPolicy : std::uint8_t { keep, wipe };

struct Trace;  // trace.h

// A recording that a link direction follows: as it is written, and what it says.
struct TraceFile {
  std::string path;
  std::shared_ptr<const Trace> trace = {};
  SourcePos pos = {};

  // Whether they say the same, from wherever.
  bool operator==(const TraceFile& other) const;
};

struct LinkParameters {
  DataRate rate = DataRate::unlimited();  // zero: the link is down
  bool down = false;                      // whatever its rate
  Duration delay;                         // propagation
  JitterParameters jitter;
  LossParameters loss;
  Overhead overhead;  // counted in serialization and in what the queue holds
  std::optional<QueueLimit> queue = Duration::max();  // max: no limit; nullopt: the usual

  DataSize mtu = DataSize::bytes(65'535);  // largest IP packet that crosses it in one piece
  DscpPolicy dscp = DscpPolicy::keep;
  // Whether senders learn that a packet was too large (RFC 1191); if not, it is a black hole.
  bool pathMtuDiscovery = true;

  std::optional<TraceFile> trace = {};  // what changes rate, delay and loss as time goes by

  bool operator==(const LinkParameters&) const = default;
};

}  // namespace callflow::fabric
