// Pings in a capture: ICMP's echo requests and replies (RFC 792; RFC 4443 for IPv6).
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "src/measurement/ip_packet.h"
#include "src/measurement/measurement.h"

namespace callflow::measurement {

// Pairs requests with replies.
class Echoes {
 public:
  void take(const IpPacket& packet, Duration at);
  bool empty() const { return probes_.empty(); }
  // Each request is a packet, and the first reply of its numbers its answer. Requests without one
  // in the last second before `end` are left out: it may have come later.
  Result<Probes> probes(Duration end) const;

 private:
  void request(std::pair<std::uint32_t, std::uint32_t> numbers, Duration at);
  void reply(std::pair<std::uint32_t, std::uint32_t> numbers, Duration at);

  std::optional<std::pair<std::string, std::string>> ends_;
  bool others_ = false;  // somebody else pings, or somebody else is pinged
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::size_t> open_;  // the last of each number
  std::vector<Probe> probes_;
};

}  // namespace callflow::measurement
