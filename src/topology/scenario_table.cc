#include "src/topology/scenario_table.h"

#include "src/topology/topology_table.h"
#include "src/units/quoted.h"

namespace callflow::topology {
namespace {

const std::string kAsBefore = "none: it stays as it was";

bool changesNothing(const LinkChange::Direction& direction) {
  return !direction.state && !direction.rate && !direction.delay && !direction.jitter &&
         !direction.loss && !direction.queue;
}

// A name that is empty if there is none.
template <auto kMember>
std::optional<std::optional<std::string>> named(const LinkChange& change) {
  const std::string& name = change.*kMember;
  return name.empty() ? std::optional<std::string>{} : std::optional(name);
}
template <auto kMember>
void setNamed(LinkChange& change, const std::optional<std::string>& name) {
  change.*kMember = name.value_or("");
}

std::optional<ForgetText> forgetOf(const LinkChange& change) {
  return ForgetText{change.forget};
}
void setForget(LinkChange& change, const ForgetText& text) {
  change.forget = text.which;
}

bool onlyState(const LinkChange::Direction& direction) {
  LinkChange::Direction rest = direction;
  rest.state.reset();
  return changesNothing(rest);
}

void checkServerEvent(const LinkChange& change, const config::Context& context) {
  if (change.forget)
    context.keyError("forget", "has no effect on a server", "write state: down");
  else if (change.advertises)
    context.keyError("advertises", "has no effect on a server", "write state: down");
  else if (!onlyState(change.up) || !onlyState(change.down))
    context.error("changes a link at a server", "write only state: down or state: up for a server");
  else if (!change.up.state && !change.down.state)
    context.error("changes nothing", "write state: down");
  else if (change.up.state != change.down.state)
    context.error("changes one direction of a server, which has none", "write state: down");
}

bool onlyLimits(const LinkChange::Direction& direction) {
  return !direction.state && !direction.delay && !direction.jitter && !direction.loss;
}

void checkDeviceEvent(const LinkChange& change, const config::Context& context) {
  const bool nothing = changesNothing(change.up) && changesNothing(change.down);
  if (!onlyLimits(change.up) || !onlyLimits(change.down))
    context.error("changes a link at a device",
                  "write forget: true, udp or tcp, or of a shaper rate: and queue:");
  else if (change.forget && !nothing)
    context.keyError("forget", "has no effect on what holds traffic to a rate",
                     "write an event for each device");
  else if (!change.forget && nothing)
    context.error("changes nothing",
                  "write forget: true, udp or tcp, or of a shaper rate: or queue:");
}

void checkEvent(LinkChange& change, const config::Context& context) {
  const bool nothing = changesNothing(change.up) && changesNothing(change.down);
  const int named =
      int{!change.link.empty()} + int{!change.device.empty()} + int{!change.server.empty()};
  if (named == 0)
    context.error("names neither a link nor a device nor a server",
                  "write one of link: home.uplink, device: home-router and server: our-relay");
  else if (named > 1)
    context.error("names more than one of a link, a device and a server",
                  "write an event for each of them");
  else if (!change.server.empty())
    checkServerEvent(change, context);
  else if (change.advertises && !change.link.ends_with(".peering"))
    context.keyError("advertises", "is what a private peering does",
                     "write link: SITE.peering beside it, or leave it out");
  else if (!change.device.empty())
    checkDeviceEvent(change, context);
  else if (!change.link.empty() && change.forget)
    context.keyError("forget", "has no effect on a link", "write device: and leave link out");
  else if (!change.link.empty() && nothing && !change.advertises)
    context.error("changes nothing", "write for example up: {rate: 1 Mbit/s}");
}

// The `topology:` of a scenario, kept as a node: only the loader knows where paths start.
class TopologyRefType final : public config::RawType {
 public:
  std::string name() const override { return "path or topology"; }
  std::string example() const override { return "topologies/contoso.yaml"; }
  std::shared_ptr<void> make() const override { return std::make_shared<TopologyRef>(); }
  bool overlay(const config::Context& context, void* value) const override {
    static_cast<TopologyRef*>(value)->node = context.node();
    return true;
  }
  config::NodePtr write(const void* value) const override {
    return static_cast<const TopologyRef*>(value)->node;
  }
  config::NodePtr schema(config::SchemaDefinitions& definitions) const override {
    using config::Node;
    const auto& table = tableOf(static_cast<const TopologyFile*>(nullptr));
    const auto entry = [](const char* key, config::NodePtr value) {
      return Node::Entry{key, {}, std::move(value)};
    };
    const auto text = Node::makeMap({entry("type", Node::makeScalar("string", {}, true))});
    const auto inlined = Node::makeMap(
        {entry("$ref", Node::makeScalar("#/definitions/" + definitions.require(table), {}, true))});
    return Node::makeMap({entry("anyOf", Node::makeSequence({text, inlined}))});
  }
};

}  // namespace

const config::Table<LinkChange::Direction>& tableOf(const LinkChange::Direction*) {
  using D = LinkChange::Direction;
  static const config::Table<D> kTable =
      config::Table<D>("event-direction", "What changes in one direction of a link.")
          .add("state", &D::state,
               {.help = "down: it drops what comes and keeps what waits; up: it goes on with that "
                        "at its rate.",
                .source = kAsBefore,
                .absent = "unchanged"})
          .add("rate", &D::rate,
               {.min = "0 bit/s",
                .help = "The new rate, also for what waits; 0 bit/s takes the link down: it drops "
                        "what comes and keeps what waits until it is up again. Of a shaper at "
                        "least 1 kbit/s: its bucket keeps what it holds, at most its burst, which "
                        "changes with the rate if it is a time.",
                .source = kAsBefore,
                .absent = "unchanged"})
          .add("delay", &D::delay,
               {.max = "10 s",
                .help = "The new propagation delay, for what is not on the line yet.",
                .source = kAsBefore,
                .absent = "unchanged"})
          .add("jitter", &D::jitter,
               {.help = "The new jitter.", .source = kAsBefore, .absent = "unchanged"})
          .add("loss", &D::loss,
               {.help = "The new loss.", .source = kAsBefore, .absent = "unchanged"})
          .add("queue", &D::queue,
               {.min = "1 us or 1 B",
                .max = "1 min or 1 GB",
                .help = "The new longest queue; packets already in it stay.",
                .source = kAsBefore,
                .absent = "unchanged"});
  return kTable;
}

const config::Table<LinkChange>& tableOf(const LinkChange*) {
  static const config::Table<LinkChange> kTable =
      config::Table<LinkChange>("event",
                                "A link or a shaper whose parameters change at a time, a device "
                                "that forgets, or a relay that dies or comes back.")
          .add("at", &LinkChange::at,
               {.required = true,
                .max = "48 h",
                .help = "When, in simulated time.",
                .source = "none: must be written"})
          .property<std::optional<std::string>>(
              "link", &named<&LinkChange::link>, &setNamed<&LinkChange::link>,
              {.help = "Which link: SITE.access, SITE.uplink, SITE.wan, SITE.peering or SITE.vpn; "
                       "SITE.access:alice is that of alice alone. A client whose access goes "
                       "down is told so by its system.",
               .source = "none: a link, a device or a server must be written",
               .absent = "none"})
          .property<std::optional<std::string>>(
              "device", &named<&LinkChange::device>, &setNamed<&LinkChange::device>,
              {.help =
                   "Which device, wherever it stands: one of kind nat or firewall, which forgets, "
                   "or of kind shaper, whose rate and queue change.",
               .source = "none: a link, a device or a server must be written",
               .absent = "none"})
          .property<std::optional<std::string>>(
              "server", &named<&LinkChange::server>, &setNamed<&LinkChange::server>,
              {.help = "Which relay, whose state changes: a server of kind relay, or a region for "
                       "Azure's relay there. One that goes down answers nobody and forgets its "
                       "allocations.",
               .source = "none: a link, a device or a server must be written",
               .absent = "none"})
          .property<ForgetText>(
              "forget", &forgetOf, &setForget,
              {.def = "false",
               .help = "The device loses its mappings and connections: true all of them, as when "
                       "it is started anew, udp or tcp those of one protocol.",
               .source = "ours"})
          .add("advertises", &LinkChange::advertises,
               {.help = "Of a peering: whose addresses it tells Azure of from then on, as in "
                        "peering:. Who is behind it goes on to send as before.",
                .source = kAsBefore,
                .absent = "unchanged"})
          .bothWays("up", &LinkChange::up, "down", &LinkChange::down,
                    {.help = "Only this direction: up leads away from the participant.",
                     .source = "as written for both"})
          .position(&LinkChange::pos)
          .check(&checkEvent);
  return kTable;
}

const config::Table<Variant>& tableOf(const Variant*) {
  static const config::Table<Variant> kTable =
      config::Table<Variant>("variant", "The scenario with some keys changed.")
          .add("change", &Variant::change,
               {.help =
                    "New values by key path: of the topology (devices.fw.rules), of calls by name "
                    "(calls.standup.audio.bitrate), of traffic, of events, or topology itself.",
                .source = "ours: nothing changes"});
  return kTable;
}

const config::Table<Axis>& tableOf(const Axis*) {
  static const config::Table<Axis> kTable =
      config::Table<Axis>("axis", "Keys that take one value after another.")
          .add("key", &Axis::keys,
               {.required = true,
                .help = "The key path, as in change:, or several that take the same value.",
                .source = "none: must be written"})
          .add("values", &Axis::values,
               {.required = true,
                .help = "The values that the keys take in turn.",
                .source = "none: must be written"})
          .add("labels", &Axis::labels,
               {.help = "What results call the values, one for each: a round trip, say, that "
                        "several delays make up.",
                .source = "ours: the values as written"})
          .position(&Axis::pos);
  return kTable;
}

const config::Table<ScenarioFile>& tableOf(const ScenarioFile*) {
  static const config::Table<ScenarioFile> kTable =
      config::Table<ScenarioFile>("scenario", "Calls over a network, in one or several variants.")
          .add("scenario", &ScenarioFile::name,
               {.def = "scenario",
                .help = "Its name, for titles and the folder of its results.",
                .source = "ours"})
          .add("title", &ScenarioFile::title,
               {.help = "One line for plots and reports.", .source = "ours: the name"})
          .add("topology", &ScenarioFile::topology,
               {.required = true,
                .help = "The network: a path from this file's folder, or the network itself.",
                .source = "none: must be written"})
          .add("change", &ScenarioFile::change,
               {.help = "New values by key path, in every variant.",
                .source = "ours: nothing changes"})
          .add("calls", &ScenarioFile::calls,
               {.required = true, .help = "What is said.", .source = "none: must be written"})
          .add("traffic", &ScenarioFile::traffic,
               {.help = "What else crosses the network: uploads, downloads, other media.",
                .source = "ours: none"})
          .add("events", &ScenarioFile::events,
               {.help = "Links and shapers that change during the run, devices that forget, relays "
                        "that die.",
                .source = "ours: none"})
          .add("variants", &ScenarioFile::variants,
               {.help = "Variants by name, run and compared side by side; none written: the "
                        "scenario as it "
                        "stands.",
                .source = "ours: none"})
          .add("sweep", &ScenarioFile::sweep,
               {.help = "Axes by name; every variant is run in every cell that they span.",
                .source = "ours: none"})
          .add("runs", &ScenarioFile::runs,
               {.def = "5",
                .min = "1",
                .max = "10000",
                .help = "How often each variant is run, with other random numbers each time.",
                .source = "ours: enough for a first confidence interval"})
          .add("seed", &ScenarioFile::seed,
               {.def = "1",
                .help = "Where random numbers start; run k of every variant draws the same ones.",
                .source = "ours"})
          .add("warm-up", &ScenarioFile::warmUp,
               {.def = "2 s",
                .max = "1 h",
                .help = "Media of each call's first moments that is not scored.",
                .source = "ours: NetEq and TCP have settled by then"})
          .add("drain", &ScenarioFile::drain,
               {.def = "5 s",
                .max = "10 min",
                .help = "Time for what is on its way after the last packet is sent.",
                .source = "ours: several retransmission time-outs of TCP"})
          .add("expect", &ScenarioFile::expect,
               {.help = "Promises about the results, such as audio.mos.p5 >= 3.6 in udp-open, "
                        "standup connects in tcp-only or audio.mos.mean of tcp-only - udp-open "
                        ">= -0.3; `run` ends with exit code 3 if one is broken.",
                .source = "ours: none"})
          .check([](ScenarioFile& file, const config::Context& context) {
            if (file.name.empty())
              context.keyError("scenario", "is an empty name", "write one, or leave the key out");
          });
  return kTable;
}

}  // namespace callflow::topology

