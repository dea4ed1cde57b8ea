// The sizes of libopus' packets on speech, beside those that callflow draws: the table of
// docs/design/media.md. With a bit rate in kbit/s: every size that libopus gives.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <span>
#include <vector>

#include "models/media/audio_sender.h"
#include "src/audio/files.h"
#include "src/audio/opus_codec.h"

namespace {

using namespace callflow;

void row(DataRate bitrate, const char* who, std::vector<std::int64_t> sizes) {
  std::sort(sizes.begin(), sizes.end());
  double sum = 0;
  double squares = 0;
  for (const std::int64_t size : sizes) {
    sum += static_cast<double>(size);
    squares += static_cast<double>(size * size);
  }
  const auto count = static_cast<double>(sizes.size());
  const double mean = sum / count;
  const auto at = [&](double share) {
    return sizes[static_cast<std::size_t>(share * (count - 1))];
  };
  std::printf("| %ld | %s | %.1f B | %.0f %% | %ld | %ld | %ld | %ld |\n",
              static_cast<long>(bitrate.count() / 1000), who, mean,
              100 * std::sqrt(squares / count - mean * mean) / mean, static_cast<long>(at(0.05)),
              static_cast<long>(at(0.5)), static_cast<long>(at(0.95)), static_cast<long>(at(1)));
}

std::vector<std::int64_t> codedSizes(const std::vector<float>& speech, DataRate bitrate) {
  audio::Encoding encoding;
  encoding.bitrate = bitrate;
  audio::Encoder encoder(encoding);
  const std::size_t frame = audio::frameSamples(encoding);
  std::vector<std::int64_t> sizes;
  for (std::size_t at = 0; at + frame <= speech.size(); at += frame) {
    const auto sound = std::span<const float>(speech).subspan(at, frame);
    sizes.push_back(static_cast<std::int64_t>(encoder.encode(sound).size()));
  }
  return sizes;
}

// As models/media/data has them.
void table(const std::vector<float>& speech, int rate) {
  std::printf(
      "// bench/opus_sizes %d: bytes of each frame of 20 ms of src/audio/speech.txt, spoken by "
      "espeak-ng,\n// coded by libopus at %d kbit/s, variable rate.\n",
      rate, rate);
  for (const std::int64_t size : codedSizes(speech, DataRate::kbps(rate))) {
    std::printf("%ld,\n", static_cast<long>(size));
  }
}

}  // namespace

int main(int count, char** arguments) {
  const std::vector<float> speech = audio::builtInSpeech();
  if (count > 1) {
    table(speech, std::atoi(arguments[1]));
    return 0;
  }
  for (const int rate : {12, 16, 24, 32, 48, 64}) {
    const DataRate bitrate = DataRate::kbps(rate);
    row(bitrate, "libopus", codedSizes(speech, bitrate));

    const media::AudioSource source{bitrate, Duration::ms(20)};
    media::AudioSender sender{source, {.rateControl = media::RateControl::vbr}, 0};
    const std::int64_t around = source.packetSize(DataSize{}).count();
    std::vector<std::int64_t> drawn;
    for (int i = 0; i < 10'000; ++i) {
      drawn.push_back(sender.next(true, false)->size.count() - around);
    }
    row(bitrate, "drawn", drawn);
  }
}
