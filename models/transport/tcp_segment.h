// What two TCPs of a connection send each other, and how they are set.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "models/transport/congestion_control.h"
#include "models/transport/message_tracker.h"
#include "src/units/units.h"

namespace callflow::transport {

// Ethernet's 1500 bytes less IP 20, TCP 20 and the timestamps option 12 (RFC 7323).
inline constexpr std::int64_t maximumSegment = 1448;

enum class LossRecovery : std::uint8_t {
  rack,       // RFC 8985
  duplicates  // RFC 6675: three duplicate acknowledgements
};

// How a TCP behaves like Linux 6.1's. The defaults are the kernel's.
struct LinuxTcpParameters {
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

// RFC 2018 and 2883: what the receiver has beyond a hole; the first block of a duplicate is the
// duplicate.
struct SelectiveAcks {
  std::array<ByteRange, 3> blocks{};  // three fit beside timestamps
  std::int32_t count = 0;
  bool firstIsDuplicate = false;
};

// A segment on the wire. Offsets count the bytes of each direction's stream from 0.
struct TcpSegment {
  enum class Kind : std::uint8_t { syn, synAck, data };  // `data` may be empty: a pure ACK
  Kind kind = Kind::data;
  ByteRange bytes;
  std::int64_t acknowledged = 0;  // all before it has been received
  std::int64_t window = 0;        // bytes beyond `acknowledged` that the receiver takes
  SelectiveAcks selective;
  bool push = false;  // nothing more was written when it was sent
  TimePoint sent;     // RFC 7323's timestamp value
  TimePoint echoed;   // and echo reply: when what it answers was sent

  bool empty() const { return bytes.begin == bytes.end; }
};

}  // namespace callflow::transport
