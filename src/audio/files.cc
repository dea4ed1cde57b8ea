#include "src/audio/files.h"

#include <opusenc.h>
#include <sndfile.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <memory>
#include <numbers>
#include <stdexcept>
#include <string>

#include "src/audio/render.h"

namespace callflow::audio {
namespace {

constexpr int serialNumber = 1;
constexpr opus_int32 fileBitrate = 96'000;
constexpr double taps = 16;  // zero crossings each side

double windowedSinc(double x) {
  if (std::abs(x) >= taps) return 0;
  if (x == 0) return 1;
  const double angle = std::numbers::pi * x;
  return std::sin(angle) / angle * (0.5 + 0.5 * std::cos(angle / taps));  // Hann
}

std::vector<float> resampled(const std::vector<float>& in, std::int64_t rate) {
  if (rate == sampleRate) return in;
  const double step = static_cast<double>(rate) / static_cast<double>(sampleRate);
  const double band = std::min(1.0, 1 / step);  // no aliases when there are fewer samples
  const auto size = static_cast<std::int64_t>(in.size());
  std::vector<float> out(static_cast<std::size_t>(size * sampleRate / rate));
  for (std::size_t i = 0; i < out.size(); ++i) {
    const double at = static_cast<double>(i) * step;
    const auto from = static_cast<std::int64_t>(std::ceil(at - taps / band));
    const auto to = static_cast<std::int64_t>(std::floor(at + taps / band));
    double sum = 0;
    for (std::int64_t k = std::max<std::int64_t>(from, 0); k <= std::min(to, size - 1); ++k) {
      sum += static_cast<double>(in[static_cast<std::size_t>(k)]) *
             windowedSinc((static_cast<double>(k) - at) * band);
    }
    out[i] = static_cast<float>(std::clamp(sum * band, -1.0, 1.0));
  }
  return out;
}

void check(int result, const std::filesystem::path& file) {
  if (result != OPE_OK) {
    throw std::runtime_error(file.string() + ": cannot be written: " + ope_strerror(result));
  }
}

}  // namespace

std::vector<float> readSpeech(const std::filesystem::path& file) {
  SF_INFO info{};
  const std::unique_ptr<SNDFILE, decltype(&sf_close)> opened(sf_open(file.c_str(), SFM_READ, &info),
                                                             &sf_close);
  if (!opened) throw std::runtime_error(file.string() + ": " + sf_strerror(nullptr));
  const auto channels = static_cast<std::size_t>(info.channels);
  std::vector<float> mono;
  std::vector<float> block(4096 * channels);
  while (true) {
    const sf_count_t frames = sf_readf_float(opened.get(), block.data(), 4096);
    if (frames <= 0) break;
    for (std::size_t i = 0; i < static_cast<std::size_t>(frames); ++i) {
      float sum = 0;
      for (std::size_t c = 0; c < channels; ++c) sum += block[i * channels + c];
      mono.push_back(sum / static_cast<float>(channels));
    }
  }
  if (mono.empty()) throw std::runtime_error(file.string() + ": holds no sound");
  return resampled(mono, info.samplerate);
}

void writeOggOpus(const std::filesystem::path& file, std::span<const float> sound) {
  const std::unique_ptr<OggOpusComments, decltype(&ope_comments_destroy)> comments(
      ope_comments_create(), &ope_comments_destroy);
  int error = OPE_OK;
  const std::unique_ptr<OggOpusEnc, decltype(&ope_encoder_destroy)> encoder(
      ope_encoder_create_file(file.c_str(), comments.get(), static_cast<opus_int32>(sampleRate), 1,
                              0, &error),
      &ope_encoder_destroy);
  check(error, file);
  check(ope_encoder_ctl(encoder.get(), OPE_SET_SERIALNO(serialNumber)), file);
  check(ope_encoder_ctl(encoder.get(), OPUS_SET_BITRATE(fileBitrate)), file);
  check(ope_encoder_write_float(encoder.get(), sound.data(), static_cast<int>(sound.size())), file);
  check(ope_encoder_drain(encoder.get()), file);
}

}  // namespace callflow::audio
