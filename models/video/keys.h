// How video is written in YAML.
#pragma once

#include <utility>

#include "models/video/parameters.h"
#include "src/config/table.h"

namespace callflow::config {

template <>
struct EnumNames<video::Codec> {
  using E = video::Codec;
  static constexpr const auto& kValues = video::kCodecNames;
};

template <>
struct EnumNames<video::Content> {
  using E = video::Content;
  static constexpr std::pair<E, const char*> kValues[] = {{E::talkingHead, "talking-head"},
                                                          {E::motion, "motion"},
                                                          {E::testPattern, "test-pattern"},
                                                          {E::slides, "slides"}};
};

template <>
struct EnumNames<video::Degradation> {
  using E = video::Degradation;
  static constexpr std::pair<E, const char*> kValues[] = {
      {E::maintainFramerate, "maintain-framerate"},
      {E::maintainResolution, "maintain-resolution"},
      {E::balanced, "balanced"}};
};

template <>
struct EnumNames<video::Fec> {
  using E = video::Fec;
  static constexpr std::pair<E, const char*> kValues[] = {
      {E::automatic, "auto"}, {E::none, "none"}, {E::ulpfec, "ulpfec"}, {E::flexfec, "flexfec"}};
};

template <>
struct EnumNames<video::FrameSizes> {
  using E = video::FrameSizes;
  static constexpr std::pair<E, const char*> kValues[] = {{E::encoder, "encoder"},
                                                          {E::rfc8593, "rfc8593"}};
};

}  // namespace callflow::config

namespace callflow::video {

const config::Table<Video>& tableOf(const Video*);
const config::Table<Share>& tableOf(const Share*);

}  // namespace callflow::video
