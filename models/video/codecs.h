// What codecs need to show a picture well, and the scales on which they tell how well they do.
#pragma once

#include "models/video/parameters.h"
#include "src/units/units.h"

namespace callflow::video {

// The rate at which 30 frames a second of this content look good: VMAF 90 of a talking head, 85 of
// motion, at the coded size. Between the sizes of the table it is a power of the number of pixels.
DataRate goodRate(Codec codec, Content content, Resolution size);

// The rate that an encoder does not pass, however much it is given: the picture is as good as it
// gets. Of 30 frames a second.
DataRate saturation(Codec codec, Content content, Resolution size);

// A codec's quantizer as its encoder reports it.
struct QpScale {
  int low, high;    // libwebrtc's quality scaler: below low more is tried, above high less
  int best, worst;  // what the encoder uses at all
  double middle;    // at six tenths of the good rate
  double perNeper;  // so much less per factor e of bits
};

QpScale qpScale(Codec codec);

}  // namespace callflow::video
