// The bytes of RTP packets (RFC 3550 5.1) as a browser sends them, as far as these are not
// encrypted.
#pragma once

#include <cstdint>

#include "models/media/parameters.h"
#include "models/wire/bytes.h"
#include "src/units/units.h"

namespace callflow::media {

struct RtpPacket {
  AudioCodec codec = AudioCodec::opus;
  bool red = false;
  bool marker = false;
  bool voice = true;  // somebody speaks in it
  std::uint16_t sequence = 0;
  std::uint32_t timestamp = 0;
  std::uint32_t ssrc = 0;
  TimePoint sent;
  DataSize extensions;  // with the four bytes before them
};

// Of RFC 3551's table, or else of those that browsers choose for Opus and RED.
std::uint32_t payloadType(AudioCodec codec, bool red);
// Header and extensions.
void writeRtpHeader(const RtpPacket& packet, wire::Bytes& bytes);

}  // namespace callflow::media
