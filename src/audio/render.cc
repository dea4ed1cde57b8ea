#include "src/audio/render.h"

#include <algorithm>
#include <stdexcept>

#include "src/audio/opus_codec.h"
#include "src/audio/stretch.h"

namespace callflow::audio {
namespace {

// Samples of durations that follow one another: rounding never adds up.
class SampleClock {
 public:
  std::int64_t advance(Duration length) {
    total_ += length;
    const std::int64_t before = samples_;
    // Nanoseconds to samples: 3 for each 62500, exactly.
    samples_ = (total_.count() * 3 + 31'250) / 62'500;
    return samples_ - before;
  }
  std::int64_t samples() const { return samples_; }

 private:
  Duration total_;
  std::int64_t samples_ = 0;
};

// The packets of a source that repeats the speech.
std::vector<OpusPacket> encoded(std::span<const float> speech, const Encoding& encoding,
                                std::int64_t count) {
  Encoder encoder(encoding);
  std::vector<float> frame(frameSamples(encoding));
  std::vector<OpusPacket> packets;
  std::size_t at = 0;
  for (std::int64_t i = 0; i < count; ++i) {
    for (float& sample : frame) {
      sample = speech[at];
      at = (at + 1) % speech.size();
    }
    packets.push_back(encoder.encode(frame));
  }
  return packets;
}

std::int64_t framesNeeded(std::span<const Heard> heard) {
  std::int64_t last = -1;
  for (const Heard& event : heard) {
    if (event.kind == HeardKind::played) last = std::max(last, event.frame);
    if (event.kind == HeardKind::recovered) last = std::max(last, event.frame + 1);
    if (event.frame < 0) throw std::invalid_argument("render: frames count from 0");
  }
  return last + 1;
}

class Renderer {
 public:
  Renderer(const std::vector<OpusPacket>& packets, std::size_t frame)
      : packets_(packets), frame_(frame) {}

  void hear(const Heard& event) {
    std::vector<float>& sound = result_.sound;
    const auto number = static_cast<std::size_t>(event.frame);
    switch (event.kind) {
      case HeardKind::played:
        decoder_.decode(packets_[number], frame_, sound);
        result_.played += static_cast<std::int64_t>(frame_);
        break;
      case HeardKind::recovered:
        decoder_.recover(packets_[number + 1], frame_, sound);
        result_.played += static_cast<std::int64_t>(frame_);
        break;
      case HeardKind::concealed:
        decoder_.makeUp(next(concealed_, event.length - event.silent), sound);
        sound.resize(sound.size() + next(concealed_, event.silent));
        break;
      case HeardKind::paused:
        sound.resize(sound.size() + next(paused_, event.length));
        break;
      case HeardKind::stretched:
        if (event.length > Duration{}) {
          insertSound(sound, next(inserted_, event.length));
        } else {
          removeSound(sound, next(removed_, -event.length));
        }
        break;
    }
  }

  Rendering finish() {
    result_.concealed = concealed_.samples();
    result_.paused = paused_.samples();
    result_.inserted = inserted_.samples();
    result_.removed = removed_.samples();
    return std::move(result_);
  }

 private:
  static std::size_t next(SampleClock& clock, Duration length) {
    return static_cast<std::size_t>(clock.advance(length));
  }

  const std::vector<OpusPacket>& packets_;
  std::size_t frame_;
  Decoder decoder_;
  Rendering result_;
  SampleClock concealed_, paused_, inserted_, removed_;
};

}  // namespace

Rendering render(std::span<const float> speech, const Encoding& encoding,
                 std::span<const Heard> heard) {
  if (speech.empty()) throw std::invalid_argument("render: there is no speech");
  const std::vector<OpusPacket> packets = encoded(speech, encoding, framesNeeded(heard));
  Renderer renderer(packets, frameSamples(encoding));
  for (const Heard& event : heard) renderer.hear(event);
  return renderer.finish();
}

}  // namespace callflow::audio
