// One camera and its encoders: what a sender of video makes of the rate that it is given, frame by
// frame (libwebrtc: video_stream_encoder.cc).
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "models/video/adaptation.h"
#include "models/video/bitrate_adjuster.h"
#include "models/video/encoder.h"
#include "models/video/frame_thinner.h"
#include "models/video/packetizer.h"
#include "models/video/parameters.h"
#include "models/video/quality_scaler.h"
#include "models/video/simulcast.h"
#include "src/units/units.h"

namespace callflow::video {

// libwebrtc: encoder_stream_factory.cc. The most that one stream of this size gets.
DataRate defaultMaxRate(Resolution size);

class VideoSender {
 public:
  // `draws`: which of the random streams is used. A picture that is too large for `start`, at which
  // libwebrtc's calls begin, is sent smaller from the beginning.
  VideoSender(const Video& video, std::uint64_t draws, DataRate start = DataRate::kbps(300));

  // What may be sent of codec's bytes from now on, all streams together (payload_rate.h). Zero
  // pauses. `dropped`: the share of frames that are left out as too much is in flight, and of the
  // rate with them.
  void setTarget(DataRate target, TimePoint now, double dropped = 0);
  // Of its sizes nobody needs more than so many, the smallest first; none: it pauses.
  void limitSizes(int sizes, TimePoint now);
  // Of one stream, as a receiver of it asks by PLI or FIR.
  void requestKeyFrame(int stream, TimePoint now);

  // A picture is captured: its frames, one a stream at most, smallest size first; none if it is
  // dropped.
  std::vector<EncodedFrame> capture(TimePoint now);
  // From one picture to the next.
  Duration interval();

  std::vector<VideoPacket> packets(const EncodedFrame& frame) const;
  Packetization packetization() const;

  // What its streams need at least, can use at most, and up to where padding is of use.
  DataRate leastRate() const;
  DataRate mostRate() const;
  DataRate paddingRate() const;

  int temporalLayers() const { return temporalLayers_; }
  int streams() const { return static_cast<int>(encoders_.size()); }
  // What one of them is sent in, and what its encoder is told. Zero: it is off.
  Resolution sizeOf(int stream) const { return encoders_.at(at(stream)).resolution(); }
  DataRate rateOf(int stream) const { return encoders_.at(at(stream)).rate(); }
  // The picture is smaller or comes less often than it is captured.
  bool reduced() const { return adaptation_.restricted(); }

 private:
  static std::size_t at(int stream) { return static_cast<std::size_t>(stream); }
  int frameRate() const;
  // Tells the encoders what they get of the target.
  void apply(TimePoint now);
  bool leftOut(TimePoint now);
  void judge(TimePoint now);

  Video video_;
  int temporalLayers_;
  std::vector<StreamLimits> limits_;
  std::size_t sizes_;             // that are sent, of these
  SimulcastAllocator allocator_;  // of these
  std::vector<Encoder> encoders_;
  BitrateAdjuster adjuster_;
  Adaptation adaptation_;
  std::optional<QualityScaler> scaler_;  // of one stream, from its first picture on
  FrameThinner thinner_;
  DataRate target_;
  int everyDropped_ = 0;  // one picture of so many is left out; 0: none
  int kept_ = 0;          // since the last that was
  TimePoint applied_;
};

}  // namespace callflow::video
