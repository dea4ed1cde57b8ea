// How controllers of a sender's rate are written in YAML.
#pragma once

#include <utility>

#include "models/congestion/parameters.h"
#include "src/config/table.h"

namespace callflow::config {

template <>
struct EnumNames<congestion::Kind> {
  using E = congestion::Kind;
  static constexpr std::pair<E, const char*> kValues[] = {
      {E::gcc, "gcc"}, {E::nada, "nada"}, {E::scream, "scream"}};
};

}  // namespace callflow::config
