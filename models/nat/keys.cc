#include "models/nat/keys.h"

#include "models/nat/parameters.h"
#include "models/wire/keys.h"
#include "src/config/table.h"

namespace callflow::config {

template <>
struct EnumNames<nat::Dependence> {
  using E = nat::Dependence;
  static constexpr std::pair<E, const char*> kValues[] = {
      {E::endpointIndependent, "endpoint-independent"},
      {E::addressDependent, "address-dependent"},
      {E::addressAndPortDependent, "address-and-port-dependent"}};
};

template <>
struct EnumNames<nat::PortChoice> {
  using E = nat::PortChoice;
  static constexpr std::pair<E, const char*> kValues[] = {
      {E::preserve, "preserve"}, {E::sequential, "sequential"}, {E::random, "random"}};
};

template <>
struct EnumNames<nat::Collision> {
  using E = nat::Collision;
  static constexpr std::pair<E, const char*> kValues[] = {
      {E::next, "next"}, {E::random, "random"}, {E::overload, "overload"}};
};

template <>
struct EnumNames<nat::Pooling> {
  using E = nat::Pooling;
  static constexpr std::pair<E, const char*> kValues[] = {{E::paired, "paired"},
                                                          {E::arbitrary, "arbitrary"}};
};

template <>
struct EnumNames<nat::Refresh> {
  using E = nat::Refresh;
  static constexpr std::pair<E, const char*> kValues[] = {{E::out, "out"}, {E::both, "both"}};
};

}  // namespace callflow::config

namespace callflow::nat {
namespace {

// The word, and where it comes from if it is not written.
std::string overloadOf(const config::Context& context) {
  const config::Node::Entry* preset = context.node()->find("preset");
  if (context.has("on-collision") || preset == nullptr) return "overload";
  return "overload, which preset " + preset->value->text() + " has,";
}

// Values that leave no port, or that say something which nothing could come of.
void checkNat(Nat& nat, const config::Context& context) {
  const std::int64_t ports = std::int64_t{nat.portRange.last} - nat.portRange.first + 1;
  if (nat.oneToOne) {
    for (const char* key : {"mapping", "ports", "on-collision", "parity", "port-range",
                            "ports-per-host", "pooling"}) {
      if (context.has(key))
        context.keyError(key, "has no effect beside one-to-one, which changes no port",
                         "remove it, or one-to-one");
    }
  } else if (nat.portsPerHost > ports) {
    context.keyError("ports-per-host",
                     "is more than the " + std::to_string(ports) + " ports of port-range",
                     "write at most " + std::to_string(ports));
  }
  if (nat.onCollision == Collision::overload) {
    const std::string overload = overloadOf(context);
    if (nat.ports != PortChoice::preserve)
      context.keyError("on-collision", overload + " shares preserved ports, and none is preserved",
                       "write \"ports: preserve\", or on-collision: next");
    if (nat.filtering != Dependence::addressAndPortDependent)
      context.keyError("on-collision",
                       overload + " needs the remote endpoint to tell who a packet is for",
                       "write \"filtering: address-and-port-dependent\", or on-collision: next");
  }
  if (nat.portsPerHost > 0 && nat.pooling == Pooling::arbitrary)
    context.keyError("pooling", "arbitrary gives hosts several addresses, and a block is of one",
                     "write \"pooling: paired\", or ports-per-host: 0");
}

}  // namespace

const config::Table<Nat>& tableOf(const Nat*) {
  static const config::Table<Nat> kTable =
      config::Table<Nat>("nat",
                         "Address translation (RFC 4787): which public address and port an inside "
                         "endpoint gets, for whom, and for how long.")
          .add("mapping", &Nat::mapping,
               {.def = "endpoint-independent",
                .help = "How much of the remote endpoint a public port is for: nothing, its "
                        "address, or its address and port. All but the first are called symmetric.",
                .source = "RFC 4787 REQ-1"})
          .add("filtering", &Nat::filtering,
               {.def = "address-and-port-dependent",
                .help = "Who may send to a public port: anybody, addresses that it has sent to, or "
                        "addresses and ports that it has sent to.",
                .source = "ours: the strictest, as home routers do (RFC 4787 REQ-8)"})
          .add("ports", &Nat::ports,
               {.def = "preserve",
                .help = "Which public port is tried first: the inside one, the next, or any.",
                .source = "RFC 4787 section 4.2.1"})
          .add("on-collision", &Nat::onCollision,
               {.def = "next",
                .help = "If another inside endpoint has the port that is to be preserved: the next "
                        "free one, a random one, or the same one as long as the remote endpoints "
                        "differ (overload, as Linux does).",
                .source = "RFC 4787 REQ-3"})
          .add("parity", &Nat::parity,
               {.def = "true",
                .help = "An even port for an even one, if there is one.",
                .source = "RFC 4787 REQ-4"})
          .add("port-range", &Nat::portRange,
               {.def = "1024-65535",
                .help = "Public ports to give away, of UDP and TCP apart.",
                .source = "RFC 4787 REQ-3"})
          .add("ports-per-host", &Nat::portsPerHost,
               {.def = "0",
                .min = "0",
                .max = "64512",
                .help = "A block of so many ports for each inside host, for good; 0: no blocks. A "
                        "host that needs more, or that comes when all are given out, is refused.",
                .source = "ours: none (RFC 6888 REQ-4)"})
          .add("addresses", &Nat::addresses,
               {.def = "1",
                .min = "1",
                .max = "128",
                .help = "Public addresses, one behind the other.",
                .source = "ours: one"})
          .add("pooling", &Nat::pooling,
               {.def = "paired",
                .help = "Of several addresses: one for all that a host sends, or by turns.",
                .source = "RFC 4787 REQ-2"})
          .add("hairpin", &Nat::hairpin,
               {.def = "false",
                .help = "Packets from inside to one of its own public addresses turn, seen as from "
                        "a public address.",
                .source = "ours: many do not, though RFC 4787 REQ-9 asks for it"})
          .add("one-to-one", &Nat::oneToOne,
               {.def = "false",
                .help = "A public address for each inside host, as many as there are addresses; "
                        "ports stay.",
                .source = "ours: hosts share an address"})
          .add("udp-timeout", &Nat::udpTimeout,
               {.def = "120 s",
                .min = "1 s",
                .max = "24 h",
                .help = "How long a UDP mapping lives without a packet from inside.",
                .source = "RFC 4787 REQ-5: not less than two minutes"})
          .add("udp-unreplied-timeout", &Nat::udpUnrepliedTimeout,
               {.min = "1 s",
                .max = "24 h",
                .help = "The same while nothing has come back from the remote endpoint.",
                .source = "ours: as udp-timeout",
                .absent = "same"})
          .add("tcp-timeout", &Nat::tcpTimeout,
               {.def = "7440 s",
                .min = "1 s",
                .max = "240 h",
                .help = "How long a TCP mapping lives without a packet.",
                .source = "RFC 5382 REQ-5: not less than 2 h 4 min"})
          .add("refresh", &Nat::refresh,
               {.def = "out",
                .help = "Whose packets keep a mapping alive: those from inside, or both ways.",
                .source = "RFC 4787 REQ-6"})
          .presets("preset", natPresets(),
                   {.help = "A product's NAT; keys beside it win.", .source = "ours: none"})
          .check(checkNat);
  return kTable;
}

}  // namespace callflow::nat
