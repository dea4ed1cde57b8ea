#include "models/vpn/keys.h"

#include "models/transport/keys.h"
#include "models/vpn/parameters.h"
#include "models/wire/keys.h"
#include "src/config/table.h"

namespace callflow::config {

template <>
struct EnumNames<vpn::Carriage> {
  using E = vpn::Carriage;
  static constexpr std::pair<E, const char*> kValues[] = {{E::udp, "udp"}, {E::tcp, "tcp"}};
};

template <>
struct EnumNames<vpn::KeepaliveFrom> {
  using E = vpn::KeepaliveFrom;
  static constexpr std::pair<E, const char*> kValues[] = {{E::client, "client"}, {E::both, "both"}};
};

template <>
struct EnumNames<vpn::SegmentClamp> {
  using E = vpn::SegmentClamp;
  static constexpr std::pair<E, const char*> kValues[] = {{E::fits, "fits"}, {E::none, "none"}};
};

}  // namespace callflow::config

namespace callflow::firewall {

const config::Table<Rule>& tableOf(const Rule*);

}  // namespace callflow::firewall

namespace callflow::vpn {
namespace {

template <auto kMember>
std::optional<std::decay_t<decltype(std::declval<Encapsulation>().*kMember)>> ofTunnel(
    const Vpn& vpn) {
  return vpn.encapsulation.*kMember;
}

template <auto kMember>
void setOfTunnel(Vpn& vpn,
                 const std::decay_t<decltype(std::declval<Encapsulation>().*kMember)>& value) {
  vpn.encapsulation.*kMember = value;
}

constexpr DataSize kTunQueue = DataSize::bytes(750'000);

void check(Vpn& vpn, const config::Context& context) {
  // The resolved file writes the defaults, which say nothing.
  if (vpn.largestSegment && vpn.clamp == SegmentClamp::none)
    context.keyError("largest-segment", "has no effect beside clamp-mss: none",
                     "write only one of them");
  const bool udp = vpn.encapsulation.over == Carriage::udp;
  if (udp && !vpn.fallback && context.has("queue") && vpn.queue != kTunQueue)
    context.keyError("queue", "has no effect over udp", "write over: tcp, or leave it out");
  if (!udp && vpn.fallback)
    context.keyError("fallback", "has no effect over tcp", "write over: udp, or leave it out");
  // WireGuard's preset has a size, and sends none by itself.
  for (const char* const key : {"keepalive-size", "keepalive-from"})
    if (!vpn.keepalive && !context.has("keepalive") && context.has(key))
      context.keyError(key, "has no effect without keepalive",
                       "write keepalive: 20 s beside it, or leave it out");
}

}  // namespace

const config::Table<Fallback>& tableOf(const Fallback*) {
  static const config::Table<Fallback> kTable =
      config::Table<Fallback>("fallback",
                              "How a VPN is carried over TCP where UDP does not get through.")
          .add("port", &Fallback::port,
               {.def = "443", .min = "1", .help = "The gateway's TCP port.", .source = "HTTPS"})
          .add("overhead", &Fallback::overhead,
               {.def = "37 B",
                .max = "500 B",
                .help = "What the stream holds beside each packet, without TCP and IP; nothing is "
                        "padded.",
                .source = "AnyConnect's TLS: header 8, TLS record 29 (RFC 5288)"});
  return kTable;
}

const config::Table<Vpn>& tableOf(const Vpn*) {
  static const config::Table<Vpn> kTable =
      config::Table<Vpn>(
          "vpn",
          "A VPN: a gateway, named in the perimeter of the site where it stands, and what its "
          "clients (sites with vpn: NAME) do. Each participant there has a tunnel to it.")
          .presets("preset", vpnPresets(),
                   {.help = "A protocol or product by name; what is written beside it wins.",
                    .source = "ours: none, which is IPsec as Windows and others come with it"})
          .property<Carriage>("over", &ofTunnel<&Encapsulation::over>,
                              &setOfTunnel<&Encapsulation::over>,
                              {.def = "udp",
                               .help = "What carries the tunnel's packets. Over tcp all that is in "
                                       "it waits for each lost packet.",
                               .source = "RFC 3948: IPsec through NATs"})
          .property<std::uint16_t>(
              "port", &ofTunnel<&Encapsulation::port>, &setOfTunnel<&Encapsulation::port>,
              {.def = "4500", .min = "1", .help = "The gateway's port.", .source = "RFC 3948"})
          .property<DataSize>(
              "overhead", &ofTunnel<&Encapsulation::overhead>,
              &setOfTunnel<&Encapsulation::overhead>,
              {.def = "60 B",
               .max = "500 B",
               .help = "What it adds to each packet: over udp all from the outer IP header on, "
                       "over tcp what the stream holds of it, without TCP and IP.",
               .source = "ESP with AES-GCM in UDP: IP 20, UDP 8, SPI and number 8, IV 8, ICV 16 "
                         "(RFC 4303, 4106, 3948)"})
          .property<DataSize>("trailer", &ofTunnel<&Encapsulation::trailer>,
                              &setOfTunnel<&Encapsulation::trailer>,
                              {.def = "2 B",
                               .max = "64 B",
                               .help = "Bytes behind the packet that are padded with it.",
                               .source = "RFC 4303: length of padding and next header"})
          .property<DataSize>("block", &ofTunnel<&Encapsulation::block>,
                              &setOfTunnel<&Encapsulation::block>,
                              {.def = "4 B",
                               .min = "1 B",
                               .max = "64 B",
                               .help = "Packets with their trailer are padded to a multiple of it.",
                               .source = "RFC 4303 section 2.4"})
          .property<DataSize>(
              "mtu", &ofTunnel<&Encapsulation::mtu>, &setOfTunnel<&Encapsulation::mtu>,
              {.def = "1400 B",
               .min = "576 B",
               .max = "9000 B",
               .help =
                   "Largest packet that enters in one piece. Larger ones of UDP are cut before, "
                   "those of TCP are dropped (clamp-mss prevents that).",
               .source = "Windows: TunnelMTU; strongSwan: charon-nm"})
          .add("fallback", &Vpn::fallback,
               {.help = "Present (`fallback: {}`): where UDP does not get through between a client "
                        "and the gateway when the tunnel comes up, it goes over TCP.",
                .source = "ours: none, so that there is no tunnel"})
          .add("keepalive", &Vpn::keepalive,
               {.min = "1 ms",
                .max = "1 h",
                .help = "An end that has sent nothing for so long sends a packet, so that NATs and "
                        "firewalls do not forget the tunnel.",
                .source = "ours: none. IPsec 20 s (RFC 3948 section 4), OpenVPN's servers 10 s, "
                          "WireGuard none, or 25 s where a NAT is in front"})
          .add("keepalive-size", &Vpn::keepaliveSize,
               {.def = "29 B",
                .min = "1 B",
                .max = "500 B",
                .help = "Size of that packet: over udp the outer IP packet, over tcp what the "
                        "stream holds. What falls back to TCP sends an empty packet.",
                .source = "RFC 3948 section 2.3: IP 20, UDP 8, one byte"})
          .add("keepalive-from", &Vpn::keepaliveFrom,
               {.def = "client",
                .help = "Which ends send it.",
                .source = "RFC 3948 section 4: who is behind the NAT"})
          .add("reconnect", &Vpn::reconnect,
               {.def = "0 s",
                .max = "10 min",
                .help = "After SITE.vpn was down (events): time from its being up again until the "
                        "tunnel carries packets, in which the client finds out, shakes hands and "
                        "logs in.",
                .source = "ours: at once. Clients take 2 to 15 s"})
          .add("clamp-mss", &Vpn::clamp,
               {.def = "fits",
                .help = "What TCP through the tunnel is told of its mtu: fits, segments that fit; "
                        "none, nothing, so that full segments vanish (a black hole).",
                .source = "RFC 4459 section 3.2"})
          .add("largest-segment", &Vpn::largestSegment,
               {.min = "256 B",
                .max = "8960 B",
                .help = "The segment size that it writes into connections through it.",
                .source = "ours: what fits its mtu; OpenVPN's mssfix"})
          .property<bool>(
              "copy-dscp", [](const Vpn& vpn) { return std::optional{vpn.copiesDscp}; },
              [](Vpn& vpn, bool copies) { vpn.copiesDscp = copies; },
              {.def = "true",
               .help = "Outer packets have the DSCP of what is in them; false: 0.",
               .source = "RFC 4301 section 5.1.2; strongSwan: copy_dscp. WireGuard and "
                         "OpenVPN write 0"})
          .add("only", &Vpn::only,
               {.help = "Split tunnel: only these destinations (prefixes, azure) go through it.",
                .source = "ours: a full tunnel, all but the own local network"})
          .add("except", &Vpn::except,
               {.help = "Split tunnel: these destinations (prefixes, azure) go around it.",
                .source = "ours: none"})
          .add("clients", &Vpn::clients,
               {.def = "10.255.0.0/16",
                .help = "Addresses that clients get in it.",
                .source = "ours"})
          .add("capacity", &Vpn::capacity,
               {.def = "unlimited",
                .min = "10 kbit/s",
                .help = "What the gateway can encrypt and decrypt, of all clients and both ways "
                        "together.",
                .source = "ours: none"})
          .add("backlog", &Vpn::backlog,
               {.def = "50 ms",
                .max = "10 s",
                .help = "Longest wait at a gateway that has too much to do; more is dropped.",
                .source = "ours: as a link's queue"})
          .add("processing", &Vpn::processing,
               {.def = "50 us",
                .max = "1 s",
                .help = "Time that a packet takes at the gateway, and at the client.",
                .source = "10 to 100 us with AES instructions, 50 to 300 us in a process of its "
                          "own (OpenVPN)"})
          .add("rules", &Vpn::rules,
               {.help = "A firewall's rules at the gateway for what is in tunnels: out is from a "
                        "client (also to another client), in to one. What no rule matches passes.",
                .source = "ours: none"})
          .add("tcp", &Vpn::tcp,
               {.def = "{}", .help = "The tunnel's connection, over tcp.", .source = "Linux"})
          .add("queue", &Vpn::queue,
               {.def = "750 kB",
                .min = "1500 B",
                .max = "100 MB",
                .help = "What waits in front of the tunnel's socket, over tcp; more is dropped.",
                .source = "Linux: TUN_READQ_SIZE of 500 packets"})
          .check(check);
  return kTable;
}

}  // namespace callflow::vpn
