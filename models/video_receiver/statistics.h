// What getStats() says of a video stream that is received, by W3C's names
// (RTCInboundRtpStreamStats, https://www.w3.org/TR/webrtc-stats/), times as durations.
#pragma once

#include <cstdint>

#include "src/units/units.h"

namespace callflow::video_receiver {

struct Statistics {
  std::int64_t packetsReceived = 0;  // those sent again too
  std::int64_t retransmittedPacketsReceived = 0;
  std::int64_t packetsLost = 0;
  DataSize bytesReceived;  // payload
  Duration jitter;

  std::int64_t framesReceived = 0;  // that could be decoded, as far as those before them were
  std::int64_t framesDecoded = 0;
  std::int64_t framesDropped = 0;
  std::int64_t keyFramesDecoded = 0;
  std::int64_t framesAssembledFromMultiplePackets = 0;
  Duration totalAssemblyTime;
  Duration totalDecodeTime;
  Duration totalProcessingDelay;  // from the first packet to the decoded frame
  int frameWidth = 0;             // of the last frame
  int frameHeight = 0;

  std::int64_t freezeCount = 0;
  Duration totalFreezesDuration;
  std::int64_t pauseCount = 0;
  Duration totalPausesDuration;
  Duration totalInterFrameDelay;
  double totalSquaredInterFrameDelay = 0;  // s squared

  Duration jitterBufferDelay;
  Duration jitterBufferTargetDelay;
  Duration jitterBufferMinimumDelay;
  std::int64_t jitterBufferEmittedCount = 0;

  std::int64_t nackCount = 0;  // messages
  std::int64_t pliCount = 0;
  std::int64_t firCount = 0;  // none: PLI is asked for wherever it is negotiated

  // Beyond W3C's.
  std::int64_t packetsAskedFor = 0;  // in all these messages
  Duration longestFreeze;
  double harmonicFrameRate = 0;
  Duration meanTimeBetweenFreezes;
};

}  // namespace callflow::video_receiver
