// Round trips of TCP in a capture: from data to the first ACK of it (RFC 9293; as RFC 6298 measures
// them, by Karn's algorithm not of what was sent twice).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "src/measurement/ip_packet.h"
#include "src/measurement/measurement.h"

namespace callflow::measurement {

class TcpRounds {
 public:
  void take(const IpPacket& packet, Duration at);
  // Whether anything that was sent was acknowledged.
  bool empty() const;
  // Each segment with data is a packet, of the way whose round trips are longer: of the other one,
  // the capture was taken near the end that answers. A segment that is sent again was lost.
  Result<Probes> probes(Duration end) const;

 private:
  using Ends = std::pair<std::string, std::string>;  // from, to
  using Flow = std::tuple<Ends, std::uint32_t, std::uint32_t>;

  struct Open {
    std::int64_t end = 0;
    std::size_t probe = 0;
    bool again = false;  // an ACK does not say of which of the two it is
  };
  // What one end of a connection sends. Sequence numbers go on beyond their 32 bits.
  struct Way {
    std::optional<std::int64_t> highest;     // end of all that was sent
    std::int64_t acknowledged = 0;           // up to where
    std::multimap<std::int64_t, Open> open;  // by where they begin, without an ACK
    std::vector<Probe> probes;
    std::vector<bool> lost;  // of each probe
    bool measured = false;   // there is a round trip
  };

  static void send(Way& way, std::uint32_t sequence, std::size_t length, Duration at);
  static void acknowledge(Way& way, std::uint32_t number, Duration at);
  Ends busiest() const;

  std::map<Flow, Way> ways_;
};

}  // namespace callflow::measurement
