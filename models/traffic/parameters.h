// What other traffic is given by: what shares the network's lines with the calls.
#pragma once

#include <optional>

#include "models/transport/parameters.h"
#include "src/units/units.h"

namespace callflow::config {
template <class T>
class Table;
}

namespace callflow::traffic {

// UDP packets of one size at one rate.
struct Constant {
  DataRate rate;        // of IP packets, over 0
  DataSize packetSize;  // of IP packets: 28 B to 1500 B
};

// The same, with pauses: on and off for exponential times.
struct OnOff : Constant {
  Duration on, off;  // means, over 0
};

// A TCP connection that sends as fast as TCP lets it; or a file at a time, with pauses.
struct Transfer {
  std::optional<DataSize> size;   // absent: without end
  std::optional<Duration> pause;  // mean (exponential) between files; absent: one file
  transport::CongestionAlgorithm congestion = transport::CongestionAlgorithm::cubic;
  std::optional<DataSize> sendBuffer;     // SO_SNDBUF; absent: grows with the window
  std::optional<DataSize> receiveBuffer;  // SO_RCVBUF; absent: grows with what is read
};

const config::Table<Constant>& tableOf(const Constant*);
const config::Table<OnOff>& tableOf(const OnOff*);
const config::Table<Transfer>& tableOf(const Transfer*);

}  // namespace callflow::traffic
