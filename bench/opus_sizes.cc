// The sizes of libopus' packets on speech, beside those that callflow draws: the table of
// docs/design/media.md.
#include <algorithm>
#include <cmath>
#include <cstdio>
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

}  // namespace

int main() {
  const std::vector<float> speech = audio::builtInSpeech();
  for (const int rate : {12, 16, 24, 32, 48, 64}) {
    audio::Encoding encoding;
    encoding.bitrate = DataRate::kbps(rate);
    audio::Encoder encoder(encoding);
    const std::size_t frame = audio::frameSamples(encoding);
    std::vector<std::int64_t> coded;
    for (std::size_t at = 0; at + frame <= speech.size(); at += frame) {
      const auto sound = std::span<const float>(speech).subspan(at, frame);
      coded.push_back(static_cast<std::int64_t>(encoder.encode(sound).size()));
    }
    row(encoding.bitrate, "libopus", coded);

    const media::AudioSource source{encoding.bitrate, encoding.frame};
    media::AudioSender sender{source, {.variableRate = true}, 0};
    const std::int64_t around = source.packetSize(DataSize{}).count();
    std::vector<std::int64_t> drawn;
    for (int i = 0; i < 10'000; ++i) {
      drawn.push_back(sender.next(true, false)->size.count() - around);
    }
    row(encoding.bitrate, "drawn", drawn);
  }
}
