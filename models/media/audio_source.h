// What an Opus-like audio source sends, and when: a policy without a clock. The simulation asks it
// for packet k and schedules it.
#pragma once

#include <cstdint>

#include "models/media/wire.h"
#include "src/units/units.h"

namespace callflow::media {

// One frame a packet, every frame of the same size (constant bit rate), no silence suppression.
class AudioSource {
 public:
  // `bitrate` is of the Opus payload, 6 to 510 kbit/s (RFC 6716 2.1.1); `frame` one of 2.5, 5, 10,
  // 20, 40, 60 ms (RFC 6716 2.1.4). Throws std::invalid_argument outside of these.
  AudioSource(DataRate bitrate, Duration frame, DataSize rtpExtensions = wire::rtpExtensions);

  // One encoded frame: bit rate times duration, to the nearest byte (as libopus does at constant
  // bit rate).
  DataSize payloadSize() const { return payload_; }
  // The packet that is handed to the transport: RTP, extensions, payload, SRTP tag.
  DataSize srtpPacketSize() const { return srtpSize(payload_, rtpExtensions_); }
  // Whether a RED packet (RFC 2198) has room for a copy of the frame before its own.
  bool redundant() const;
  // A RED packet, with that copy or without.
  DataSize redPacketSize(bool withCopy) const;

  // Packet k (from 0) leaves so long after the first: as soon as its frame is captured and encoded.
  Duration sendOffset(std::int64_t k) const { return frame_ * k; }
  // Packets of a source that sends for `duration`: those with sendOffset < duration.
  std::int64_t packetsIn(Duration duration) const;
  // RTP timestamp of packet k relative to the first, modulo 2^32: 48 kHz whatever the audio
  // bandwidth (RFC 7587 4.1).
  std::uint32_t timestampOffset(std::int64_t k) const;

  DataRate bitrate() const { return bitrate_; }
  Duration frame() const { return frame_; }

 private:
  DataRate bitrate_;
  Duration frame_;
  DataSize rtpExtensions_;
  DataSize payload_;
};

}  // namespace callflow::media