namespace callflow::config {

const ScalarInfo& Scalar<topology::ForgetText>::info() {
  static const ScalarInfo kInfo{.name = "true, false, udp or tcp",
                                .example = "true",
                                .pattern = "^(udp|tcp)$",
                                .jsonTypes = {"boolean", "string"}};
  return kInfo;
}

Parsed<topology::ForgetText> Scalar<topology::ForgetText>::parse(std::string_view text) {
  if (text == "udp") return {topology::ForgetText{wire::RuleProtocol::udp}, {}};
  if (text == "tcp") return {topology::ForgetText{wire::RuleProtocol::tcp}, {}};
  const auto all = Scalar<bool>::parse(text);
  if (all.value) {
    topology::ForgetText forgets;
    if (*all.value) forgets.which = wire::RuleProtocol::any;
    return {forgets, {}};
  }
  // "yes" and its like are told which of the two they mean.
  for (const char* const meant : {"true", "false"})
    if (all.problem.ends_with("write " + std::string(meant))) return {std::nullopt, all.problem};
  return {std::nullopt, quoted(text) + " is not true, false, udp or tcp; write one of these"};
}

std::string Scalar<topology::ForgetText>::print(const topology::ForgetText& value) {
  if (!value.which) return "false";
  if (*value.which == wire::RuleProtocol::any) return "true";
  return *value.which == wire::RuleProtocol::udp ? "udp" : "tcp";
}

const ScalarInfo& Scalar<topology::ExpectationText>::info() {
  static const ScalarInfo kInfo{.name = "expectation",
                                .example = "audio.mos.p5 >= 3.6 in udp-open",
                                .pattern =
                                    "^([^<>=]+(->[^<>=]+)? *(<|<=|>|>=) *-?[0-9.]+ ?[^ ]*|.+ "
                                    "(connects|is blocked))( in .+)?$"};
  return kInfo;
}

const ScalarInfo& Scalar<topology::KeyPath>::info() {
  static const ScalarInfo kInfo{
      .name = "key path", .example = "sites.hq.uplink.loss.mean", .pattern = "^[^ ]+$"};
  return kInfo;
}

const ValueType& TypeFor<topology::TopologyRef>::get() {
  static const topology::TopologyRefType kType;
  return kType;
}

}  // namespace callflow::config
