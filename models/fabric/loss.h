// Which packets a link loses. Pure processes: parameters, state and a named random stream; no clock
// of their own.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>

#include "models/fabric/packet.h"
#include "models/fabric/parameters.h"
#include "models/fabric/random.h"
#include "src/units/units.h"

namespace callflow::fabric {

// Gilbert's chain: nothing is lost in the good state, everything in the bad one. Stays are
// exponential in time, with means `bad` and `bad (1 - mean) / mean`, and the chain begins in its
// stationary distribution: E. N. Gilbert, "Capacity of a burst-noise channel", Bell System
// Technical Journal 39 (1960); G. Hasslinger and O. Hohlfeld, "The Gilbert-Elliott model for packet
// loss in real time services on the Internet" (2008) for the mean values.
class GilbertElliottInTime {
 public:
  // 0 < mean < 1. Stays of less than 100 us in the mean, of either kind, are raised to that.
  GilbertElliottInTime(Ratio mean, Duration bad, RandomStream random);
  // The state at `at`. Nothing is asked of what is before `now`, which must not go back.
  bool isBad(TimePoint at, TimePoint now);

 private:
  Duration meanBad_;
  Duration meanGood_;
  RandomStream random_;
  // Ends of the stays from the one that holds `now` on. There is more than one where packets were
  // asked about that were to wait long for the wire.
  std::deque<TimePoint> ends_;
  bool bad_ = false;  // in the first of them
};

// The same chain stepping with each packet: bursts are geometric with mean `burst` packets, and the
// share of lost packets is `mean`. Needs burst >= mean / (1 - mean); a shorter one is raised to
// that.
class GilbertElliottInPackets {
 public:
  GilbertElliottInPackets(Ratio mean, PacketCount burst, RandomStream random);
  bool nextIsLost();

 private:
  double goodToBad_;
  double badToGood_;
  RandomStream random_;
  bool bad_ = false;
};

// All that a link direction can lose by chance or by order.
class LossProcess {
 public:
  // `name` is the link's and direction's; it names the random streams, with the names of `flows`
  // (which may be null).
  explicit LossProcess(std::string name, const FlowNames* flows = nullptr)
      : name_(std::move(name)), independent_(name_ + " loss", flows) {}

  // Takes effect with the next packet. Equal parameters change nothing; others restart a
  // Gilbert-Elliott chain, while counts for `drop` and the draws of independent losses go on.
  void configure(const LossParameters& parameters);

  // Whether this packet, on the wire at `at`, is lost. To be asked for each packet once, when it
  // is accepted.
  bool isLost(const Packet& packet, TimePoint at, TimePoint now);

 private:
  std::string name_;
  LossParameters parameters_;
  FlowDraws independent_;
  std::optional<GilbertElliottInTime> inTime_;
  std::optional<GilbertElliottInPackets> inPackets_;
  std::uint32_t generation_ = 0;
  std::int64_t newMedia_ = 0;  // packets seen
};

}  // namespace callflow::fabric
