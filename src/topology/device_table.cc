// Boxes: firewalls and NATs.
#include "src/topology/topology_table.h"

namespace callflow::topology {
namespace {

// `allow: udp` says what is done and with which protocol in one key.
template <RuleAction action>
std::optional<RuleProtocol> protocolOf(const FirewallRule& rule) {
  if (rule.action != action) return {};
  return rule.protocol;
}

template <RuleAction action>
void setProtocol(FirewallRule& rule, const RuleProtocol& protocol) {
  rule.action = action;
  rule.protocol = protocol;
}

}  // namespace

const config::Table<Nat>& tableOf(const Nat*) {
  static const config::Table<Nat> kTable =
      config::Table<Nat>(
          "nat",
          "Address and port translation: endpoint-independent mapping, address-and-port-"
          "dependent filtering (RFC 4787).")
          .add("udp-timeout", &Nat::udp_timeout,
               {.def = "120 s",
                .min = "1 s",
                .max = "24 h",
                .help = "How long a UDP mapping lives without a packet from inside.",
                .source = "RFC 4787 REQ-5: not less than two minutes"})
          .add("tcp-timeout", &Nat::tcp_timeout,
               {.def = "7440 s",
                .min = "1 s",
                .max = "240 h",
                .help = "How long a TCP mapping lives without a packet.",
                .source = "RFC 5382 REQ-5: not less than 2 h 4 min"});
  return kTable;
}

const config::Table<FirewallRule>& tableOf(const FirewallRule*) {
  static const config::Table<FirewallRule> kTable =
      config::Table<FirewallRule>(
          "rule",
          "One line of a firewall: what it matches and what becomes of it. Answers "
          "to what was let through need no rule.")
          .property<RuleProtocol>("allow", &protocolOf<RuleAction::allow>,
                                  &setProtocol<RuleAction::allow>,
                                  {.help = "Let packets of this protocol pass.",
                                   .source = "none: a rule has either allow or deny",
                                   .absent = "-"})
          .property<RuleProtocol>("deny", &protocolOf<RuleAction::deny>,
                                  &setProtocol<RuleAction::deny>,
                                  {.help = "Drop packets of this protocol.",
                                   .source = "none: a rule has either allow or deny",
                                   .absent = "-"})
          .add("direction", &FirewallRule::direction,
               {.def = "out",
                .help =
                    "out matches packets from inside to outside, in those that come from outside.",
                .source = "ours: office rules are about what may leave"})
          .add("from", &FirewallRule::from,
               {.def = "any", .help = "Source address: any, azure or a prefix.", .source = "ours"})
          .add("to", &FirewallRule::to,
               {.def = "any",
                .help = "Destination address: any, azure (20.202.0.0/16, where relays and media "
                        "processors "
                        "are) or a prefix.",
                .source = "ours"})
          .add("ports", &FirewallRule::ports,
               {.help = "Destination ports, such as 443 or [443, 3478-3481]; none written: all.",
                .source = "ours"})
          .position(&FirewallRule::pos)
          .check([](FirewallRule& rule, const config::Context& context) {
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
          .add("default-out", &Firewall::default_out,
               {.def = "allow",
                .help = "What becomes of packets from inside that no rule matches.",
                .source = "ours: as office and home firewalls are shipped"})
          .add("default-in", &Firewall::default_in,
               {.def = "deny",
                .help = "What becomes of packets from outside that no rule matches and nobody "
                        "asked for.",
                .source = "ours: as office and home firewalls are shipped"})
          .add("udp-timeout", &Firewall::udp_idle_timeout,
               {.def = "120 s",
                .min = "1 s",
                .max = "24 h",
                .help = "How long a UDP flow is remembered without a packet.",
                .source = "Linux nf_conntrack_udp_timeout_stream"})
          .add("tcp-timeout", &Firewall::tcp_idle_timeout,
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

const config::Table<Device>& tableOf(const Device*) {
  static const config::Table<Device> kTable =
      config::Table<Device>("device", "A box on the way out of a site.")
          .kinds(
              "kind", &Device::kind,
              {.required = true, .help = "What the box does.", .source = "none: must be written"})
          .position(&Device::pos);
  return kTable;
}

}  // namespace callflow::topology
