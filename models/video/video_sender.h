// One camera and its encoders: what a sender of video makes of the rate that it is given, frame by
// frame.
#pragma once

#include <cstdint>
#include <vector>

#include "models/video/encoder.h"
#include "models/video/packetizer.h"
#include "models/video/parameters.h"
#include "src/units/units.h"

namespace callflow::video {

// libwebrtc: encoder_stream_factory.cc. The most that one stream of this size gets.
DataRate defaultMaxRate(Resolution size);

class VideoSender {
 public:
  // `draws`: which of the random streams is used.
  VideoSender(const Video& video, std::uint64_t draws);

  // What may be sent of codec's bytes from now on, all streams together. Zero pauses.
  void setTarget(DataRate target, TimePoint now);
  // Of one stream, as a receiver of it asks by PLI or FIR.
  void requestKeyFrame(int stream, TimePoint now);

  // A picture is captured: its frames, one a stream at most, smallest size first; none if it is
  // dropped.
  std::vector<EncodedFrame> capture(TimePoint now);
  // From one picture to the next.
  Duration interval();

  std::vector<VideoPacket> packets(const EncodedFrame& frame) const;

  DataRate leastRate() const;
  DataRate mostRate() const;

 private:
  Video video_;
  Encoder encoder_;
  DataRate target_;
};

}  // namespace callflow::video
