#include "models/media/opus_sizes.h"

#include <iterator>

#include "models/media/parameters.h"

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
constexpr std::uint16_t at24WithFec[] = {
#include "models/media/data/opus-24-fec.csv"
};
constexpr std::uint16_t at32WithFec[] = {
#include "models/media/data/opus-32-fec.csv"
};
constexpr std::uint16_t at48WithFec[] = {
#include "models/media/data/opus-48-fec.csv"
};
constexpr std::uint16_t at64WithFec[] = {
#include "models/media/data/opus-64-fec.csv"
};
constexpr std::uint8_t speech[] = {
#include "models/media/data/speech.csv"
};
static_assert(std::size(speech) == std::size(at32) && std::size(at32WithFec) == std::size(at32));

constexpr std::span<const std::uint16_t> kRecorded[] = {at12, at16, at24, at32, at48, at64};
static_assert(std::size(kRecorded) == kRecordedRates.size());

}  // namespace

std::span<const std::uint16_t> recordedOpusSizes(DataRate bitrate) {
  for (std::size_t i = 0; i < kRecordedRates.size(); ++i)
    if (bitrate == DataRate::kbps(kRecordedRates[i])) return kRecorded[i];
  return {};
}

std::span<const std::uint16_t> recordedOpusSizesWithFec(DataRate bitrate) {
  if (bitrate == DataRate::kbps(24)) return at24WithFec;
  if (bitrate == DataRate::kbps(32)) return at32WithFec;
  if (bitrate == DataRate::kbps(48)) return at48WithFec;
  if (bitrate == DataRate::kbps(64)) return at64WithFec;
  return recordedOpusSizes(bitrate);
}

std::span<const std::uint8_t> recordedSpeech() {
  return speech;
}

}  // namespace callflow::media
