#include "models/signaling/messages.h"

namespace callflow::signaling {

namespace {

// The service's formats are not published, and neither are sizes: all of these are ours. Chromium
// writes 2 to 3 KB of SDP for audio alone, 6 to 7 with video; a bearer token and the other fields
// of a request are another 1.5 KB; a candidate's line is 100 to 150 bytes in JSON.
constexpr DataSize kInvite = DataSize::bytes(5000);
constexpr DataSize kAnswer = DataSize::bytes(4000);
constexpr DataSize kCandidate = DataSize::bytes(500);
constexpr DataSize kTelemetry = DataSize::bytes(3000);

}  // namespace

DataSize sizeOf(Message message) {
  switch (message) {
    case Message::invite:
      return kInvite;
    case Message::answer:
      return kAnswer;
    case Message::candidate:
      return kCandidate;
    case Message::telemetry:
      return kTelemetry;
  }
  return {};
}

}  // namespace callflow::signaling
