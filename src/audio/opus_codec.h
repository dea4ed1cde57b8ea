// libopus, with owners and exceptions.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "src/audio/render.h"

struct OpusDecoder;
struct OpusEncoder;

namespace callflow::audio {

using OpusPacket = std::vector<unsigned char>;

std::size_t frameSamples(const Encoding& encoding);

// Whether it has the frame before its own once more (in-band FEC, RFC 6716 2.1.7).
bool carriesPrevious(const OpusPacket& packet);

class Encoder {
 public:
  explicit Encoder(const Encoding& encoding);
  // Of the next frame; `sound` is one long.
  OpusPacket encode(std::span<const float> sound);

 private:
  struct Free {
    void operator()(OpusEncoder* state) const;
  };
  std::unique_ptr<OpusEncoder, Free> state_;
};

class Decoder {
 public:
  Decoder();
  // Each appends to `sound`.
  void decode(const OpusPacket& packet, std::size_t samples, std::vector<float>& sound);
  // The frame before `next`, from what this carries of it; made up if that is nothing.
  void recover(const OpusPacket& next, std::size_t samples, std::vector<float>& sound);
  void makeUp(std::size_t samples, std::vector<float>& sound);

 private:
  struct Free {
    void operator()(OpusDecoder* state) const;
  };
  std::unique_ptr<OpusDecoder, Free> state_;
};

}  // namespace callflow::audio
