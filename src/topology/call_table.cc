// Calls: who talks, over which paths, with which sound.
#include <algorithm>
#include <array>

#include "src/topology/scenario_table.h"

namespace callflow::topology {
namespace {

// A bound of a buffer that adapts; a fixed one has none to write.
template <Duration JitterBuffer::*bound>
std::optional<Duration> boundOf(const JitterBuffer& buffer) {
  if (buffer.kind == JitterBufferKind::fixed) return {};
  return buffer.*bound;
}

template <Duration JitterBuffer::*bound>
void setBound(JitterBuffer& buffer, const Duration& value) {
  buffer.*bound = value;
}

// Bit rates with recorded sizes (models/media/opus_sizes.h), in kbit/s.
constexpr std::array recordedRates{12, 16, 24, 32, 48, 64};

// What only Opus has; a call with another codec has none to write.
template <auto Audio::*key, class X = std::remove_cvref_t<decltype(std::declval<Audio&>().*key)>>
std::optional<X> ofOpus(const Audio& audio) {
  if (audio.codec != AudioCodec::opus) return {};
  return audio.*key;
}

template <auto Audio::*key, class X = std::remove_cvref_t<decltype(std::declval<Audio&>().*key)>>
void setOfOpus(Audio& audio, const X& value) {
  audio.*key = value;
}

// What only the Linux-like TCP has; a call over ns3's has none to write.
template <auto Tcp::*key, class X = std::remove_cvref_t<decltype(std::declval<Tcp&>().*key)>>
std::optional<X> ofLinux(const Tcp& tcp) {
  if (tcp.model != TcpModel::linux_like) return {};
  return tcp.*key;
}

template <auto Tcp::*key, class X = std::remove_cvref_t<decltype(std::declval<Tcp&>().*key)>>
void setOfLinux(Tcp& tcp, const X& value) {
  tcp.*key = value;
}

// BBR neither restarts nor shrinks its window after a pause.
std::optional<bool> slowStartAfterIdle(const Tcp& tcp) {
  if (tcp.congestion_control == TcpCongestion::bbr) return {};
  return ofLinux<&Tcp::slow_start_after_idle>(tcp);
}

}  // namespace

const config::Table<JitterBuffer>& tableOf(const JitterBuffer*) {
  static const config::Table<JitterBuffer> kTable =
      config::Table<JitterBuffer>(
          "jitter-buffer",
          "Where packets wait at the receiver so that late ones still come in time.")
          .add("kind", &JitterBuffer::kind,
               {.def = "neteq",
                .help = "neteq is WebRTC's, as the call's profile has it; adaptive is simpler and "
                        "follows the same target; fixed plays everything so long after the first "
                        "packet.",
                .source = "libwebrtc: modules/audio_coding/neteq"})
          .add("delay", &JitterBuffer::delay,
               {.def = "80 ms",
                .max = "10 s",
                .help = "fixed: from a packet's expected arrival to its playout; else: the target "
                        "to start with.",
                .source = "libwebrtc NetEq: kStartDelayMs"})
          .property<Duration>(
              "minimum", &boundOf<&JitterBuffer::minimum>, &setBound<&JitterBuffer::minimum>,
              {.def = "0 ms",
               .max = "10 s",
               .help = "Least target of a buffer that adapts.",
               .source = "libwebrtc NetEq: no minimum unless the application sets one"})
          .property<Duration>("maximum", &boundOf<&JitterBuffer::maximum>,
                              &setBound<&JitterBuffer::maximum>,
                              {.def = "3 s",
                               .max = "10 s",
                               .help = "Largest target of a buffer that adapts.",
                               .source = "libwebrtc NetEq: three quarters of 200 packets of 20 ms"})
          .check([](JitterBuffer& buffer, const config::Context& context) {
            if (buffer.kind != JitterBufferKind::fixed) return;
            for (const char* key : {"minimum", "maximum"})
              if (context.has(key))
                context.keyError(key, "has no effect on a fixed buffer",
                                 "leave it out, or write kind: neteq or adaptive");
          });
  return kTable;
}

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
              "rtp-extensions", &Audio::rtp_extensions,
              {.def = "16 B",
               .max = "64 B",
               .help = "RTP header extensions with their header, a multiple of 4 B.",
               .source = "RFC 8285 block with the four extensions that libwebrtc sends with audio"})
          .property<Fec>(
              "fec", &ofOpus<&Audio::fec>, &setOfOpus<&Audio::fec>,
              {.def = "auto",
               .help = "Opus' in-band FEC: auto as the client of the call's profile uses it, off "
                       "never. With red the full copy is used instead.",
               .source = "Chromium: offers useinbandfec=1"})
          .property<bool>(
              "red", &ofOpus<&Audio::red>, &setOfOpus<&Audio::red>,
              {.def = "false",
               .help = "Each packet carries a full copy of the frame before it (RFC 2198), unless "
                       "that is over 1023 B or the payload over 1200 B.",
               .source = "Chromium: RED is not the preferred codec of its offer"})
          .property<RateControl>(
              "rate-control", &ofOpus<&Audio::rate_control>, &setOfOpus<&Audio::rate_control>,
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
          .add("jitter-buffer", &Audio::jitter_buffer,
               {.help = "How the receiver evens out delay.", .source = "libwebrtc: NetEq"})
          .check([](Audio& audio, const config::Context& context) {
            if (audio.codec == AudioCodec::opus) {
              const bool recorded =
                  std::any_of(recordedRates.begin(), recordedRates.end(),
                              [&](int rate) { return audio.bitrate == DataRate::kbps(rate); });
              if (audio.sizes == Sizes::libopus && audio.rate_control == RateControl::cbr)
                context.keyError("sizes", "all frames have the same size at a constant rate",
                                 "leave it out, or write rate-control: vbr");
              if (audio.sizes == Sizes::libopus && audio.frame != Duration::ms(20))
                context.keyError("sizes", "of libopus were recorded of frames of 20 ms only",
                                 "leave it out, or write frame: 20 ms");
              if (audio.sizes == Sizes::libopus && !recorded)
                context.keyError("sizes",
                                 "of libopus were not recorded at " + toText(audio.bitrate),
                                 "write bitrate: 12, 16, 24, 32, 48 or 64 kbit/s, or leave it out");
              if (audio.dtx && audio.talk == Talk::always)
                context.keyError("dtx", "has no effect on speech that never pauses",
                                 "write talk: conversation as well");
              if (audio.talk == Talk::conversation && !audio.dtx &&
                  audio.rate_control == RateControl::cbr)
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
            for (const char* key : {"rate-control", "sizes", "dtx", "talk"})
              if (context.has(key))
                context.keyError(key, codec + " sends the same bytes whoever speaks",
                                 "leave it out, or write codec: opus");
          });
  return kTable;
}

const config::Table<Tcp>& tableOf(const Tcp*) {
  static const config::Table<Tcp> kTable =
      config::Table<Tcp>("tcp", "TCP between a client and its relay, where the call has to use it.")
          .add("model", &Tcp::model,
               {.def = "linux",
                .help =
                    "Which TCP is simulated: linux behaves as Linux 6.1 does, ns3 is ns-3's own.",
                .source = "the kernel that most relays and clients run"})
          .add("send-buffer", &Tcp::send_buffer,
               {.def = "128 KiB",
                .min = "2 KiB",
                .max = "64 MiB",
                .help = "Bytes that a client's socket takes before they are acknowledged; auto "
                        "grows with the congestion window, as Linux does when SO_SNDBUF is not "
                        "set.",
                .source = "Chromium: SO_SNDBUF of its peer-to-peer sockets",
                .absent = "auto"})
          .property<DataSize>("relay-send-buffer", &ofLinux<&Tcp::relay_send_buffer>,
                              &setOfLinux<&Tcp::relay_send_buffer>,
                              {.def = "64 KiB",
                               .min = "2 KiB",
                               .max = "64 MiB",
                               .help = "The same for the relay's end.",
                               .source = "coturn: SO_SNDBUF of its client sockets"})
          .property<DataSize>(
              "unsent-limit", &ofLinux<&Tcp::unsent_limit>, &setOfLinux<&Tcp::unsent_limit>,
              {.def = "64 MiB",
               .min = "1 B",
               .max = "64 MiB",
               .help = "Bytes that either end's socket takes before they are sent for the first "
                       "time; what is more waits in the application, or is dropped there. The "
                       "default is no limit: it is as large as the largest buffer.",
               .source = "Linux: TCP_NOTSENT_LOWAT, net.ipv4.tcp_notsent_lowat"})
          .add("receive-buffer", &Tcp::receive_buffer,
               {.def = "128 KiB",
                .min = "2 KiB",
                .max = "64 MiB",
                .help = "The largest window that a receiver offers; auto grows with what it "
                        "receives, as Linux does when SO_RCVBUF is not set.",
                .source = "Chromium: SO_RCVBUF of its peer-to-peer sockets",
                .absent = "auto"})
          .add("minimum-rto", &Tcp::minimum_rto,
               {.def = "200 ms",
                .min = "1 ms",
                .max = "10 s",
                .help = "Least time without an answer before a segment is sent again.",
                .source = "Linux: TCP_RTO_MIN (RFC 6298 says 1 s)"})
          .add("delayed-ack", &Tcp::delayed_ack,
               {.def = "40 ms",
                .max = "500 ms",
                .help = "Longest wait of an acknowledgement for a second segment.",
                .source = "Linux: TCP_DELACK_MIN; RFC 9293 section 3.8.6.3 allows 500 ms"})
          .add("no-delay", &Tcp::no_delay,
               {.def = "true",
                .help = "Small writes are sent at once (TCP_NODELAY), not gathered (Nagle).",
                .source = "libwebrtc and coturn set TCP_NODELAY"})
          .property<TcpCongestion>(
              "congestion-control", &ofLinux<&Tcp::congestion_control>,
              &setOfLinux<&Tcp::congestion_control>,
              {.def = "cubic",
               .help =
                   "How much may be on its way: cubic (RFC 9438), reno (RFC 5681) or bbr, which "
                   "paces at the bandwidth that it measures and every 10 s sends little for "
                   "200 ms.",
               .source = "Linux: net.ipv4.tcp_congestion_control"})
          .property<TcpRecovery>(
              "recovery", &ofLinux<&Tcp::recovery>, &setOfLinux<&Tcp::recovery>,
              {.def = "rack",
               .help =
                   "How a loss is noticed: rack by time (RFC 8985); duplicates by three "
                   "duplicate acknowledgements (RFC 6675). Tail loss probes are sent with both.",
               .source = "Linux: net.ipv4.tcp_recovery is 1, tcp_early_retrans is 3"})
          .property<std::int32_t>(
              "initial-window", &ofLinux<&Tcp::initial_window>, &setOfLinux<&Tcp::initial_window>,
              {.def = "10",
               .min = "1",
               .max = "1000",
               .help = "Packets that may be sent before the first acknowledgement.",
               .source = "Linux: TCP_INIT_CWND (RFC 6928)"})
          .property<Duration>("maximum-rto", &ofLinux<&Tcp::maximum_rto>,
                              &setOfLinux<&Tcp::maximum_rto>,
                              {.def = "120 s",
                               .min = "1 s",
                               .max = "120 s",
                               .help = "Longest time without an answer before a segment is sent "
                                       "again, after all doublings.",
                               .source = "Linux: TCP_RTO_MAX"})
          .property<Duration>("delayed-ack-maximum", &ofLinux<&Tcp::delayed_ack_maximum>,
                              &setOfLinux<&Tcp::delayed_ack_maximum>,
                              {.def = "200 ms",
                               .min = "0 ms",
                               .max = "500 ms",
                               .help = "Longest that the wait of an acknowledgement may grow to.",
                               .source = "Linux: TCP_DELACK_MAX"})
          .property<std::int32_t>("syn-retries", &ofLinux<&Tcp::syn_retries>,
                                  &setOfLinux<&Tcp::syn_retries>,
                                  {.def = "6",
                                   .min = "0",
                                   .max = "20",
                                   .help = "How often the request for a connection is sent again, "
                                           "after 1 s, 2 s, 4 s and so on.",
                                   .source = "Linux: net.ipv4.tcp_syn_retries"})
          .property<bool>("slow-start-after-idle", &slowStartAfterIdle,
                          &setOfLinux<&Tcp::slow_start_after_idle>,
                          {.def = "true",
                           .help = "After a pause of a time-out the window begins anew, and one "
                                   "that is not used shrinks. Not with bbr.",
                           .source = "Linux: net.ipv4.tcp_slow_start_after_idle; RFC 5681 "
                                     "section 4.1, RFC 7661"})
          .check([](Tcp& tcp, const config::Context& context) {
            if (tcp.model == TcpModel::linux_like) {
              if (tcp.delayed_ack > tcp.delayed_ack_maximum)
                context.keyError("delayed-ack",
                                 "is over delayed-ack-maximum, " + toText(tcp.delayed_ack_maximum),
                                 "write a larger delayed-ack-maximum, of 500 ms at most");
              if (tcp.minimum_rto > tcp.maximum_rto)
                context.keyError("minimum-rto", "is over maximum-rto, " + toText(tcp.maximum_rto),
                                 "write a larger maximum-rto");
              if (tcp.congestion_control == TcpCongestion::bbr &&
                  context.has("slow-start-after-idle"))
                context.keyError("slow-start-after-idle", "has no effect on bbr",
                                 "leave it out, or write congestion-control: cubic");
              return;
            }
            for (const char* key : {"relay-send-buffer", "unsent-limit", "congestion-control",
                                    "recovery", "initial-window", "maximum-rto",
                                    "delayed-ack-maximum", "syn-retries", "slow-start-after-idle"})
              if (context.has(key))
                context.keyError(key, "has no effect on ns-3's TCP",
                                 "leave it out, or write model: linux");
            if (!tcp.send_buffer)
              context.keyError("send-buffer", "ns-3's TCP has no buffer that grows",
                               "write its size, such as 128 KiB");
            if (!tcp.receive_buffer)
              context.keyError("receive-buffer", "ns-3's TCP has no buffer that grows",
                               "write its size, such as 128 KiB");
          });
  return kTable;
}

const config::Table<Transport>& tableOf(const Transport*) {
  static const config::Table<Transport> kTable =
      config::Table<Transport>("transport",
                               "How clients and relays use their TCP connections: what they wrap "
                               "media in, and what they drop when the socket takes no more.")
          .add("security", &Transport::security,
               {.def = "none",
                .help = "What TURN over TCP is wrapped in: TLS costs round trips before media and "
                        "bytes with each packet; pseudo-tls only looks like it to a firewall.",
                .source = "ours: TURN over plain TCP 443"})
          .add("client-queue", &Transport::client_queue,
               {.def = "64 KiB",
                .max = "64 MiB",
                .help = "What a client keeps when its socket is full; more is dropped. 0 B is a "
                        "native client, which drops all that the socket does not take.",
                .source = "Chromium: kMaximumInFlightBytes of its sockets for WebRTC; 0 B: "
                          "libwebrtc's AsyncTCPSocket"})
          .add("relay-queue", &Transport::relay_queue,
               {.def = "32 KiB",
                .max = "64 MiB",
                .help = "What a relay keeps for a client whose socket is full; more is dropped.",
                .source = "coturn: BUFFEREVENT_MAX_UDP_TO_TCP_WRITE"});
  return kTable;
}

const config::Table<Call>& tableOf(const Call*) {
  static const config::Table<Call> kTable =
      config::Table<Call>("call", "Participants who talk for a while.")
          .add("name", &Call::name,
               {.def = "call", .help = "Its name in results and changes.", .source = "ours"})
          .add(
              "kind", &Call::kind,
              {.def = "one-to-one",
               .help = "one-to-one goes from peer to peer or over a relay; group goes over a media "
                       "processor in the region of the first participant.",
               .source = "ours"})
          .add("participants", &Call::participants,
               {.required = true,
                .help = "Who takes part and where, such as [alice@hq, bob@home].",
                .source = "none: must be written"})
          .add("senders", &Call::senders,
               {.help = "Participants who send media; none written: all of them.",
                .source = "ours: everybody's microphone is open"})
          .add("paths", &Call::paths,
               {.def = "[direct, relay-udp, relay-tcp, relay-proxy]",
                .help = "Paths that may be used; the most direct one that works is.",
                .source = "Call flows in Azure Communication Services: direct, else a relay over "
                          "UDP 3478, "
                          "else over TCP 443"})
          .add("start", &Call::start,
               {.def = "0 s",
                .max = "24 h",
                .help = "When the call is set up, in simulated time.",
                .source = "ours"})
          .add("setup", &Call::setup,
               {.def = "1 s",
                .max = "10 min",
                .help = "From there to the first media packet.",
                .source = "ours: about ten round trips of signaling, ICE and DTLS"})
          .add(
              "duration", &Call::duration,
              {.def = "60 s",
               .min = "10 ms",
               .max = "24 h",
               .help = "How long media is sent.",
               .source = "ours: the call quality dashboard of Teams classifies no shorter streams"})
          .add("profile", &Call::profile,
               {.def = "chrome-2026",
                .help = "Which release of which client the participants use: it sets how the "
                        "receiver adapts.",
                .source = "libwebrtc of mid-2020, M125 (2024) and M150 (2026)"})
          .add("audio", &Call::audio, {.help = "The sound.", .source = "libwebrtc"})
          .add("tcp", &Call::tcp,
               {.help = "TCP, where the call uses it.", .source = "Linux, Chromium"})
          .add("transport", &Call::transport,
               {.help = "TLS around TCP, and what is dropped when TCP does not keep up.",
                .source = "Chromium, coturn"})
          .nameKey("name")
          .position(&Call::pos);
  return kTable;
}

}  // namespace callflow::topology
