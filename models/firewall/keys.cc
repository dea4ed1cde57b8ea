#include "models/fabric/keys.h"
#include "models/firewall/parameters.h"
#include "models/wire/keys.h"
#include "src/config/table.h"

namespace callflow::config {

template <>
struct EnumNames<firewall::Action> {
  using E = firewall::Action;
  static constexpr std::pair<E, const char*> kValues[] = {
      {E::allow, "allow"}, {E::deny, "deny"}, {E::reject, "reject"}};
};

template <>
struct EnumNames<firewall::Direction> {
  using E = firewall::Direction;
  static constexpr std::pair<E, const char*> kValues[] = {{E::out, "out"}, {E::in, "in"}};
};

template <>
struct EnumNames<firewall::Inspection> {
  using E = firewall::Inspection;
  static constexpr std::pair<E, const char*> kValues[] = {{E::tls, "tls"}};
};

template <>
struct EnumNames<firewall::WhenFull> {
  using E = firewall::WhenFull;
  static constexpr std::pair<E, const char*> kValues[] = {{E::refuse, "refuse"},
                                                          {E::forgetOldest, "forget-oldest"}};
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

void checkAction(const config::Context& context) {
  std::string said;
  int actions = 0;
  for (const char* key : {"allow", "deny", "reject"}) {
    if (!context.has(key)) continue;
    said += (actions++ > 0 ? " and " : "") + std::string(key);
  }
  const char* const advice = "write one of them, such as {allow: udp, to: azure, ports: 3478-3481}";
  if (actions == 0) context.error("says neither allow, deny nor reject", advice);
  if (actions == 2) context.error("says both " + said, advice);
  if (actions == 3) context.error("says " + said, advice);
}

void checkRule(Rule& rule, const config::Context& context) {
  rule.text = config::toFlow(*context.node());
  checkAction(context);
  if (rule.since && rule.until && *rule.until <= *rule.since)
    context.keyError("until", "is not after since", "write a later time, or leave one of them out");
  if (rule.action != Action::allow && rule.timeout)
    context.keyError("timeout", "has no effect on a rule that lets nothing pass",
                     "write it at the rule that does, or leave it out");
  if (!rule.inspect) return;
  if (rule.action != Action::allow)
    context.keyError("inspect", "has no effect on a rule that lets nothing pass",
                     "write it at the rule that does, or leave it out");
  else if (rule.protocol == RuleProtocol::udp)
    context.keyError("inspect", "has no effect on UDP", "write allow: tcp, or leave it out");
}

}  // namespace

const config::Table<Rule>& tableOf(const Rule*) {
  static const config::Table<Rule> kTable =
      config::Table<Rule>("rule",
                          "One line of a firewall: what it matches and what becomes of it. Answers "
                          "to what was let through need no rule.")
          .property<RuleProtocol>("allow", &protocolOf<Action::allow>, &setProtocol<Action::allow>,
                                  {.help = "Let packets of this protocol pass.",
                                   .source = "none: a rule has one of allow, deny and reject",
                                   .absent = "-"})
          .property<RuleProtocol>("deny", &protocolOf<Action::deny>, &setProtocol<Action::deny>,
                                  {.help = "Drop packets of this protocol.",
                                   .source = "none: a rule has one of allow, deny and reject",
                                   .absent = "-"})
          .property<RuleProtocol>("reject", &protocolOf<Action::reject>,
                                  &setProtocol<Action::reject>,
                                  {.help = "Drop packets of this protocol, and tell their sender.",
                                   .source = "none: a rule has one of allow, deny and reject",
                                   .absent = "-"})
          .add("direction", &Rule::direction,
               {.def = "out",
                .help =
                    "out matches packets from inside to outside, in those that come from outside.",
                .source = "ours: office rules are about what may leave"})
          .add("from", &Rule::from,
               {.def = "any",
                .help = "Source address: any, a prefix, a service (as for to), the name of a site "
                        "(its subnets), of somebody (alice@hq), of a site's proxy (hq/proxy), of "
                        "a NAT, of a VPN (its clients) or of a server; or a list of these.",
                .source = "ours"})
          .add("to", &Rule::to,
               {.def = "any",
                .help = "Destination address, as for from. Services: azure and acs-media are "
                        "20.202.0.0/16, where relays and media processors are; acs-signaling is "
                        "52.112.0.0/14 and 52.120.0.0/14.",
                .source = "ours; of signaling Microsoft publishes host names only: these are "
                          "Teams' ranges"})
          .add("ports", &Rule::ports,
               {.help = "Destination ports, such as 443 or [443, 3478-3481]; none written: all.",
                .source = "ours"})
          .add("dscp", &Rule::dscp,
               {.help = "One of these marks, such as ef or [af41, af42]; none written: any.",
                .source = "ours"})
          .add("since", &Rule::since,
               {.help = "The rule holds from this time of the simulation on.",
                .source = "ours: from its start",
                .absent = "start"})
          .add("until", &Rule::until,
               {.help = "The rule holds before this time of the simulation. An allow that ends "
                        "lets connections live that are open.",
                .source = "ours: to its end",
                .absent = "end"})
          .add("after", &Rule::after,
               {.help = "The rule holds for flows of which so many packets have passed, both ways "
                        "together: an inspection that lets the first packets through.",
                .source = "ours: for all packets",
                .absent = "none"})
          .add("timeout", &Rule::timeout,
               {.min = "1 s",
                .max = "240 h",
                .help = "How long connections that this rule lets through are remembered without a "
                        "packet.",
                .source = "ours: as udp-timeout and tcp-timeout say",
                .absent = "same"})
          .add("inspect", &Rule::inspect,
               {.help = "tls: what it lets through over TCP must look like TLS. TURN over plain "
                        "TCP does not, TURN in TLS and pseudo-TLS does.",
                .source = "ours: none",
                .absent = "none"})
          .position(&Rule::pos)
          .check(&checkRule);
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
          .add("udp-unreplied-timeout", &Firewall::udpUnrepliedTimeout,
               {.def = "30 s",
                .min = "1 s",
                .max = "24 h",
                .help = "The same while no answer has come, if that is shorter.",
                .source = "Linux nf_conntrack_udp_timeout"})
          .add("tcp-timeout", &Firewall::tcpIdleTimeout,
               {.def = "7440 s",
                .min = "1 s",
                .max = "240 h",
                .help = "How long an open TCP connection is remembered without a packet.",
                .source = "RFC 5382 REQ-5: not less than 2 h 4 min"})
          .add("state-table", &Firewall::stateTable,
               {.min = "1",
                .max = "10000000",
                .help = "The largest number of connections that it remembers.",
                .source = "ours: no limit. Linux nf_conntrack_max is 262144 from 4 GB of memory on",
                .absent = "unlimited"})
          .add("when-full", &Firewall::whenFull,
               {.def = "refuse",
                .help = "What becomes of a new connection when the table is full: refuse drops its "
                        "packets; forget-oldest forgets the one that is idle longest.",
                .source = "Linux: new flows are dropped"})
          .add("nat", &Firewall::nat,
               {.help = "Present (`nat: {}`): the firewall also translates addresses, after its "
                        "rules on "
                        "the way out and before them on the way in.",
                .source = "ours: it only filters"})
          .check([](Firewall& mine, const config::Context& context) {
            // The resolved file writes the default, which says nothing.
            if (!mine.stateTable && mine.whenFull != WhenFull::refuse)
              context.keyError("when-full", "has no effect, as the table has no limit",
                               "write state-table: 10000, or leave it out");
          });
  return kTable;
}

}  // namespace callflow::firewall
