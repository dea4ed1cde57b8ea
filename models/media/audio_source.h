// What a source of audio sends, and when: a policy without a clock. The simulation asks it for
// packet k and schedules it.
#pragma once

#include <cstdint>

#include "models/media/parameters.h"
#include "models/media/wire.h"
#include "src/units/units.h"

namespace callflow::media {

// One frame a packet.
class AudioSource {
 public:
  // Opus: 6 to 510 kbit/s (RFC 6716 2.1.1), and also the short frames that WebRTC does not use, 2.5
  // and 5 ms. Throws std::invalid_argument outside of these and of packetTimes().
  explicit AudioSource(const AudioFormat& format);
  // Of Opus.
  AudioSource(DataRate bitrate, Duration frame, DataSize rtpExtensions = wire::kRtpExtensions);

  // One encoded frame: bit rate times duration, to the nearest byte (as libopus does at constant
  // bit rate). G.711 and G.722: 160 B in 20 ms.
  DataSize payloadSize() const { return payload_; }
  // The packet that is handed to the transport: RTP, extensions, payload, SRTP tag.
  DataSize srtpPacketSize() const { return srtpSize(payload_, format_.rtpExtensions); }
  // The same of any payload.
  DataSize packetSize(DataSize payload) const { return srtpSize(payload, format_.rtpExtensions); }

  // Packet k (from 0) leaves so long after the first: as soon as its frame is captured and encoded.
  Duration sendOffset(std::int64_t k) const { return format_.frame * k; }
  // Packets of a source that sends for `duration`: those with sendOffset < duration.
  std::int64_t packetsIn(Duration duration) const;
  // Of RTP timestamps: 48 kHz for Opus whatever the audio bandwidth (RFC 7587 4.1), else 8 kHz,
  // although G.722 samples at 16 kHz (RFC 3551 4.5.2).
  std::int64_t clockRate() const;
  // RTP timestamp of packet k relative to the first, modulo 2^32.
  std::uint32_t timestampOffset(std::int64_t k) const;

  AudioCodec codec() const { return format_.codec; }
  DataRate bitrate() const { return format_.bitrate; }
  Duration frame() const { return format_.frame; }

 private:
  AudioFormat format_;
  DataSize payload_;
};

}  // namespace callflow::media
