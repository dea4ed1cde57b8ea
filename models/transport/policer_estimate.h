// Does a token bucket on the way throw away what exceeds a rate? BBR's long-term bandwidth
// (net/ipv4/tcp_bbr.c: bbr_lt_bw_sampling(); Flach and others: An Internet-Wide Analysis of Traffic
// Policing, SIGCOMM 2016).
#pragma once

#include <cstdint>

#include "models/transport/packet_rate.h"
#include "src/units/units.h"

namespace callflow::transport {

class PolicerEstimate {
 public:
  // Of the connection: packets ever delivered and marked lost, and when the last were delivered.
  struct Totals {
    std::int64_t delivered = 0, lost = 0;
    TimePoint deliveredAt;
  };

  // Two intervals in a row delivered alike and lost a fifth: that rate is all there is.
  bool found() const { return found_; }
  PacketRate rate() const { return rate_; }

  // With each acknowledgement, or time-out, unless found(). `lost`: of it.
  void observe(const Totals& totals, bool roundStarted, std::int32_t lost, bool applicationLimited);
  // A round trip has begun at the rate found. After 48 it is time to forget it: true.
  bool outlived() { return ++rounds_ >= kMostRounds; }
  void reset(const Totals& totals);

 private:
  static constexpr std::int32_t kMostRounds = 48;

  void begin(const Totals& totals);
  void conclude(PacketRate rate, const Totals& totals);

  bool found_ = false;
  bool sampling_ = false;
  PacketRate rate_;  // of the last interval
  Totals start_;
  std::int32_t rounds_ = 0;
};

}  // namespace callflow::transport
