// How TCP between a client and its relay is set, and what protects it.
#pragma once

#include <cstdint>
#include <optional>

#include "src/units/units.h"

namespace callflow::transport {

enum class CongestionAlgorithm : std::uint8_t { reno, cubic, bbr };

enum class LossRecovery : std::uint8_t {
  rack,       // RFC 8985
  duplicates  // RFC 6675: three duplicate acknowledgements
};

enum class TcpModel : std::uint8_t {
  linuxLike,  // behaves like Linux 6.1's
  ns3         // ns-3's own: of the following it knows buffers, times and noDelay only
};

// The defaults are the Linux kernel's.
struct Tcp {
  TcpModel model = TcpModel::linuxLike;
  CongestionAlgorithm congestion = CongestionAlgorithm::cubic;
  LossRecovery recovery = LossRecovery::rack;
  bool lossProbes = true;           // RFC 8985 7; net.ipv4.tcp_early_retrans
  std::int32_t initialWindow = 10;  // packets, RFC 6928
  Duration minimumRto = Duration::ms(200);
  Duration maximumRto = Duration::s(120);
  Duration delayedAckMinimum = Duration::ms(40);
  Duration delayedAckMaximum = Duration::ms(200);
  bool noDelay = true;             // TCP_NODELAY
  bool slowStartAfterIdle = true;  // RFC 5681 4.1
  // SO_SNDBUF of the end that connects and of the other; nothing: grows with the window.
  std::optional<DataSize> sendBuffer, serverSendBuffer;
  // The largest window that SO_RCVBUF allows; nothing: grows with what is read in a round trip.
  std::optional<DataSize> receiveBuffer;
  std::optional<DataSize> notSentLowWater;  // TCP_NOTSENT_LOWAT
  std::int32_t synRetries = 6;
  Duration tick = Duration::ms(4);
  Duration tickPhase;  // of the sender's clock; less than a tick
};

// What a client wraps TURN over TCP in, on its way to the relay.
enum class Security : std::uint8_t {
  none,
  tls12,   // RFC 5246 with AES-GCM
  tls13,   // RFC 8446
  pseudo,  // libwebrtc's fake handshake, which looks like SSL to a firewall; nothing is encrypted
};

// How a call's TCP connections are used.
struct Transport {
  Security security = Security::none;
  DataSize clientQueue;  // what the application keeps beyond its socket's buffer
  DataSize relayQueue;
};

}  // namespace callflow::transport
