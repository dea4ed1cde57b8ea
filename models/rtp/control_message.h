// What the two ends of a session tell each other of its media in RTCP.
#pragma once

#include <cstdint>
#include <vector>

#include "models/rtp/transport_feedback.h"
#include "src/units/units.h"

namespace callflow::rtp {

struct ControlMessage {
  enum class Kind : std::uint8_t {
    feedback,     // transport-wide
    nack,         // RFC 4585 6.2.1
    pictureLoss,  // RFC 4585 6.3.1
    report,       // RFC 3550 6.4
  };
  Kind kind = Kind::report;
  std::uint8_t stream = 0;              // of nack and pictureLoss: which of the session's
  TransportFeedback feedback;           // of feedback
  std::vector<std::int64_t> sequences;  // of nack
  // Of a report: of all packets of the transport since the last one,
  std::int64_t lost = 0, expected = 0;
  TimePoint sent;
  bool echoes = false;   // it answers a report,
  TimePoint lastReport;  // sent at this time (LSR),
  Duration since;        // and held for so long (DLSR)
};

}  // namespace callflow::rtp
