// Files of packets in the format of libpcap, with times in nanoseconds
// (draft-ietf-opsawg-pcap).
#pragma once

#include <cstdint>
#include <iosfwd>

#include "models/wire/bytes.h"
#include "src/units/units.h"

namespace callflow::capture {

// Writes IP packets (LINKTYPE_RAW) whole. The simulation begins at the beginning of 1970. The same
// bytes on every computer.
class PcapWriter {
 public:
  // Not owned. Whether it could be written to, the caller sees by it.
  explicit PcapWriter(std::ostream& out);
  void write(const wire::Bytes& packet, TimePoint when);
  std::int64_t packets() const { return packets_; }

 private:
  void number(std::uint32_t value);

  std::ostream& out_;
  std::int64_t packets_ = 0;
};

}  // namespace callflow::capture
