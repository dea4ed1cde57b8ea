// NATs that people know by product.
#pragma once

#include <vector>

#include "src/config/table.h"

namespace callflow::nat {

const std::vector<config::Preset>& natPresets();

}  // namespace callflow::nat
