// How many bits a picture takes, and how good it looks with so many: the curve on which an encoder
// moves.
#pragma once

#include "models/video/codecs.h"
#include "models/video/parameters.h"
#include "src/units/units.h"

namespace callflow::video {

class Picture {
 public:
  Picture(Codec codec, Content content, Resolution captured);

  // `gap`: since the frame before, from which the picture is predicted. Bits of a frame:
  double bitsAt(double qp, Resolution size, Duration gap) const;
  double saturatedBits(Resolution size, Duration gap) const;
  // What it comes to with so many bits, on the codec's scale.
  int qpOf(double bits, Resolution size, Duration gap) const;

  // The same of a frame that is predicted from none. `use`: the share of the saturating rate that
  // the stream has.
  double keyBits(Resolution size, double use) const;
  double leastKeyBits(Resolution size) const;
  // The quantizer of a frame that would have had `qp`, but was made so many times smaller.
  int worseQp(int qp, double times, Resolution size) const;

  // What the stream takes at most at so many frames a second.
  DataRate saturatedRate(Resolution size, double framesPerSecond) const;
  const QpScale& scale() const { return scale_; }

 private:
  // In bit/s, of the tables in codecs.h.
  struct Rates {
    Resolution size;
    double good = 0, saturated = 0;
  };
  const Rates& ratesAt(Resolution size) const;
  // At QpScale::middle.
  double middleBits(Resolution size, Duration gap) const;
  // What a picture takes that comes later than a thirtieth of a second, in frames of that distance.
  double gapFactor(Duration gap) const;
  // A picture at captured size has noise that scaling smoothes.
  bool grainy(Resolution size) const;
  double perNeper(Resolution size) const;
  int qpAt(double bits, double middle, Resolution size) const;

  Codec codec_;
  Content content_;
  Resolution captured_;
  QpScale scale_;
  mutable Rates latest_;  // a stream keeps its size for many frames
};

}  // namespace callflow::video
