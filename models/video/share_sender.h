// A screen that is shared: nothing while nothing changes, and a burst with each new slide.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "models/fabric/random.h"
#include "models/video/encoder.h"
#include "models/video/packetizer.h"
#include "models/video/parameters.h"
#include "models/video/rate_buffer.h"
#include "models/video/video_sender.h"
#include "src/units/units.h"

namespace callflow::video {

// Used as VideoSender is: whoever asks it for a picture asks for the next after interval().
//
// Slides are sent as libwebrtc does with a source that has no rate of its own
// (frame_cadence_adapter.cc): a picture when the screen changes, the same again at the highest rate
// until it looks as well as it can, then once a second. How large its frames are is ours: the first
// of a slide 0.3 to 0.6 bit a pixel, even at the coarsest quantizer, then five to ten of a quarter
// of it. Draws from the random stream "screen-slides".
//
// What moves is a camera's picture that keeps its size.
class ShareSender {
 public:
  ShareSender(const Share& share, std::uint64_t draws);

  // As VideoSender's.
  void setTarget(DataRate target, TimePoint now);
  void requestKeyFrame(TimePoint now);
  std::vector<EncodedFrame> capture(TimePoint now);
  Duration interval();
  std::vector<VideoPacket> packets(const EncodedFrame& frame) const;
  Packetization packetization() const;
  DataRate leastRate() const;
  DataRate mostRate() const;

 private:
  void change(TimePoint now);
  bool refined() const { return refinements_ == 0 && !fresh_; }
  double frameBits(bool key);
  int qp() const;

  Share share_;
  std::optional<VideoSender> moving_;  // instead of all below
  fabric::RandomStream random_;
  RateBuffer buffer_;
  QpScale scale_;
  DataRate target_;
  double firstBits_ = 0;      // of the slide's first frame
  bool fresh_ = false;        // none of it was sent yet
  int refinements_ = 0;       // frames that are still to come until it looks well
  int refinementsDrawn_ = 1;  // of this slide
  std::optional<TimePoint> nextSlide_, seen_;
  bool keyWanted_ = true;
  std::optional<TimePoint> keyRequested_;
};

// libwebrtc: encoder_stream_factory.cc. As a camera's, but 1.2 Mbit/s at least.
DataRate defaultShareRate(Resolution size);

}  // namespace callflow::video
