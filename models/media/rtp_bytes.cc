#include "models/media/rtp_bytes.h"

#include "models/wire/header_sizes.h"

namespace callflow::media {
namespace {

constexpr std::uint32_t kVersion = 0x80, kHasExtension = 0x10, kMarker = 0x80;
// RFC 3551 6; libwebrtc media/engine/payload_type_mapper: 96 to 127 are dynamic, Opus has 111 and
// RED 63.
constexpr std::uint32_t kPcmu = 0, kPcma = 8, kG722 = 9, kOpus = 111, kRed = 63;

// RFC 8285 4.2: elements of one byte of header, with the numbers that libwebrtc offers for audio.
constexpr std::uint32_t kOneByteHeaders = 0xbede;
constexpr std::uint32_t kAudioLevel = 1, kSendTime = 2, kTransportSequence = 3, kMid = 4;
// RFC 6464 3: in -dBov; of speech as it usually is, and of silence.
constexpr std::uint32_t kVoice = 0x80, kSpeechLevel = 26, kSilentLevel = 127;

std::uint32_t element(std::uint32_t id, std::uint32_t length) {
  return id << 4 | (length - 1);
}

// abs-send-time: seconds with 18 bits of fraction, of which 24 are sent.
std::uint32_t sendTime(TimePoint sent) {
  constexpr std::int64_t kSecond = 1'000'000'000;
  const std::int64_t time = sent.sinceStart().count();
  return static_cast<std::uint32_t>((time / kSecond) << 18 | ((time % kSecond) << 18) / kSecond) &
         0xffffff;
}

// The four that wire::kRtpExtensions counts.
void writeElements(const RtpPacket& packet, wire::Bytes& bytes) {
  bytes.u8(element(kAudioLevel, 1));
  bytes.u8(packet.voice ? kVoice | kSpeechLevel : kSilentLevel);
  bytes.u8(element(kSendTime, 3));
  bytes.u24(sendTime(packet.sent));
  bytes.u8(element(kTransportSequence, 2));
  bytes.u16(packet.sequence);
  bytes.u8(element(kMid, 1));
  bytes.u8('0');
}

}  // namespace

std::uint32_t payloadType(AudioCodec codec, bool red) {
  switch (codec) {
    case AudioCodec::opus:
      return red ? kRed : kOpus;
    case AudioCodec::pcmu:
      return kPcmu;
    case AudioCodec::pcma:
      return kPcma;
    case AudioCodec::g722:
      return kG722;
  }
  return kOpus;
}

void writeRtpHeader(const RtpPacket& packet, wire::Bytes& bytes) {
  // Whole words; what is no word is no extension.
  const std::int64_t words = packet.extensions.count() / 4;
  bytes.u8(kVersion | (words > 0 ? kHasExtension : 0));
  bytes.u8((packet.marker ? kMarker : 0) | payloadType(packet.codec, packet.red));
  bytes.u16(packet.sequence);
  bytes.u32(packet.timestamp);
  bytes.u32(packet.ssrc);
  if (words == 0) return;
  bytes.u16(kOneByteHeaders);
  bytes.u16(static_cast<std::uint32_t>(words - 1));
  const std::size_t end = bytes.size() + static_cast<std::size_t>(words - 1) * 4;
  if (packet.extensions >= wire::kRtpExtensions) writeElements(packet, bytes);
  bytes.resize(end);  // padding elements, 0
}

}  // namespace callflow::media
