#include "models/wire/keys.h"
#include "models/firewall/parameters.h"
#include "src/config/table.h"

namespace callflow::config {

template <>
struct EnumNames<firewall::Action> {
  using E = firewall::Action;
  static constexpr std::pair<E, const char*> kValues[] = {{E::allow, "allow"}, {E::deny, "deny"}};
};

template <>
struct EnumNames<firewall::Direction> {
  using E = firewall::Direction;
  static constexpr std::pair<E, const char*> kValues[] = {{E::out, "out"}, {E::in, "in"}};
};

}  // namespace callflow::config

namespace callflow::firewall {

const config::Table<Rule>& tableOf(const Rule*);

namespace {

// `allow: udp` says what is done and with which protocol in one key.
template <Action kAction>
std::optional<RuleProtocol> protocolOf(const Rule& rule) {
  if (rule.action != kAction) return {};
  return rule.protocol;
}

template <Action kAction>
void setProtocol(Rule& rule, const RuleProtocol& protocol) {
  rule.action = kAction;
  rule.protocol = protocol;
}

}  // namespace

const config::Table<Rule>& tableOf(const Rule*) {
  static const config::Table<Rule> kTable =
      config::Table<Rule>("rule",
                          "One line of a firewall: what it matches and what becomes of it. Answers "
                          "to what was let through need no rule.")
          .property<RuleProtocol>("allow", &protocolOf<Action::allow>, &setProtocol<Action::allow>,
                                  {.help = "Let packets of this protocol pass.",
                                   .source = "none: a rule has either allow or deny",
                                   .absent = "-"})
          .property<RuleProtocol>("deny", &protocolOf<Action::deny>, &setProtocol<Action::deny>,
                                  {.help = "Drop packets of this protocol.",
                                   .source = "none: a rule has either allow or deny",
                                   .absent = "-"})
          .add("direction", &Rule::direction,
               {.def = "out",
                .help =
                    "out matches packets from inside to outside, in those that come from outside.",
                .source = "ours: office rules are about what may leave"})
          .add("from", &Rule::from,
               {.def = "any", .help = "Source address: any, azure or a prefix.", .source = "ours"})
          .add("to", &Rule::to,
               {.def = "any",
                .help = "Destination address: any, azure (20.202.0.0/16, where relays and media "
                        "processors "
                        "are) or a prefix.",
                .source = "ours"})
          .add("ports", &Rule::ports,
               {.help = "Destination ports, such as 443 or [443, 3478-3481]; none written: all.",
                .source = "ours"})
          .position(&Rule::pos)
          .check([](Rule& rule, const config::Context& context) {
            rule.text = config::toFlow(*context.node());
            if (context.has("allow") == context.has("deny"))
              context.error(
                  context.has("allow") ? "says both allow and deny" : "says neither allow nor deny",
                  "write one of them, such as {allow: udp, to: azure, ports: 3478-3481}");
          });
  return kTable;
}

const config::Table<Firewall>& tableOf(const Firewall*) {
  static const config::Table<Firewall> kTable =
      config::Table<Firewall>(
          "firewall",
          "A stateful packet filter: the first rule that matches decides, and answers to "
          "what was let through pass.")
          .add("rules", &Firewall::rules,
               {.help = "Rules in the order in which they are tried.",
                .source = "ours: none, the two defaults below decide"})
          .add("default-out", &Firewall::defaultOut,
               {.def = "allow",
                .help = "What becomes of packets from inside that no rule matches.",
                .source = "ours: as office and home firewalls are shipped"})
          .add("default-in", &Firewall::defaultIn,
               {.def = "deny",
                .help = "What becomes of packets from outside that no rule matches and nobody "
                        "asked for.",
                .source = "ours: as office and home firewalls are shipped"})
          .add("udp-timeout", &Firewall::udpIdleTimeout,
               {.def = "120 s",
                .min = "1 s",
                .max = "24 h",
                .help = "How long a UDP flow is remembered without a packet.",
                .source = "Linux nf_conntrack_udp_timeout_stream"})
          .add("tcp-timeout", &Firewall::tcpIdleTimeout,
               {.def = "7440 s",
                .min = "1 s",
                .max = "240 h",
                .help = "How long an open TCP connection is remembered without a packet.",
                .source = "RFC 5382 REQ-5: not less than 2 h 4 min"})
          .add("nat", &Firewall::nat,
               {.help = "Present (`nat: {}`): the firewall also translates addresses, after its "
                        "rules on "
                        "the way out and before them on the way in.",
                .source = "ours: it only filters"});
  return kTable;
}

}  // namespace callflow::firewall
