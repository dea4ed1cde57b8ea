#include "src/audio/opus_codec.h"

#include <opus/opus.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>
#include <string>

namespace callflow::audio {
namespace {

// The longest that one call makes up, and the step it does so in (opus_decode(3)).
constexpr std::size_t kLongestStep = 5760;
constexpr std::size_t kShortestStep = 120;
constexpr std::size_t kLargestPacket = 6 * 1276;  // RFC 6716 3.2.5: six frames of 20 ms

void check(int result, const char* what) {
  if (result < 0) {
    throw std::invalid_argument(std::string(what) + ": libopus says " + opus_strerror(result));
  }
}

void decodeInto(OpusDecoder* state, const OpusPacket* packet, std::size_t samples, int fec,
                std::vector<float>& sound) {
  const std::size_t before = sound.size();
  sound.resize(before + samples);
  const int decoded = opus_decode_float(state, packet != nullptr ? packet->data() : nullptr,
                                        packet != nullptr ? static_cast<int>(packet->size()) : 0,
                                        sound.data() + before, static_cast<int>(samples), fec);
  check(decoded, "decoding");
  if (static_cast<std::size_t>(decoded) != samples) {
    throw std::invalid_argument("decoding: a packet holds another length than its frame");
  }
}

}  // namespace

std::size_t frameSamples(const Encoding& encoding) {
  return static_cast<std::size_t>(encoding.frame.count() * kSampleRate / 1'000'000'000);
}

bool carriesPrevious(const OpusPacket& packet) {
  constexpr unsigned char kCeltOnly = 0x80;  // RFC 6716 3.1: configurations 16 to 31
  if (packet.empty() || (packet[0] & kCeltOnly) != 0) return false;
  std::array<const unsigned char*, 48> frames{};
  std::array<opus_int16, 48> sizes{};
  const int count = opus_packet_parse(packet.data(), static_cast<opus_int32>(packet.size()),
                                      nullptr, frames.data(), sizes.data(), nullptr);
  if (count <= 0 || sizes[0] < 1) return false;
  // RFC 6716 4.2.3: of each frame of SILK's, 20 ms or less, whether it has speech; then whether
  // there is any redundancy.
  const int samples =
      opus_packet_get_samples_per_frame(packet.data(), static_cast<opus_int32>(kSampleRate));
  const int silkFrames = std::max(1, samples / 960);
  return (frames[0][0] & (0x80 >> silkFrames)) != 0;
}

void Encoder::Free::operator()(OpusEncoder* state) const {
  opus_encoder_destroy(state);
}

Encoder::Encoder(const Encoding& encoding) {
  int error = 0;
  state_.reset(
      opus_encoder_create(static_cast<int>(kSampleRate), 1, OPUS_APPLICATION_VOIP, &error));
  check(error, "encoder");
  const auto bitrate = static_cast<opus_int32>(encoding.bitrate.count());
  check(opus_encoder_ctl(state_.get(), OPUS_SET_BITRATE(bitrate)), "bit rate");
  check(opus_encoder_ctl(state_.get(), OPUS_SET_VBR(encoding.variable ? 1 : 0)), "mode");
  const opus_int32 band = encoding.band == Band::narrow ? OPUS_BANDWIDTH_NARROWBAND
                          : encoding.band == Band::wide ? OPUS_BANDWIDTH_WIDEBAND
                                                        : OPUS_BANDWIDTH_FULLBAND;
  check(opus_encoder_ctl(state_.get(), OPUS_SET_MAX_BANDWIDTH(band)), "bandwidth");
  check(opus_encoder_ctl(state_.get(), OPUS_SET_INBAND_FEC(encoding.fec ? 1 : 0)), "FEC");
  const auto loss = static_cast<opus_int32>(std::lround(encoding.expectedLoss.percentValue()));
  check(opus_encoder_ctl(state_.get(), OPUS_SET_PACKET_LOSS_PERC(loss)), "expected loss");
}

OpusPacket Encoder::encode(std::span<const float> sound) {
  OpusPacket packet(kLargestPacket);
  const int size = opus_encode_float(state_.get(), sound.data(), static_cast<int>(sound.size()),
                                     packet.data(), static_cast<opus_int32>(packet.size()));
  check(size, "encoding");
  packet.resize(static_cast<std::size_t>(size));
  return packet;
}

void Decoder::Free::operator()(OpusDecoder* state) const {
  opus_decoder_destroy(state);
}

Decoder::Decoder() {
  int error = 0;
  state_.reset(opus_decoder_create(static_cast<int>(kSampleRate), 1, &error));
  check(error, "decoder");
}

void Decoder::decode(const OpusPacket& packet, std::size_t samples, std::vector<float>& sound) {
  decodeInto(state_.get(), &packet, samples, 0, sound);
}

void Decoder::recover(const OpusPacket& next, std::size_t samples, std::vector<float>& sound) {
  decodeInto(state_.get(), &next, samples, 1, sound);
}

void Decoder::makeUp(std::size_t samples, std::vector<float>& sound) {
  const std::size_t end = sound.size() + samples;
  while (sound.size() < end) {
    const std::size_t left = end - sound.size();
    const std::size_t steps = (left + kShortestStep - 1) / kShortestStep * kShortestStep;
    decodeInto(state_.get(), nullptr, std::min(steps, kLongestStep), 0, sound);
  }
  sound.resize(end);
}

}  // namespace callflow::audio
