// How much parity a sender of video adds: libwebrtc's VCMNackFecMethod (NACK and FEC together).
#pragma once

#include "src/units/units.h"

namespace callflow::fec {

// Parity packets for media packets, in 255ths.
using Share = int;

struct Protection {
  Share deltaFrames = 0;
  Share keyFrames = 0;
  int frames = 1;  // that one block of parity is over, at most
};

struct ProtectedStream {
  DataRate rate;  // media and parity together
  double framesPerSecond = 30;
  int width = 0;
  int height = 0;
  int temporalLayers = 1;  // only the lowest one is protected
  double packetsPerFrame = 1;
  double packetsPerKeyFrame = 1;
  Duration roundTrip;
};

// `loss`: as LossFilter has it.
Protection protectionFor(const ProtectedStream& stream, Ratio loss);

}  // namespace callflow::fec
