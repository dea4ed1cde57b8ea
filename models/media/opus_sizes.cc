#include "models/media/opus_sizes.h"

namespace callflow::media {
namespace {

constexpr std::uint16_t at12[] = {
#include "models/media/data/opus-12.csv"
};
constexpr std::uint16_t at16[] = {
#include "models/media/data/opus-16.csv"
};
constexpr std::uint16_t at24[] = {
#include "models/media/data/opus-24.csv"
};
constexpr std::uint16_t at32[] = {
#include "models/media/data/opus-32.csv"
};
constexpr std::uint16_t at48[] = {
#include "models/media/data/opus-48.csv"
};
constexpr std::uint16_t at64[] = {
#include "models/media/data/opus-64.csv"
};

}  // namespace

std::span<const std::uint16_t> recordedOpusSizes(DataRate bitrate) {
  if (bitrate == DataRate::kbps(12)) return at12;
  if (bitrate == DataRate::kbps(16)) return at16;
  if (bitrate == DataRate::kbps(24)) return at24;
  if (bitrate == DataRate::kbps(32)) return at32;
  if (bitrate == DataRate::kbps(48)) return at48;
  if (bitrate == DataRate::kbps(64)) return at64;
  return {};
}

}  // namespace callflow::media
