// Pings in a capture: ICMP's echo requests and replies (RFC 792; RFC 4443 for IPv6) in a classic
// pcap, as draft-ietf-opsawg-pcap describes it.
#pragma once

#include <string_view>

#include "src/measurement/measurement.h"

namespace callflow::measurement {

// Whether these are the first bytes of a capture, of a kind that is read or not.
bool isCapture(std::string_view bytes);

// Each request is a packet, and the first reply of its numbers its answer. Requests without one in
// the capture's last second are left out: it may have come later.
Result<Probes> readPcap(std::string_view bytes);

}  // namespace callflow::measurement
