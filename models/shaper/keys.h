// Shapers and policers that people know by device.
#pragma once

#include <vector>

#include "src/config/table.h"

namespace callflow::shaper {

const std::vector<config::Preset>& shaperPresets();

}  // namespace callflow::shaper
