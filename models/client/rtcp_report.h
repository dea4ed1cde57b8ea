// The bytes of a compound RTCP packet, a report and who sends it (RFC 3550 6), in SRTCP (RFC 3711
// 3.4).
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "models/wire/bytes.h"
#include "src/units/units.h"

namespace callflow::client {

// What a sender says of what it sends.
struct SenderInfo {
  std::uint32_t timestamp = 0;  // of RTP, now
  std::uint32_t packets = 0, octets = 0;
};

// What a receiver says of a stream that comes to it.
struct StreamReport {
  std::uint32_t ssrc = 0;
  std::int64_t lost = 0, expected = 0;            // since the report before
  std::int64_t lostInAll = 0, expectedInAll = 0;  // sequence numbers begin at 1
};

struct RtcpReport {
  std::uint32_t ssrc = 0;
  std::uint32_t number = 0;  // of SRTCP packets, from 0
  TimePoint sent;
  std::optional<SenderInfo> sender;     // none: a receiver report
  std::optional<TimePoint> lastReport;  // of the other end's, when it was sent,
  Duration since;                       // and for how long it has been here
  std::vector<StreamReport> streams;
};

// Sizes in bytes: sender report 28, receiver report 8, a block 24, SDES with a CNAME of 16
// characters 28, SRTCP index and tag 14. It says that it is not encrypted (E is 0), so that it can
// be read.
void writeReport(const RtcpReport& report, wire::Bytes& bytes);

}  // namespace callflow::client
