// What a client counts of its video, as W3C webrtc-stats name it.
#pragma once

#include <cstdint>

#include "models/video/parameters.h"
#include "src/units/units.h"

namespace callflow::client {

// RTCOutboundRtpStreamStats: since the stream began, but for the last ones.
struct OutboundVideo {
  DataSize bytes;               // RTP headers and payload
  DataSize retransmittedBytes;  // of these
  DataSize parityBytes;         // and of these
  std::int64_t packets = 0;
  std::int64_t retransmittedPackets = 0;
  std::int64_t lostPackets = 0;  // by the network, of whatever kind
  std::int64_t framesEncoded = 0, keyFramesEncoded = 0;
  std::int64_t quantizers = 0;  // qpSum
  Duration waited;              // in the pacer: totalPacketSendDelay
  // As they are now.
  DataRate target, available;
  video::Resolution resolution;

  // What was counted of several; nothing of what they are now.
  OutboundVideo& operator+=(const OutboundVideo& other);
};

// RTCInboundRtpStreamStats, the same.
struct InboundVideo {
  DataSize bytes;  // RTP headers and payload
  DataSize decodedBytes;
  std::int64_t packets = 0;
  std::int64_t recoveredPackets = 0;  // that parity gave back
  std::int64_t framesDecoded = 0, keyFramesDecoded = 0, framesDropped = 0;
  std::int64_t freezes = 0;
  Duration frozen;           // totalFreezesDuration
  double squaredGaps = 0;    // totalSquaredInterFrameDelay, s^2
  Duration gaps;             // totalInterFrameDelay
  Duration inJitterBuffer;   // jitterBufferDelay, of framesDecoded
  Duration captureToRender;  // of framesRendered
  std::int64_t framesRendered = 0;
  std::int64_t nacks = 0, keyFrameRequests = 0;
  std::int64_t resolutionChanges = 0;
  // As it is now.
  video::Resolution resolution;

  InboundVideo& operator+=(const InboundVideo& other);  // the same
};

// Both ends of a stream at one time.
struct VideoSample {
  TimePoint at;
  // Of how many seconds of streams it is: of one stream those since the beginning; of several
  // together the sum of theirs.
  Duration watched;
  OutboundVideo sent;
  InboundVideo received;
  Duration roundTrips;  // of RTCP, as the sender has them: their sum
  std::int64_t roundTripCount = 0;
};

}  // namespace callflow::client
