// What the E-model must know about a codec: its own impairment and how it bears loss.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "models/quality/e_model.h"

namespace callflow::quality {

// `opus` is super-wideband Opus with variable bit rate, what a WebRTC call uses. Narrower Opus and
// constant bit rate were measured separately, each on its own scale.
enum class Codec {
  opus,
  opusCbr,
  opusWideband,
  opusWidebandCbr,
  opusNarrowband,
  opusNarrowbandCbr,
  evs,      // super-wideband, 9.6 to 48 kbit/s
  g711,     // without concealment of lost packets
  g711Plc,  // with the concealment of G.711 appendix I
  g729a,    // with voice activity detection
  g7231,    // 6.3 kbit/s, with voice activity detection
  gsmEfr,
  g722,
  g7221,
  amrWb,        // heard with one ear
  amrWbDiotic,  // heard with both
  g726,
  g728,
  g729aPlain,  // without voice activity detection
  g7231Low,    // 5.3 kbit/s
  gsmFr,
  is641,
  ilbc,
};

// Parameters at one bit rate.
struct CodecPoint {
  DataRate bitrate;
  double ie = 0;
  double bplRandom = 0;
  double bplBursty = 0;     // zero: not known, bplRandom serves with the measured burst ratio
  bool bplAssumed = false;  // none is published; bplRandom is G.107's default
};

struct CodecTraits {
  Codec codec;
  std::string_view name;  // "opus", "g711-plc": what users write
  Scale scale;
  Duration lookahead;                  // the encoder's algorithmic delay beyond the frame
  std::span<const CodecPoint> points;  // ascending bit rate
  std::string_view source;
};

const CodecTraits& traits(Codec codec);

// How libopus would code speech at `bitrate` in frames of this length: narrowband below 9 kbit/s,
// wideband below 13.5, else the full band. Each frame beyond 50 a second costs 60 bit, so that
// frames of 10 ms need 3 kbit/s more for the same, and constant bit rate a twelfth more
// (src/opus_encoder.c: mono_voice_bandwidth_thresholds, compute_equiv_rate()).
Codec opusAt(DataRate bitrate, Duration frame, bool constantBitRate);

std::span<const CodecTraits> allCodecs();
std::optional<Codec> codecNamed(std::string_view name);

// The parameters at `bitrate`: linear between the published bit rates, those of the nearest end
// outside. `outside` tells the second case; a codec with a single bit rate is never outside.
struct CodecParameters {
  double ie = 0;
  double bplRandom = 0;
  double bplBursty = 0;
  bool outside = false;
  bool bplAssumed = false;
};
CodecParameters parameters(Codec codec, DataRate bitrate);

}  // namespace callflow::quality
