// How the telephone network's ways in are written in YAML.
#pragma once

#include "models/sbc/parameters.h"
#include "models/wire/keys.h"
#include "src/config/table.h"

namespace callflow::sbc {

// Of an SBC, and of Azure's own trunk.
inline config::RowSpec pstnDelay() {
  return {.def = "15 ms",
          .max = "1 s",
          .help = "One way through the telephone network; a mobile phone adds 50 to 100 ms.",
          .source = "ours: a landline in the same country"};
}

}  // namespace callflow::sbc
