// The opinion model for videotelephony of ITU-T G.1070 (06/2018) as pure functions of what was
// decoded and when: how video looks, how speech sounds beside it, and both together.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "src/units/units.h"

namespace callflow::quality {

// A codec, a size and a display that coefficients were fitted for. Scores of two of them must not
// be compared: each test had its own best and worst.
enum class VideoFit {
  mpeg4Qvga,    // 4.2 inch
  mpeg4Qqvga,   // 2.1 inch
  mpeg2Vga,     // 9.2 inch
  mpeg4Vga,     // 9.2 inch
  h264Vga,      // 9.2 inch
  h264VgaHand,  // baseline profile, 6 inch: a telephone
  h264VgaWall,  // baseline profile, 65 inch
  count_
};
inline constexpr std::size_t kVideoFitCount = static_cast<std::size_t>(VideoFit::count_);

// v1 to v12 of the Recommendation; its bit rates are in kbit/s, losses in percent.
struct VideoCoefficients {
  VideoFit fit;
  std::string_view name;  // "h264-vga-6in"
  std::string_view source;
  double v1, v2, v3, v4, v5, v6, v7, v8, v9, v10, v11, v12;
  std::int64_t pixels;  // of the size that was shown
};
const VideoCoefficients& coefficients(VideoFit fit);
std::span<const VideoCoefficients> allVideoFits();

struct G1070Video {
  VideoFit fit = VideoFit::h264VgaHand;
  DataRate bitrate;             // of what was decoded
  double framesPerSecond = 30;  // shown
  Ratio loss;                   // of packets that nothing repaired or concealed
  std::int64_t pixels = 640 * 480;
};

// What the parts of Vq come to. The Recommendation's names stand behind.
struct G1070VideoResult {
  double bestFrameRate;  // Ofr: that looks best at this bit rate, 1 to 30
  double bestCoding;     // IOfr: quality above 1 at that frame rate
  double frameRateBand;  // DFr: how far from it quality holds, in logarithms of frames per second
  double coding;         // Icoding: quality above 1 without loss
  double lossBand;       // DPpl: loss in percent that leaves 1/e of it
  double vq;             // Vq, 1 to 5
  bool scaled;           // more pixels than the fit's: with the bit rate taken down
  bool beyondLoss;       // past 3 % of loss
};

// Nothing decoded or shown is 1.
//   Sizes above the fit's: the bit rate counts as if each halving of the picture's area took it
//   down by 2^0.75, as encoders need fewer bits a pixel for larger pictures. Ours; the
//   Recommendation ends at VGA.
//   DFr is held above zero, which the fit of MPEG-4 at VGA passes at 2.74 Mbit/s.
//   Losses are flagged past the 3 % that the newer fits (tables B.4 and B.6) were made with.
// Knows nothing of jitter, freezes, changes of size or repair: it must be given the frame rate that
// was shown and the loss that was left, and freezes be said beside it (freeze_score.h).
G1070VideoResult g1070Video(const G1070Video& input);

// Sq: speech beside the video, with talker echo, but without what delay takes from a conversation,
// which is in the multimedia part.
struct G1070Speech {
  double ie = 0, bpl = 4.3;
  Ratio loss;
  Duration oneWayDelay;
  double telr = 65;  // talker echo loudness rating, dB
};
double g1070Speech(const G1070Speech& input);

enum class MultimediaFit { display4Inch, display2Inch, count_ };  // 4.2 and 2.1 inch
inline constexpr std::size_t kMultimediaFitCount = static_cast<std::size_t>(MultimediaFit::count_);

struct G1070Multimedia {
  MultimediaFit fit = MultimediaFit::display4Inch;
  double sq = 1, vq = 1;
  Duration speechDelay, videoDelay;  // one way
};
struct G1070MultimediaResult {
  double both;    // MMsv: of sound and picture, 1 to 5
  double timing;  // MMt: of their delays and the difference of these, from 1 up
  double mmq;     // MMq, 1 to 5
};

// A whole second of delay costs a third of a point: no verdict on the delay of a conversation, for
// which there is delayImpairment() of e_model.h. For the difference of sound and picture.
G1070MultimediaResult g1070Multimedia(const G1070Multimedia& input);

}  // namespace callflow::quality
