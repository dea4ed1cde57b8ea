// The picture of a call: what is captured, and how it is coded.
#pragma once

#include <cstdint>
#include <string_view>
#include <utility>

#include "models/wire/header_sizes.h"
#include "src/units/units.h"

namespace callflow::video {

enum class Codec : std::uint8_t { vp8, vp9, h264, av1 };

// As users and results write them.
inline constexpr std::pair<Codec, const char*> kCodecNames[] = {
    {Codec::vp8, "vp8"}, {Codec::vp9, "vp9"}, {Codec::h264, "h264"}, {Codec::av1, "av1"}};
constexpr std::string_view name(Codec codec) {
  for (const auto& [value, text] : kCodecNames)
    if (value == codec) return text;
  return {};
}

// What is seen, as far as it decides how many bits a picture takes.
enum class Content : std::uint8_t {
  talkingHead,  // one head before a wall that does not move
  motion,       // all of the picture moves: a game, a camera that is carried
  testPattern,  // moves and has noise in it, so that it takes all the rate there is
  slides,       // stands still until the next slide
};

// What is given up first when the picture is worse than it should be (W3C mst-content-hint 5,
// RTCDegradationPreference).
enum class Degradation : std::uint8_t {
  maintainFramerate,   // size is
  maintainResolution,  // frames are
  balanced,            // both, by size
};

// How the sizes of frames come about.
enum class FrameSizes : std::uint8_t {
  encoder,  // as a real-time encoder's rate control makes them
  rfc8593,  // by the statistical model of RFC 8593 5
};

// What is sent beside a picture, so that some of what is lost comes back.
enum class Fec : std::uint8_t {
  automatic,  // as Chrome has it: ulpfec with VP8 and VP9, else none
  none,
  ulpfec,   // RFC 5109, in the stream itself, whose packets are all wrapped for it (RFC 2198)
  flexfec,  // RFC 8627, in a stream of its own
};

// What that comes to (libwebrtc: rtp_video_sender.cc): a receiver of other codecs could not tell
// parity that is lost from media, and would ask for it again.
constexpr Fec fecOf(Fec wanted, Codec codec) {
  if (wanted != Fec::automatic) return wanted;
  return codec == Codec::vp8 || codec == Codec::vp9 ? Fec::ulpfec : Fec::none;
}

struct Resolution {
  int width = 0, height = 0;

  constexpr bool operator==(const Resolution&) const = default;
  constexpr int pixels() const { return width * height; }
};

inline constexpr int kMostLayers = 3;  // of simulcast

// libwebrtc: simulcast.cc. In how many sizes a picture is sent at most: three from 960x540 on, two
// from 480x270 on, and where it comes near to that: a tenth of the way to the next size below.
constexpr int mostSimulcastLayers(Resolution size) {
  constexpr int k180 = 320 * 180, k270 = 480 * 270, k360 = 640 * 360, k540 = 960 * 540;
  if (size.pixels() > k540 - (k540 - k360) / 10) return kMostLayers;
  return size.pixels() > k270 - (k270 - k180) / 10 ? 2 : 1;
}

// libwebrtc: kDefaultMinVideoBitrateBps. A stream gets no less, or nothing.
inline constexpr DataRate kLeastVideoRate = DataRate::kbps(30);

struct Video {
  Codec codec = Codec::vp8;
  int width = 1280, height = 720;  // as captured
  int frameRate = 30;              // frames a second, as captured
  DataRate maxBitrate;             // none: as libwebrtc limits the size
  Content content = Content::talkingHead;
  Degradation degradation = Degradation::maintainFramerate;
  int simulcastLayers = 1;
  int temporalLayers = 0;  // none: as libwebrtc has them
  FrameSizes frameSizes = FrameSizes::encoder;
  Fec fec = Fec::automatic;
  DataSize rtpExtensions = DataSize::bytes(20);

  constexpr Resolution captured() const { return {width, height}; }
};

// What is shared of a screen.
struct Share {
  Codec codec = Codec::vp8;
  int width = 1920, height = 1080;
  int frameRate = 30;                 // at most; there is a frame only where something changes
  DataRate maxBitrate;                // none: as libwebrtc limits the size
  Content content = Content::slides;  // or motion
  Duration slide = Duration::s(20);   // of slides: how long one stands, in the mean
  Fec fec = Fec::automatic;
  DataSize rtpExtensions = DataSize::bytes(24);  // content type as well

  constexpr Resolution captured() const { return {width, height}; }
};

}  // namespace callflow::video
