// How a relay is written in YAML.
#pragma once

#include "models/relay/parameters.h"
#include "src/config/table.h"

namespace callflow::relay {

const config::Table<Relay>& tableOf(const Relay*);

}  // namespace callflow::relay
