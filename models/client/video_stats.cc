#include "models/client/video_stats.h"

namespace callflow::client {

OutboundVideo& OutboundVideo::operator+=(const OutboundVideo& other) {
  bytes += other.bytes;
  retransmittedBytes += other.retransmittedBytes;
  packets += other.packets;
  retransmittedPackets += other.retransmittedPackets;
  lostPackets += other.lostPackets;
  framesEncoded += other.framesEncoded;
  keyFramesEncoded += other.keyFramesEncoded;
  quantizers += other.quantizers;
  waited += other.waited;
  return *this;
}

InboundVideo& InboundVideo::operator+=(const InboundVideo& other) {
  bytes += other.bytes;
  decodedBytes += other.decodedBytes;
  packets += other.packets;
  framesDecoded += other.framesDecoded;
  keyFramesDecoded += other.keyFramesDecoded;
  framesDropped += other.framesDropped;
  freezes += other.freezes;
  frozen += other.frozen;
  squaredGaps += other.squaredGaps;
  gaps += other.gaps;
  inJitterBuffer += other.inJitterBuffer;
  captureToRender += other.captureToRender;
  framesRendered += other.framesRendered;
  nacks += other.nacks;
  keyFrameRequests += other.keyFrameRequests;
  resolutionChanges += other.resolutionChanges;
  return *this;
}

}  // namespace callflow::client
