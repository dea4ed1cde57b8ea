// How signaling is written in YAML.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "models/signaling/parameters.h"
#include "src/config/scalar.h"

namespace callflow::config {

template <>
struct EnumNames<signaling::Carriage> {
  using E = signaling::Carriage;
  static constexpr std::pair<E, const char*> kValues[] = {{E::ideal, "ideal"}, {E::https, "https"}};
};

}  // namespace callflow::config
