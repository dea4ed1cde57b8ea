// The sound of a call: what is sent, and how it is heard.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>

#include "models/receiver/parameters.h"
#include "models/wire/header_sizes.h"
#include "src/units/units.h"

namespace callflow::media {

enum class AudioCodec : std::uint8_t {
  opus,
  pcmu,  // G.711 in mu-law, 64 kbit/s, narrowband
  pcma,  // G.711 in A-law
  g722,  // 64 kbit/s, wideband
};

struct AudioFormat {
  AudioCodec codec = AudioCodec::opus;
  DataRate bitrate = DataRate::kbps(32);  // of Opus' payload; the other codecs have 64 kbit/s
  Duration frame = Duration::ms(20);      // sound in one packet
  DataSize rtpExtensions = callflow::wire::kRtpExtensions;
};

// Bit rate of all codecs but Opus (RFC 3551 4.5.2, 4.5.14).
inline constexpr DataRate kTelephoneRate = DataRate::kbps(64);

// As users and results write them.
inline constexpr std::pair<AudioCodec, const char*> kAudioCodecNames[] = {
    {AudioCodec::opus, "opus"},
    {AudioCodec::pcmu, "pcmu"},
    {AudioCodec::pcma, "pcma"},
    {AudioCodec::g722, "g722"}};
constexpr std::string_view name(AudioCodec codec) {
  for (const auto& [value, text] : kAudioCodecNames)
    if (value == codec) return text;
  return {};
}

// libwebrtc: audio_encoder_opus.cc (kSupportedFrameLengths).
inline constexpr std::array kOpusTimes{Duration::ms(10), Duration::ms(20), Duration::ms(40),
                                       Duration::ms(60), Duration::ms(120)};
// libwebrtc: audio_encoder_L16.cc and its kind clamp the packet time to this range.
inline constexpr std::array kTelephoneTimes{Duration::ms(10), Duration::ms(20), Duration::ms(30),
                                            Duration::ms(40), Duration::ms(50), Duration::ms(60)};

// The packet times that libwebrtc sends a codec with, ascending.
constexpr std::span<const Duration> packetTimes(AudioCodec codec) {
  return codec == AudioCodec::opus ? std::span<const Duration>(kOpusTimes) : kTelephoneTimes;
}

// Bit rates with recorded sizes (opus_sizes.h), in kbit/s.
inline constexpr std::array kRecordedRates{12, 16, 24, 32, 48, 64};

// Opus: the sizes of frames spread about the bit rate's mean while somebody speaks, or are all the
// same.
enum class RateControl : std::uint8_t { vbr, cbr };

// Of frames at a variable rate: drawn, or those of libopus on speech, from a drawn place on, over
// and over. The latter for frames of 20 ms and kRecordedRates only.
enum class Sizes : std::uint8_t { drawn, libopus };

// What is said into the microphone, as far as a codec tells it apart.
enum class Content : std::uint8_t {
  speech,     // with the gaps between words
  synthetic,  // a test signal that goes on without a gap, which libopus takes for music
};

// How frames become packets. Of Opus only; ignored with other codecs.
struct SendMode {
  RateControl rateControl = RateControl::cbr;
  Sizes sizes = Sizes::drawn;
  bool dtx = false;  // next to nothing is sent while its participant does not speak
  bool red = false;  // a packet carries the frame before it once more (RFC 2198)
  Content content = Content::speech;
};

// Whether the participants speak all the time or as in a conversation.
enum class Talk : std::uint8_t { always, conversation };

// Opus' in-band FEC: as the client's profile has it, or never.
enum class Fec : std::uint8_t { automatic, off };

struct Audio : AudioFormat, SendMode {
  Fec fec = Fec::automatic;  // of Opus only
  Talk talk = Talk::always;
  receiver::JitterBufferParameters jitterBuffer;
};

}  // namespace callflow::media
