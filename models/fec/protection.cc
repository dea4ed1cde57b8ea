#include "models/fec/protection.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

namespace callflow::fec {
namespace {

// libwebrtc, modules/video_coding/media_opt_util.{h,cc}.
constexpr int kWhole = 255;
constexpr int kHalf = 128;
constexpr int kLeastShare = 51;       // a fifth, which is about a frame's first partition
constexpr double kMaxPayload = 1460;  // bytes
constexpr double kReferencePixels = 704 * 576;
constexpr double kSizeExponent = 0.3;
constexpr int kKeyFrameBoost = 2;
constexpr Duration kNackSuffices = Duration::ms(20);
constexpr Duration kNackTooSlow = Duration::ms(200);
constexpr int kMostFrames = 6;

// Shares by the kbit of a frame and the loss in 255ths, as of all packets: samples of libwebrtc's
// fec_rate_table.h, which has a row for each 5 kbit and a column for each 255th. What is between
// them is taken from the line, which is off by 1.4 in the mean and 23 at most, at its steps.
constexpr std::array<int, 13> kLosses = {0, 3, 5, 8, 13, 20, 26, 38, 51, 64, 77, 102, 128};
constexpr std::array<int, 13> kFrames = {5, 10, 15, 20, 30, 40, 50, 65, 80, 105, 130, 180, 250};
constexpr std::array<std::array<int, 13>, 13> kShares = {{
    {0, 0, 0, 0, 0, 0, 0, 11, 39, 39, 39, 51, 51},
    {0, 0, 0, 0, 0, 8, 8, 30, 56, 65, 65, 87, 78},
    {0, 0, 0, 0, 0, 23, 23, 44, 68, 85, 85, 105, 88},
    {0, 0, 0, 0, 5, 41, 41, 55, 80, 97, 102, 116, 100},
    {0, 0, 0, 14, 27, 69, 69, 69, 106, 125, 127, 127, 127},
    {0, 0, 12, 43, 47, 70, 82, 94, 117, 127, 127, 127, 127},
    {0, 5, 36, 55, 55, 78, 94, 116, 127, 127, 127, 127, 127},
    {0, 40, 45, 45, 49, 90, 95, 127, 127, 127, 127, 127, 127},
    {0, 38, 38, 42, 72, 80, 114, 127, 127, 127, 127, 127, 127},
    {0, 29, 29, 59, 89, 116, 127, 127, 127, 127, 127, 127, 127},
    {0, 24, 47, 58, 97, 108, 124, 127, 127, 127, 127, 127, 127},
    {0, 36, 55, 73, 97, 110, 127, 127, 127, 127, 127, 127, 127},
    {0, 40, 54, 76, 85, 112, 121, 127, 127, 127, 127, 127, 127},
}};

struct Place {
  std::size_t below = 0;
  std::size_t above = 0;
  double share = 0;  // of the way
};

Place placeOf(const std::array<int, 13>& values, int value) {
  const auto above = std::upper_bound(values.begin(), values.end(), value);
  if (above == values.begin()) return {};
  const auto below = above - 1;
  const auto index = static_cast<std::size_t>(below - values.begin());
  if (above == values.end()) return {index, index, 0};
  return {index, index + 1, static_cast<double>(value - *below) / (*above - *below)};
}

Share tableShare(int kbitPerFrame, int loss) {
  // In steps of 5 kbit, as the table is looked up.
  const Place row = placeOf(kFrames, kbitPerFrame / 5 * 5);
  const Place column = placeOf(kLosses, loss);
  const auto across = [&column](std::size_t index) {
    const auto& shares = kShares[index];
    return shares[column.below] + column.share * (shares[column.above] - shares[column.below]);
  };
  const double share = across(row.below) + row.share * (across(row.above) - across(row.below));
  return static_cast<Share>(std::lround(share));
}

// Of the lowest temporal layer, by libwebrtc's shares of rate (simulcast_rate_allocator.cc).
int kbitPerFrame(const ProtectedStream& stream) {
  constexpr std::array<double, 4> kBaseShares = {1, 0.6, 0.4, 0.25};
  const auto layers = static_cast<std::size_t>(std::clamp(stream.temporalLayers, 1, 4));
  const double kbps = static_cast<double>(stream.rate.count()) / 1e3 * kBaseShares[layers - 1];
  const double frames =
      std::max(std::ldexp(stream.framesPerSecond, 1 - static_cast<int>(layers)), 1.0);
  return static_cast<int>(kbps / frames);
}

bool isTooLittle(const ProtectedStream& stream, int kbit) {
  const int pixels = stream.width * stream.height;
  const int least = pixels <= 352 * 288 ? 400 : pixels > 640 * 480 ? 1000 : 700;
  return 1000 * kbit / 8 < least && stream.temporalLayers < 3 && stream.roundTrip < kNackTooSlow;
}

int framesPerBlock(const ProtectedStream& stream) {
  // The lowest of three layers has its frames far apart.
  if (stream.temporalLayers > 2) return 1;
  const double frames = std::ldexp(stream.framesPerSecond, 1 - stream.temporalLayers);
  return std::clamp(static_cast<int>(2 * frames * stream.roundTrip.seconds() + 0.5), 1,
                    kMostFrames);
}

// From a share of all packets to one of media packets.
Share ofMedia(Share share) {
  return std::min(kWhole,
                  static_cast<int>(0.5 + static_cast<double>(kWhole) * share / (kWhole - share)));
}

}  // namespace

Protection protectionFor(const ProtectedStream& stream, Ratio loss) {
  Protection protection;
  protection.frames = framesPerBlock(stream);
  int lost = static_cast<int>(loss.value() * kWhole);
  const int kbit = kbitPerFrame(stream);
  if (lost == 0 || isTooLittle(stream, kbit)) return protection;
  lost = std::min(lost, kHalf);

  // A small picture needs less.
  const double pixels = std::max(static_cast<double>(stream.width) * stream.height, 1.0);
  const int effective = static_cast<int>(std::pow(kReferencePixels / pixels, kSizeExponent) * kbit);
  Share delta = tableShare(effective, lost);
  const int packets = static_cast<int>(1.5 + kbit * 1000 / (8 * kMaxPayload));
  if (packets > 1) delta = std::max(delta, kLeastShare);
  delta = std::min(delta, kHalf);

  const int perFrame = static_cast<int>(0.5 + stream.packetsPerFrame);
  const int perKeyFrame = static_cast<int>(0.5 + stream.packetsPerKeyFrame);
  const int boost = std::max(kKeyFrameBoost, perFrame > 0 ? perKeyFrame / perFrame : 1);
  const Share key = std::max({lost, 2 * delta, tableShare(boost * effective + 5, lost)});

  protection.keyFrames = ofMedia(std::min(key, kHalf));
  // With a short round trip what is lost is sent again as fast as parity would bring it back.
  if (stream.roundTrip >= kNackSuffices) protection.deltaFrames = ofMedia(delta);
  return protection;
}

}  // namespace callflow::fec
