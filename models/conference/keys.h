// How a media processor, and what is seen over it, are written in YAML.
#pragma once

#include <utility>

#include "models/conference/parameters.h"
#include "src/config/table.h"

namespace callflow::config {

template <>
struct EnumNames<conference::AllocationRule> {
  using E = conference::AllocationRule;
  static constexpr std::pair<E, const char*> kValues[] = {{E::livekit, "livekit"},
                                                          {E::mediasoup, "mediasoup"}};
};

template <>
struct EnumNames<conference::Mode> {
  using E = conference::Mode;
  static constexpr std::pair<E, const char*> kValues[] = {{E::sfu, "sfu"}, {E::mcu, "mcu"}};
};

}  // namespace callflow::config

namespace callflow::conference {

const config::Table<Layout>& tableOf(const Layout*);
const config::Table<MediaProcessor>& tableOf(const MediaProcessor*);

}  // namespace callflow::conference
