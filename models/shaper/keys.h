// Shapers and policers that people know by device, and how disciplines are called.
#pragma once

#include <utility>
#include <vector>

#include "models/shaper/parameters.h"
#include "src/config/table.h"

namespace callflow::config {

template <>
struct EnumNames<shaper::Discipline> {
  using E = shaper::Discipline;
  static constexpr std::pair<E, const char*> kValues[] = {
      {E::fifo, "fifo"}, {E::codel, "codel"}, {E::fqCodel, "fq-codel"}, {E::pie, "pie"}};
};

}  // namespace callflow::config

namespace callflow::shaper {

const std::vector<config::Preset>& shaperPresets();

}  // namespace callflow::shaper
