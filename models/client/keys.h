// How clients are written in YAML.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "models/client/parameters.h"
#include "src/config/scalar.h"

namespace callflow::config {

template <>
struct EnumNames<client::Version> {
  using E = client::Version;
  static constexpr std::pair<E, const char*> kValues[] = {{E::chrome2020, "chrome-2020"},
                                                          {E::chrome2024, "chrome-2024"},
                                                          {E::chrome2026, "chrome-2026"}};
};

template <>
struct EnumNames<client::Clocks> {
  using E = client::Clocks;
  static constexpr std::pair<E, const char*> kValues[] = {{E::drawn, "drawn"}, {E::ideal, "ideal"}};
};

}  // namespace callflow::config
