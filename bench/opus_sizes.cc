// The sizes of libopus' packets on speech, beside those that callflow draws: the table of
// docs/design/media.md. With a bit rate in kbit/s: every size that libopus gives; with a loss in
// percent as well: every size where it was told of that loss and asked for in-band FEC. With the
// word "speech": of every frame, whether the next packet carries it once more.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <span>
#include <string>
#include <string_view>
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

audio::Encoding coding(DataRate bitrate, int lossPercent) {
  audio::Encoding encoding;
  encoding.bitrate = bitrate;
  encoding.fec = lossPercent > 0;
  encoding.expectedLoss = Ratio::percent(lossPercent);
  return encoding;
}

std::vector<audio::OpusPacket> coded(const std::vector<float>& speech,
                                     const audio::Encoding& encoding) {
  audio::Encoder encoder(encoding);
  const std::size_t frame = audio::frameSamples(encoding);
  std::vector<audio::OpusPacket> packets;
  for (std::size_t at = 0; at + frame <= speech.size(); at += frame) {
    packets.push_back(encoder.encode(std::span<const float>(speech).subspan(at, frame)));
  }
  return packets;
}

std::vector<std::int64_t> codedSizes(const std::vector<float>& speech, DataRate bitrate,
                                     int lossPercent = 0) {
  std::vector<std::int64_t> sizes;
  for (const audio::OpusPacket& packet : coded(speech, coding(bitrate, lossPercent))) {
    sizes.push_back(static_cast<std::int64_t>(packet.size()));
  }
  return sizes;
}

// As models/media/data has them.
void table(const std::vector<float>& speech, int rate, int lossPercent) {
  std::printf(
      "// bench/opus_sizes %d%s: bytes of each frame of 20 ms of src/audio/speech.txt, spoken by "
      "espeak-ng,\n// coded by libopus at %d kbit/s, variable rate%s.\n",
      rate, lossPercent > 0 ? (" " + std::to_string(lossPercent)).c_str() : "", rate,
      lossPercent > 0 ? ", with in-band FEC" : "");
  for (const std::int64_t size : codedSizes(speech, DataRate::kbps(rate), lossPercent)) {
    std::printf("%ld,\n", static_cast<long>(size));
  }
}

// Of each frame: whether the next packet carries it once more.
void speechTable(const std::vector<float>& speech) {
  std::printf(
      "// bench/opus_sizes speech: of each frame of 20 ms of src/audio/speech.txt, spoken by "
      "espeak-ng,\n// whether libopus' in-band FEC covers it (32 kbit/s, told of 5 %% of loss).\n");
  const std::vector<audio::OpusPacket> packets = coded(speech, coding(DataRate::kbps(32), 5));
  for (std::size_t i = 0; i < packets.size(); ++i) {
    std::printf("%d,\n", audio::carriesPrevious(packets[(i + 1) % packets.size()]) ? 1 : 0);
  }
}

}  // namespace

int main(int count, char** arguments) {
  const std::vector<float> speech = audio::builtInSpeech();
  if (count > 1 && std::string_view(arguments[1]) == "speech") {
    speechTable(speech);
    return 0;
  }
  if (count > 1) {
    table(speech, std::atoi(arguments[1]), count > 2 ? std::atoi(arguments[2]) : 0);
    return 0;
  }
  for (const int rate : {12, 16, 24, 32, 48, 64}) {
    const DataRate bitrate = DataRate::kbps(rate);
    row(bitrate, "libopus", codedSizes(speech, bitrate));
    row(bitrate, "libopus, told of 10 %", codedSizes(speech, bitrate, 10));

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
