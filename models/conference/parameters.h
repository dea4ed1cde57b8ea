#pragma once

#include <cstdint>

#include "src/units/units.h"

namespace callflow::config {
template <class T>
class Table;
}

namespace callflow::conference {

struct MediaProcessor {
  std::uint16_t port = 3478;  // UDP, to which participants send
  Duration processing;        // from a packet's arrival to its departures
};

const config::Table<MediaProcessor>& tableOf(const MediaProcessor*);

}  // namespace callflow::conference
