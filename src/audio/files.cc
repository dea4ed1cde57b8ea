#include "src/audio/files.h"

#include <opusenc.h>
#include <sndfile.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <memory>
#include <numbers>
#include <numeric>
#include <stdexcept>
#include <string>

#include "src/audio/render.h"

namespace callflow::audio {
namespace {

constexpr int kSerialNumber = 1;
constexpr opus_int32 kFileBitrate = 96'000;
constexpr double kTaps = 16;  // zero crossings each side

double windowedSinc(double x) {
  if (std::abs(x) >= kTaps) return 0;
  if (x == 0) return 1;
  const double angle = std::numbers::pi * x;
  return std::sin(angle) / angle * (0.5 + 0.5 * std::cos(angle / kTaps));  // Hann
}

// What the samples of the input weigh in one of the output that lies `fraction` behind the middle
// one of them.
std::vector<float> weights(double fraction, double band) {
  const auto reach = static_cast<std::int64_t>(std::ceil(kTaps / band));
  std::vector<float> out;
  for (std::int64_t k = -reach; k <= reach; ++k)
    out.push_back(
        static_cast<float>(band * windowedSinc((static_cast<double>(k) - fraction) * band)));
  return out;
}

std::vector<float> resampled(const std::vector<float>& in, std::int64_t rate) {
  if (rate == kSampleRate) return in;
  const double band = std::min(1.0, static_cast<double>(kSampleRate) / static_cast<double>(rate));
  // Output sample i lies at i * rate / sampleRate: that many places between two samples there are.
  const std::int64_t places = kSampleRate / std::gcd(rate, kSampleRate);
  std::vector<std::vector<float>> table(static_cast<std::size_t>(places));
  const auto size = static_cast<std::int64_t>(in.size());
  std::vector<float> out(static_cast<std::size_t>(size * kSampleRate / rate));
  for (std::size_t i = 0; i < out.size(); ++i) {
    const std::int64_t at = static_cast<std::int64_t>(i) * rate;
    const std::int64_t rest = at % kSampleRate;
    auto& weight = table[static_cast<std::size_t>(rest * places / kSampleRate)];
    if (weight.empty())
      weight = weights(static_cast<double>(rest) / static_cast<double>(kSampleRate), band);
    const auto reach = static_cast<std::int64_t>(weight.size() / 2);
    const std::int64_t middle = at / kSampleRate;
    float sum = 0;
    for (std::int64_t k = std::max<std::int64_t>(-reach, -middle);
         k <= std::min(reach, size - 1 - middle); ++k) {
      sum += in[static_cast<std::size_t>(middle + k)] * weight[static_cast<std::size_t>(k + reach)];
    }
    out[i] = std::clamp(sum, -1.0F, 1.0F);
  }
  return out;
}

using Opened = std::unique_ptr<SNDFILE, decltype(&sf_close)>;

std::vector<float> soundOf(SNDFILE& opened, const SF_INFO& info, const std::string& name) {
  const auto channels = static_cast<std::size_t>(info.channels);
  std::vector<float> mono;
  std::vector<float> block(4096 * channels);
  while (true) {
    const sf_count_t frames = sf_readf_float(&opened, block.data(), 4096);
    if (frames <= 0) break;
    for (std::size_t i = 0; i < static_cast<std::size_t>(frames); ++i) {
      float sum = 0;
      for (std::size_t c = 0; c < channels; ++c) sum += block[i * channels + c];
      mono.push_back(sum / static_cast<float>(channels));
    }
  }
  if (mono.empty()) throw std::runtime_error(name + ": holds no sound");
  return resampled(mono, info.samplerate);
}

// A file in memory, as libsndfile asks for it.
struct Memory {
  std::span<const std::byte> bytes;
  sf_count_t at = 0;

  static Memory& of(void* user) { return *static_cast<Memory*>(user); }
  static sf_count_t size(void* user) { return static_cast<sf_count_t>(of(user).bytes.size()); }
  static sf_count_t seek(sf_count_t offset, int whence, void* user) {
    const sf_count_t from = whence == SEEK_SET ? 0 : whence == SEEK_CUR ? of(user).at : size(user);
    return of(user).at = std::clamp<sf_count_t>(from + offset, 0, size(user));
  }
  static sf_count_t read(void* to, sf_count_t count, void* user) {
    Memory& memory = of(user);
    const sf_count_t taken = std::min(count, size(user) - memory.at);
    std::memcpy(to, memory.bytes.data() + memory.at, static_cast<std::size_t>(taken));
    memory.at += taken;
    return taken;
  }
  static sf_count_t tell(void* user) { return of(user).at; }
};

void check(int result) {
  if (result != OPE_OK)
    throw std::runtime_error(std::string("sound cannot be encoded: ") + ope_strerror(result));
}

}  // namespace

std::vector<float> readSpeech(const std::filesystem::path& file) {
  SF_INFO info{};
  const Opened opened(sf_open(file.c_str(), SFM_READ, &info), &sf_close);
  if (!opened) {
    std::error_code ignored;
    if (!std::filesystem::exists(file, ignored))
      throw std::runtime_error(file.string() + ": there is no such file");
    throw std::runtime_error(file.string() + ": cannot be read as sound");
  }
  return soundOf(*opened, info, file.string());
}

std::vector<float> speechIn(std::span<const std::byte> file) {
  Memory memory{file, 0};
  SF_VIRTUAL_IO calls{&Memory::size, &Memory::seek, &Memory::read, nullptr, &Memory::tell};
  SF_INFO info{};
  const Opened opened(sf_open_virtual(&calls, SFM_READ, &info, &memory), &sf_close);
  if (!opened) throw std::runtime_error(std::string("speech: ") + sf_strerror(nullptr));
  return soundOf(*opened, info, "speech");
}

std::string oggOpus(std::span<const float> sound) {
  std::string file;
  // In memory: libopusenc does not survive a disk that is full.
  const OpusEncCallbacks calls{[](void* user, const unsigned char* bytes, opus_int32 count) {
                                 static_cast<std::string*>(user)->append(
                                     reinterpret_cast<const char*>(bytes),
                                     static_cast<std::size_t>(count));
                                 return 0;
                               },
                               [](void*) { return 0; }};
  const std::unique_ptr<OggOpusComments, decltype(&ope_comments_destroy)> comments(
      ope_comments_create(), &ope_comments_destroy);
  int error = OPE_OK;
  const std::unique_ptr<OggOpusEnc, decltype(&ope_encoder_destroy)> encoder(
      ope_encoder_create_callbacks(&calls, &file, comments.get(),
                                   static_cast<opus_int32>(kSampleRate), 1, 0, &error),
      &ope_encoder_destroy);
  check(error);
  check(ope_encoder_ctl(encoder.get(), OPE_SET_SERIALNO(kSerialNumber)));
  check(ope_encoder_ctl(encoder.get(), OPUS_SET_BITRATE(kFileBitrate)));
  check(ope_encoder_write_float(encoder.get(), sound.data(), static_cast<int>(sound.size())));
  check(ope_encoder_drain(encoder.get()));
  return file;
}

}  // namespace callflow::audio
