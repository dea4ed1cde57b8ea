// What one sender of audio puts into its packets, frame by frame.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "models/fabric/random.h"
#include "models/media/audio_source.h"
#include "src/units/units.h"

namespace callflow::media {

struct AudioPacket {
  DataSize size;                 // SRTP
  bool carriesPrevious = false;  // by in-band FEC or RED
  bool comfortNoise = false;     // nothing but noise follows until the next packet
  bool marker = false;           // of RTP: the first packet after a pause (RFC 3551 4.1)
};

// Sizes at a variable rate are drawn for each frame from the random stream "opus-sizes": with equal
// chance from 65 to 135 % of the mean, as wide as Opus spreads on speech. Of libopus 1.3.1 on
// synthetic speech at 32 kbit/s (bench/opus_sizes.cc) the middle 90 % are 35 to 102 bytes, standard
// deviation 20, the low end being the gaps between words; here 55 to 105 and 16. Real frames are
// like their neighbours (correlation 0.7), drawn ones are not. While nobody speaks a frame has two
// fifths of the mean, as libopus gives gaps between words (29 % at 12 kbit/s, 45 % at 32, 49 % at
// 48); noise makes more.
//
// DTX follows RFC 6716 2.1.9: one frame in 400 ms. libopus first goes on for 200 ms
// (NB_SPEECH_FRAMES_BEFORE_DTX), then a packet with no more than the first byte of a frame tells
// the decoder of the pause, and again every 400 ms. (libopus 1.3.1 itself comes to 420 ms, with a
// whole frame before each.)
class AudioSender {
 public:
  // `draws`: which of the random streams is used. What only Opus has is ignored with other codecs.
  // Throws std::invalid_argument if there are no recorded sizes for the source.
  AudioSender(const AudioSource& source, const SendMode& mode, std::uint64_t draws);

  // The next frame is captured; `speech`: somebody speaks in it. Its packet, if one leaves. With
  // `fec` it carries the frame before it in itself, if that was sent too.
  std::optional<AudioPacket> next(bool speech, bool fec);

 private:
  DataSize payload(bool speech);

  AudioSource source_;
  SendMode mode_;
  fabric::RandomStream random_;
  std::span<const std::uint16_t> recorded_;
  std::size_t nextRecorded_ = 0;
  double smallest_ = 0, spread_ = 0;  // bytes
  std::int64_t hangover_, refresh_;   // frames
  std::int64_t silent_ = 0;           // frames without speech until now
  bool pausing_ = true;               // no frame but noise was sent just before this
  DataSize previous_;                 // payload of the frame before, if sent
};

}  // namespace callflow::media
