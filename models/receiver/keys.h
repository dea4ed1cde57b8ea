// How a jitter buffer is written in YAML.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "models/receiver/parameters.h"
#include "src/config/table.h"

namespace callflow::config {

template <>
struct EnumNames<receiver::JitterBufferKind> {
  using E = receiver::JitterBufferKind;
  static constexpr std::pair<E, const char*> kValues[] = {
      {E::neteq, "neteq"}, {E::adaptive, "adaptive"}, {E::fixed, "fixed"}};
};

}  // namespace callflow::config

namespace callflow::receiver {

const config::Table<JitterBufferParameters>& tableOf(const JitterBufferParameters*);

}  // namespace callflow::receiver
