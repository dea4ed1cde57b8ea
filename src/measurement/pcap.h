// What a capture says of a line: a classic pcap, as draft-ietf-opsawg-pcap describes it.
#pragma once

#include <string_view>

#include "src/measurement/measurement.h"

namespace callflow::measurement {

// Whether these are the first bytes of a capture, of a kind that is read or not.
bool isCapture(std::string_view bytes);

// Pings (echoes.h) if there are any, else TCP (tcp_rounds.h).
Result<Probes> readPcap(std::string_view bytes);

}  // namespace callflow::measurement
