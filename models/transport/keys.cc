#include "models/transport/keys.h"

namespace callflow::transport {
namespace {

// What only the Linux-like TCP has; a call over ns3's has none to write.
template <class X>
std::optional<X> given(const X& value) {
  return value;
}
template <class X>
std::optional<X> given(const std::optional<X>& value) {
  return value;
}

template <auto Tcp::*kKey>
auto ofLinux(const Tcp& tcp) {
  return tcp.model == TcpModel::linuxLike ? given(tcp.*kKey) : decltype(given(tcp.*kKey)){};
}

template <auto Tcp::*kKey>
void setOfLinux(Tcp& tcp, const typename decltype(ofLinux<kKey>(tcp))::value_type& value) {
  tcp.*kKey = value;
}

// BBR neither restarts nor shrinks its window after a pause.
std::optional<bool> slowStartAfterIdle(const Tcp& tcp) {
  if (tcp.congestion == CongestionAlgorithm::bbr) return {};
  return ofLinux<&Tcp::slowStartAfterIdle>(tcp);
}

}  // namespace

const config::Table<Tcp>& tableOf(const Tcp*) {
  static const config::Table<Tcp> kTable =
      config::Table<Tcp>("tcp", "TCP between a client and its relay, where the call has to use it.")
          .add("model", &Tcp::model,
               {.def = "linux",
                .help =
                    "Which TCP is simulated: linux behaves as Linux 6.1 does, ns3 is ns-3's own.",
                .source = "the kernel that most relays and clients run"})
          .add("send-buffer", &Tcp::sendBuffer,
               {.def = "128 KiB",
                .min = "2 KiB",
                .max = "64 MiB",
                .help = "Bytes that a client's socket takes before they are acknowledged; auto "
                        "grows with the congestion window, as Linux does when SO_SNDBUF is not "
                        "set.",
                .source = "Chromium: SO_SNDBUF of its peer-to-peer sockets",
                .absent = "auto"})
          .property<DataSize>(
              "relay-send-buffer", &ofLinux<&Tcp::serverSendBuffer>,
              &setOfLinux<&Tcp::serverSendBuffer>,
              {.def = "64 KiB",
               .min = "2 KiB",
               .max = "64 MiB",
               .help = "Bytes that the relay's socket takes before they are acknowledged; "
                       "always a size, as relays set one.",
               .source = "coturn: SO_SNDBUF of its client sockets"})
          .property<DataSize>(
              "unsent-limit", &ofLinux<&Tcp::notSentLowWater>, &setOfLinux<&Tcp::notSentLowWater>,
              {.def = "64 MiB",
               .min = "1 B",
               .max = "64 MiB",
               .help = "Bytes that either end's socket takes before they are sent for the first "
                       "time; what is more waits in the application, or is dropped there. The "
                       "default is no limit: it is as large as the largest buffer.",
               .source = "Linux: TCP_NOTSENT_LOWAT, net.ipv4.tcp_notsent_lowat"})
          .add("receive-buffer", &Tcp::receiveBuffer,
               {.def = "128 KiB",
                .min = "2 KiB",
                .max = "64 MiB",
                .help = "The largest window that a receiver offers; auto grows with what it "
                        "receives, as Linux does when SO_RCVBUF is not set.",
                .source = "Chromium: SO_RCVBUF of its peer-to-peer sockets",
                .absent = "auto"})
          .add("minimum-rto", &Tcp::minimumRto,
               {.def = "200 ms",
                .min = "1 ms",
                .max = "10 s",
                .help = "Least time without an answer before a segment is sent again.",
                .source = "Linux: TCP_RTO_MIN (RFC 6298 says 1 s)"})
          .add("delayed-ack", &Tcp::delayedAckMinimum,
               {.def = "40 ms",
                .max = "500 ms",
                .help = "Longest wait of an acknowledgement for a second segment.",
                .source = "Linux: TCP_DELACK_MIN; RFC 9293 section 3.8.6.3 allows 500 ms"})
          .add("no-delay", &Tcp::noDelay,
               {.def = "true",
                .help = "Small writes are sent at once (TCP_NODELAY), not gathered (Nagle).",
                .source = "libwebrtc and coturn set TCP_NODELAY"})
          .property<CongestionAlgorithm>(
              "congestion-control", &ofLinux<&Tcp::congestion>, &setOfLinux<&Tcp::congestion>,
              {.def = "cubic",
               .help =
                   "How much may be on its way: cubic (RFC 9438), reno (RFC 5681) or bbr, which "
                   "paces at the bandwidth that it measures and every 10 s sends little for "
                   "200 ms.",
               .source = "Linux: net.ipv4.tcp_congestion_control"})
          .property<LossRecovery>(
              "recovery", &ofLinux<&Tcp::recovery>, &setOfLinux<&Tcp::recovery>,
              {.def = "rack",
               .help =
                   "How a loss is noticed: rack by time (RFC 8985); duplicates by three "
                   "duplicate acknowledgements (RFC 6675). Tail loss probes are sent with both.",
               .source = "Linux: net.ipv4.tcp_recovery is 1, tcp_early_retrans is 3"})
          .property<std::int32_t>(
              "initial-window", &ofLinux<&Tcp::initialWindow>, &setOfLinux<&Tcp::initialWindow>,
              {.def = "10",
               .min = "1",
               .max = "1000",
               .help = "Packets that may be sent before the first acknowledgement.",
               .source = "Linux: TCP_INIT_CWND (RFC 6928)"})
          .property<Duration>("maximum-rto", &ofLinux<&Tcp::maximumRto>,
                              &setOfLinux<&Tcp::maximumRto>,
                              {.def = "120 s",
                               .min = "1 s",
                               .max = "120 s",
                               .help = "Longest time without an answer before a segment is sent "
                                       "again, after all doublings.",
                               .source = "Linux: TCP_RTO_MAX"})
          .property<Duration>("delayed-ack-maximum", &ofLinux<&Tcp::delayedAckMaximum>,
                              &setOfLinux<&Tcp::delayedAckMaximum>,
                              {.def = "200 ms",
                               .min = "0 ms",
                               .max = "500 ms",
                               .help = "Longest that the wait of an acknowledgement may grow to.",
                               .source = "Linux: TCP_DELACK_MAX"})
          .property<std::int32_t>("syn-retries", &ofLinux<&Tcp::synRetries>,
                                  &setOfLinux<&Tcp::synRetries>,
                                  {.def = "6",
                                   .min = "0",
                                   .max = "20",
                                   .help = "How often the request for a connection is sent again, "
                                           "after 1 s, 2 s, 4 s and so on.",
                                   .source = "Linux: net.ipv4.tcp_syn_retries"})
          .property<bool>("slow-start-after-idle", &slowStartAfterIdle,
                          &setOfLinux<&Tcp::slowStartAfterIdle>,
                          {.def = "true",
                           .help = "After a pause of a time-out the window begins anew, and one "
                                   "that is not used shrinks. Not with bbr.",
                           .source = "Linux: net.ipv4.tcp_slow_start_after_idle; RFC 5681 "
                                     "section 4.1, RFC 7661"})
          .check([](Tcp& tcp, const config::Context& context) {
            if (tcp.model == TcpModel::linuxLike) {
              if (tcp.delayedAckMinimum > tcp.delayedAckMaximum)
                context.keyError("delayed-ack",
                                 "is over delayed-ack-maximum, " + toText(tcp.delayedAckMaximum),
                                 "write a larger delayed-ack-maximum, of 500 ms at most");
              if (tcp.minimumRto > tcp.maximumRto)
                context.keyError("minimum-rto", "is over maximum-rto, " + toText(tcp.maximumRto),
                                 "write a larger maximum-rto");
              if (tcp.congestion == CongestionAlgorithm::bbr &&
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
            if (!tcp.sendBuffer)
              context.keyError("send-buffer", "ns-3's TCP has no buffer that grows",
                               "write its size, such as 128 KiB");
            if (!tcp.receiveBuffer)
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
          .add("client-queue", &Transport::clientQueue,
               {.def = "64 KiB",
                .max = "64 MiB",
                .help = "What a client keeps when its socket is full; more is dropped. 0 B is a "
                        "native client, which drops all that the socket does not take.",
                .source = "Chromium: kMaximumInFlightBytes of its sockets for WebRTC; 0 B: "
                          "libwebrtc's AsyncTCPSocket"})
          .add("relay-queue", &Transport::relayQueue,
               {.def = "32 KiB",
                .max = "64 MiB",
                .help = "What a relay keeps for a client whose socket is full; more is dropped.",
                .source = "coturn: BUFFEREVENT_MAX_UDP_TO_TCP_WRITE"});
  return kTable;
}

}  // namespace callflow::transport
