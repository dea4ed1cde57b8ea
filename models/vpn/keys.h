// VPN products and protocols by name.
#pragma once

#include <vector>

#include "src/config/table.h"

namespace callflow::vpn {

const std::vector<config::Preset>& vpnPresets();

}  // namespace callflow::vpn
