// One encoder of one stream: pictures in, frames out, at the rate that it is told.
#pragma once

#include <cstdint>
#include <optional>

#include "models/video/frame_dropper.h"
#include "models/video/frame_noise.h"
#include "models/video/parameters.h"
#include "models/video/picture.h"
#include "models/video/rate_buffer.h"
#include "models/video/statistical_sizes.h"
#include "src/units/units.h"

namespace callflow::video {

struct EncodedFrame {
  TimePoint captured;
  bool key = false;
  DataSize size;  // of the codec's bytes
  Resolution resolution;
  int qp = 0;  // on the codec's scale: QpScale
  int temporalLayer = 0;
  int stream = 0;  // which of simulcast, smallest first
};

struct EncoderSettings {
  Codec codec = Codec::vp8;
  Content content = Content::talkingHead;
  Resolution captured;
  int temporalLayers = 1;
  FrameSizes frameSizes = FrameSizes::encoder;
  int stream = 0;
};

class Encoder {
 public:
  // `draws`: which of the random streams is used.
  Encoder(const EncoderSettings& settings, std::uint64_t draws);

  // Zero: nothing is coded until there is a rate again, and then a key frame first.
  void setRate(DataRate rate, double framesPerSecond, TimePoint now);
  // Of what is coded. Another than before takes a key frame.
  void setResolution(Resolution size);
  // The next frame shall be a key frame. Ignored less than 300 ms after the last that was not.
  void requestKeyFrame(TimePoint now);

  // None: it is dropped.
  std::optional<EncodedFrame> encode(TimePoint captured);
  // When the next picture is captured, from this one on.
  Duration interval();

  Resolution resolution() const { return size_; }
  DataRate rate() const { return rate_; }
  // Pictures that were dropped instead of coded.
  std::int64_t dropped() const { return dropped_; }

 private:
  struct Coded {
    double bits;
    int qp;
  };
  Coded keyFrame();
  // What a frame comes to that is to have so many bits.
  double reached(double target, Duration gap) const;
  Coded deltaFrame(Duration gap, int layer);
  // The share of the saturating rate that there is.
  double use() const;
  // Of the frames of a pattern, which layer the next is in, and how its size relates to the mean.
  int nextLayer();
  double layerShare(int layer) const;
  bool droppedByRateControl(TimePoint captured);

  EncoderSettings settings_;
  Picture picture_;
  RateBuffer buffer_;
  FrameDropper dropper_;
  FrameNoise noise_;
  StatisticalSizes statistical_;
  Resolution size_;
  DataRate rate_;
  double framesPerSecond_ = 30;
  bool keyWanted_ = true;
  std::optional<TimePoint> keyRequested_;
  std::optional<TimePoint> seen_, coded_;  // the last picture, and the last that was coded
  std::int64_t inPattern_ = 0;             // frames since the last key frame
  std::int64_t dropped_ = 0;
};

}  // namespace callflow::video
