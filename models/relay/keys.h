// How a relay is written in YAML.
#pragma once

#include <utility>

#include "models/relay/parameters.h"
#include "models/wire/keys.h"
#include "src/config/table.h"

namespace callflow::config {

template <>
struct EnumNames<relay::ClientTransport> {
  using E = relay::ClientTransport;
  static constexpr std::pair<E, const char*> kValues[] = {{E::udp, "udp"}, {E::tcp, "tcp"}};
};

}  // namespace callflow::config
