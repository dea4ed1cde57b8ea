// The benchmark's network and load, simulated by three programs: callflow's fabric, ns-3's own
// Internet stack, and bare ns-3 events.
//
// A chain of links of 10 Gbit/s and 5 ms. Each call sends 50 packets a second of 200 B (IP) both
// ways between its ends; the senders' phases are spread evenly over the period, so that no queue
// builds up and every packet must arrive.
#pragma once

#include <cstdint>

#include "src/units/units.h"

namespace callflow::bench {

struct ChainCase {
  std::int64_t calls = 100;
  std::int64_t hops = 7;
  std::int64_t packets = 1000;  // by each sender
  // The fabric only: each end of a call has a first and last link of its own, instead of sharing
  // the chain's.
  bool ownAccess = false;

  std::int64_t senders() const { return 2 * calls; }
  std::int64_t sent() const { return senders() * packets; }
  std::int64_t packetHops() const { return sent() * hops; }
  // When sender i (the call's number, plus `calls` for the way back) sends its first packet.
  TimePoint firstPacket(std::int64_t i) const {
    return TimePoint::at(Duration::ns(kPeriod.count() * i / senders()));
  }

  static constexpr Duration kPeriod = Duration::ms(20);
  static constexpr Duration kDelay = Duration::ms(5);
  static constexpr DataRate kRate = DataRate::mbps(10'000);
  static constexpr DataSize kPayload = DataSize::bytes(172);  // RTP: 12 B header, 160 B of sound
  static constexpr DataSize kHeaders = DataSize::bytes(28);   // UDP and IPv4
};

struct ChainResult {
  std::int64_t received = 0;
  double setupSeconds = 0;  // CPU time, user and system
  double runSeconds = 0;
  std::int64_t rssBytes = 0;  // the process's largest resident set
};

// ns-3 is one simulation a process: each of these may run once in a process.
ChainResult runFabric(const ChainCase& chain);
enum class QueueDisc : std::uint8_t { installed_by_helpers, none };
ChainResult runStock(const ChainCase& chain, QueueDisc queueDisc);
ChainResult runEvents(const ChainCase& chain);

// CPU time of this process so far, in seconds, and its largest resident set.
double cpuSeconds();
std::int64_t peakRssBytes();

}  // namespace callflow::bench
