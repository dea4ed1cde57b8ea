#include "models/media/keys.h"

#include <algorithm>

namespace callflow::media {
namespace {

// What only Opus has; a call with another codec has none to write.
template <auto kKey, class X = std::remove_cvref_t<decltype(std::declval<Audio&>().*kKey)>>
std::optional<X> ofOpus(const Audio& audio) {
  if (audio.codec != AudioCodec::opus) return {};
  return audio.*kKey;
}

template <auto kKey, class X = std::remove_cvref_t<decltype(std::declval<Audio&>().*kKey)>>
void setOfOpus(Audio& audio, const X& value) {
  audio.*kKey = value;
}

}  // namespace

const config::Table<Audio>& tableOf(const Audio*) {
  static const config::Table<Audio> kTable =
      config::Table<Audio>("audio", "The sound of a call, in SRTP.")
          .add("codec", &Audio::codec,
               {.def = "opus",
                .help = "opus; pcmu and pcma (G.711, 64 kbit/s, narrowband); g722 (64 kbit/s, "
                        "wideband). Each is scored on the scale of its band: scores of different "
                        "scales do not compare.",
                .source = "libwebrtc: Opus is the first codec of its offer"})
          .property<DataRate>(
              "bitrate", &ofOpus<&Audio::bitrate>, &setOfOpus<&Audio::bitrate>,
              {.def = "32 kbit/s",
               .min = "6 kbit/s",
               .max = "510 kbit/s",
               .help =
                   "Bit rate of the Opus payload, without headers. libopus codes a narrower band "
                   "below 13.5 kbit/s, and a still narrower one below 9; in frames of 10 ms below "
                   "16.5 and 12.",
               .source = "libwebrtc: Opus fullband mono"})
          .add(
              "frame", &Audio::frame,
              {.def = "20 ms",
               .min = "10 ms",
               .max = "120 ms",
               .help =
                   "Sound in one packet: 10, 20, 40, 60 or 120 ms of Opus, 10 to 60 ms in steps of "
                   "10 ms of the other codecs.",
               .source = "libwebrtc: default packet time"})
          .add(
              "rtp-extensions", &Audio::rtpExtensions,
              {.def = "16 B",
               .max = "64 B",
               .help = "RTP header extensions with their header, a multiple of 4 B.",
               .source = "RFC 8285 block with the four extensions that libwebrtc sends with audio"})
          .property<Content>(
              "content", &ofOpus<&Audio::content>, &setOfOpus<&Audio::content>,
              {.def = "speech",
               .help = "What is coded, which decides what in-band FEC covers: speech, all but the "
                       "gaps between words from the first loss reported on; synthetic, a signal "
                       "that libopus takes for music, a tenth to a half of the packets.",
               .source = "ours: calls carry speech; libopus: opus_encoder.c (decide_fec)"})
          .property<Fec>(
              "fec", &ofOpus<&Audio::fec>, &setOfOpus<&Audio::fec>,
              {.def = "auto",
               .help = "Opus' in-band FEC: auto as the client of the call's profile uses it, "
                       "where libopus finds the bit rate worth it (about 28 kbit/s, or 17 above "
                       "5 % of loss); off never. With red the full copy is used instead.",
               .source = "Chromium: offers useinbandfec=1"})
          .property<bool>(
              "red", &ofOpus<&Audio::red>, &setOfOpus<&Audio::red>,
              {.def = "false",
               .help = "Each packet carries a full copy of the frame before it (RFC 2198), unless "
                       "that is over 1023 B or the payload over 1200 B.",
               .source = "Chromium: RED is not the preferred codec of its offer"})
          .property<RateControl>(
              "rate-control", &ofOpus<&Audio::rateControl>, &setOfOpus<&Audio::rateControl>,
              {.def = "vbr",
               .help = "vbr: frames differ in size, with the bit rate as their mean in speech; "
                       "cbr: all have the same, and speech is coded less well.",
               .source = "libwebrtc: audio_encoder_opus.cc (cbr=0)"})
          .property<Sizes>(
              "sizes", &ofOpus<&Audio::sizes>, &setOfOpus<&Audio::sizes>,
              {.def = "drawn",
               .help =
                   "Sizes of frames at variable rate: drawn evenly from 65 to 135 % of the mean; "
                   "libopus: as recorded of it on speech, frames of 20 ms at 12, 16, 24, 32, 48 "
                   "or 64 kbit/s.",
               .source = "ours: drawn ones keep the bit rate exactly"})
          .property<bool>("dtx", &ofOpus<&Audio::dtx>, &setOfOpus<&Audio::dtx>,
                          {.def = "false",
                           .help = "In pauses of speech one packet of comfort noise is sent in "
                                   "400 ms and nothing else; talk must be conversation.",
                           .source = "libwebrtc: usedtx=0 unless asked for; RFC 6716 2.1.9"})
          .property<Talk>("talk", &ofOpus<&Audio::talk>, &setOfOpus<&Audio::talk>,
                          {.def = "always",
                           .help = "always: everybody speaks all the time, as in a test; "
                                   "conversation: they take turns, each of two speaks 39 % of the "
                                   "time.",
                           .source = "ours: every packet counts; conversation: ITU-T P.59"})
          .add("jitter-buffer", &Audio::jitterBuffer,
               {.help = "How the receiver evens out delay.", .source = "libwebrtc: NetEq"})
          .check([](Audio& audio, const config::Context& context) {
            if (audio.codec == AudioCodec::opus) {
              const bool recorded =
                  std::any_of(kRecordedRates.begin(), kRecordedRates.end(),
                              [&](int rate) { return audio.bitrate == DataRate::kbps(rate); });
              if (audio.sizes == Sizes::libopus && audio.rateControl == RateControl::cbr)
                context.keyError("sizes", "all frames have the same size at a constant rate",
                                 "leave it out, or write rate-control: vbr");
              if (audio.sizes == Sizes::libopus && audio.frame != Duration::ms(20))
                context.keyError("sizes", "of libopus were recorded of frames of 20 ms only",
                                 "leave it out, or write frame: 20 ms");
              if (audio.sizes == Sizes::libopus && !recorded)
                context.keyError("sizes",
                                 "of libopus were not recorded at " + toText(audio.bitrate),
                                 "write bitrate: 12, 16, 24, 32, 48 or 64 kbit/s, or leave it out");
              if (audio.sizes == Sizes::libopus && audio.content == Content::synthetic)
                context.keyError("sizes", "of libopus were recorded of speech",
                                 "leave it out, or write content: speech");
              if (audio.dtx && audio.talk == Talk::always)
                context.keyError("dtx", "has no effect on speech that never pauses",
                                 "write talk: conversation as well");
              if (audio.talk == Talk::conversation && !audio.dtx &&
                  audio.rateControl == RateControl::cbr)
                context.keyError("talk", "has no effect on frames that all have the same size",
                                 "write dtx: true or rate-control: vbr as well");
              return;
            }
            const std::string codec = config::Scalar<AudioCodec>::print(audio.codec);
            if (context.has("bitrate"))
              context.keyError("bitrate", codec + " has 64 kbit/s and no other rate",
                               "leave it out, or write codec: opus");
            for (const char* key : {"fec", "red"})
              if (context.has(key))
                context.keyError(key, "is not used with " + codec + " in WebRTC",
                                 "leave it out, or write codec: opus");
            for (const char* key : {"content", "rate-control", "sizes", "dtx", "talk"})
              if (context.has(key))
                context.keyError(key, codec + " sends the same bytes whoever speaks",
                                 "leave it out, or write codec: opus");
          });
  return kTable;
}

}  // namespace callflow::media
