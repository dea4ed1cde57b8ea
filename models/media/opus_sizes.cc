#include "models/media/opus_sizes.h"

#include <iterator>

#include "models/media/parameters.h"

namespace callflow::media {
namespace {

constexpr std::uint16_t kAt12[] = {
#include "models/media/data/opus-12.csv"
};
constexpr std::uint16_t kAt16[] = {
#include "models/media/data/opus-16.csv"
};
constexpr std::uint16_t kAt24[] = {
#include "models/media/data/opus-24.csv"
};
constexpr std::uint16_t kAt32[] = {
#include "models/media/data/opus-32.csv"
};
constexpr std::uint16_t kAt48[] = {
#include "models/media/data/opus-48.csv"
};
constexpr std::uint16_t kAt64[] = {
#include "models/media/data/opus-64.csv"
};
constexpr std::uint16_t kAt24WithFec[] = {
#include "models/media/data/opus-24-fec.csv"
};
constexpr std::uint16_t kAt32WithFec[] = {
#include "models/media/data/opus-32-fec.csv"
};
constexpr std::uint16_t kAt48WithFec[] = {
#include "models/media/data/opus-48-fec.csv"
};
constexpr std::uint16_t kAt64WithFec[] = {
#include "models/media/data/opus-64-fec.csv"
};
constexpr std::uint8_t kSpeech[] = {
#include "models/media/data/speech.csv"
};
static_assert(std::size(kSpeech) == std::size(kAt32) &&
              std::size(kAt32WithFec) == std::size(kAt32));

constexpr std::span<const std::uint16_t> kRecorded[] = {kAt12, kAt16, kAt24, kAt32, kAt48, kAt64};
static_assert(std::size(kRecorded) == kRecordedRates.size());

}  // namespace

std::span<const std::uint16_t> recordedOpusSizes(DataRate bitrate) {
  for (std::size_t i = 0; i < kRecordedRates.size(); ++i)
    if (bitrate == DataRate::kbps(kRecordedRates[i])) return kRecorded[i];
  return {};
}

std::span<const std::uint16_t> recordedOpusSizesWithFec(DataRate bitrate) {
  if (bitrate == DataRate::kbps(24)) return kAt24WithFec;
  if (bitrate == DataRate::kbps(32)) return kAt32WithFec;
  if (bitrate == DataRate::kbps(48)) return kAt48WithFec;
  if (bitrate == DataRate::kbps(64)) return kAt64WithFec;
  return recordedOpusSizes(bitrate);
}

std::span<const std::uint8_t> recordedSpeech() {
  return kSpeech;
}

}  // namespace callflow::media
