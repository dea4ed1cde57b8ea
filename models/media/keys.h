// How sound is written in YAML.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "models/media/parameters.h"
#include "models/receiver/keys.h"
#include "src/config/table.h"

namespace callflow::config {

template <>
struct EnumNames<media::AudioCodec> {
  using E = media::AudioCodec;
  static constexpr const auto& kValues = media::kAudioCodecNames;
};

template <>
struct EnumNames<media::RateControl> {
  using E = media::RateControl;
  static constexpr std::pair<E, const char*> kValues[] = {{E::vbr, "vbr"}, {E::cbr, "cbr"}};
};

template <>
struct EnumNames<media::Sizes> {
  using E = media::Sizes;
  static constexpr std::pair<E, const char*> kValues[] = {{E::drawn, "drawn"},
                                                          {E::libopus, "libopus"}};
};

template <>
struct EnumNames<media::Talk> {
  using E = media::Talk;
  static constexpr std::pair<E, const char*> kValues[] = {{E::always, "always"},
                                                          {E::conversation, "conversation"}};
};

template <>
struct EnumNames<media::Content> {
  using E = media::Content;
  static constexpr std::pair<E, const char*> kValues[] = {{E::speech, "speech"},
                                                          {E::synthetic, "synthetic"}};
};

template <>
struct EnumNames<media::Fec> {
  using E = media::Fec;
  static constexpr std::pair<E, const char*> kValues[] = {{E::automatic, "auto"}, {E::off, "off"}};
};

}  // namespace callflow::config

namespace callflow::media {

const config::Table<Audio>& tableOf(const Audio*);

}  // namespace callflow::media
