// What one sender of audio puts into its packets, frame by frame.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "models/fabric/random.h"
#include "models/media/audio_source.h"
#include "src/units/units.h"

namespace callflow::media {

// Where in recordedSpeech() a sender begins, in its steps of 20 ms; `draws` as AudioSender's.
std::int64_t drawnSpeechStart(std::uint64_t draws);

struct AudioPacket {
  DataSize size;                 // SRTP
  bool carriesPrevious = false;  // by in-band FEC or RED
  bool quiet = false;            // it lies between words
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
// In-band FEC covers what libopus takes for speech: not the gaps between words. Where these are is
// recorded of the same speech (recordedSpeech()), and begins at the same drawn place as recorded
// sizes do.
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
  // `fec` it carries the frame before it in itself, if that was sent too and has speech.
  std::optional<AudioPacket> next(bool speech, bool fec);

 private:
  DataSize payload(bool speech, bool fec);
  // Where in the recorded speech a frame begins, by its number from 0, in steps of 20 ms.
  std::size_t place(std::int64_t frame);
  // Whether a frame in which somebody speaks lies between words, so that in-band FEC leaves it out.
  bool betweenWords(std::int64_t frame);

  AudioSource source_;
  SendMode mode_;
  fabric::RandomStream random_;
  std::uint64_t draws_;
  std::span<const std::uint16_t> recorded_, recordedWithFec_;  // both or none
  std::optional<std::int64_t> start_;  // of the first frame in what was recorded, once drawn
  std::int64_t frames_ = 0;            // captured until now
  double smallest_ = 0, spread_ = 0;   // bytes
  std::int64_t hangover_, refresh_;    // frames
  std::int64_t silent_ = 0;            // frames without speech until now
  bool pausing_ = true;                // no frame but noise was sent just before this
  DataSize previous_;                  // payload of the frame before, if sent
  bool previousQuiet_ = true;          // or between words
};

}  // namespace callflow::media
