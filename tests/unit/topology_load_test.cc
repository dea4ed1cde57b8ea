// Files in, data out: defaults, short forms, variants, and the resolved file that reads back.
#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "src/config/table_base.h"
#include "src/topology/load.h"
#include "src/topology/reference.h"
#include "src/topology/regions.h"
#include "src/topology/scenario_table.h"
#include "src/topology/topology_table.h"

using namespace callflow;
using namespace callflow::topology;

namespace {

namespace fs = std::filesystem;

std::string fileWith(const std::string& name, const std::string& text) {
  const fs::path path = fs::path(CALLFLOW_TEST_DIR) / name;
  std::ofstream(path, std::ios::binary) << text;
  return path.string();
}

std::string contents(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

Topology topologyOf(const std::string& text) {
  Diagnostics diagnostics;
  const auto topology = loadTopology(fileWith("topology.yaml", text), diagnostics);
  INFO(diagnostics.render("failed"));
  REQUIRE(topology);
  return *topology;
}

Scenario scenarioOf(const std::string& text) {
  Diagnostics diagnostics;
  const auto scenario = loadScenario(fileWith("scenario.yaml", text), diagnostics);
  INFO(diagnostics.render("failed"));
  REQUIRE(scenario);
  return *scenario;
}

const Site& siteOf(const Topology& topology, const std::string& name) {
  for (const auto& [key, site] : topology.sites)
    if (key == name) return site;
  FAIL("no site " << name);
  std::abort();
}

std::string ruleFile(const std::string& rules) {
  return "sites: {hq: {perimeter: fw}}\ndevices: {fw: {kind: firewall, rules: " + rules + "}}\n";
}

Firewall firewallOf(const Topology& topology) {
  return std::get<Firewall>(topology.devices.at(0).second.kind);
}

}  // namespace

TEST_CASE("a site of no words has the defaults of an office") {
  const Topology topology = topologyOf("sites: {hq: {}}\n");
  REQUIRE(topology.sites.size() == 1);
  const Site& hq = topology.sites[0].second;
  CHECK_FALSE(hq.remote);
  CHECK(hq.access.up.rate == DataRate::mbps(1000));
  CHECK(hq.access.down.delay == Duration::us(200));
  REQUIRE(hq.uplink);
  CHECK(hq.uplink->up.rate == DataRate::mbps(200));
  CHECK(hq.uplink->down.delay == Duration::ms(4));
  CHECK_FALSE(hq.uplink->up.queue.has_value());
  CHECK_FALSE(hq.wan);
  CHECK(topology.internet.stretch == 1.8);
  CHECK(topology.azure.regions.size() == builtInRegions().size());
  CHECK(topology.azure.everyRegion);
  CHECK(topology.azure.edges.empty());  // all cities
}

TEST_CASE("a remote user has the line and the router of a home") {
  const Topology topology = topologyOf(
      "remote: {home: {nat: router, location: eastus}}\ndevices: {router: {kind: nat}}\n");
  const Site& home = topology.sites.at(0).second;
  CHECK(home.remote);
  CHECK(home.perimeter == std::vector<std::string>{"router"});
  REQUIRE(home.uplink);
  CHECK(home.uplink->up.rate == DataRate::mbps(5));
  CHECK(home.uplink->down.rate == DataRate::mbps(20));
  CHECK(home.location.latitude == findRegion("eastus")->location.latitude);
  const Location berlin = topologyOf("sites: {hq: {location: berlin}}\n").sites[0].second.location;
  CHECK((int(berlin.latitude) == 52 && int(berlin.longitude) == 13));
  CHECK(std::get<Nat>(topology.devices.at(0).second.kind).udpTimeout == Duration::s(120));
}

TEST_CASE("a rate written for both directions holds for both, whatever a home has by default") {
  const Topology topology = topologyOf("remote: {home: {uplink: {rate: 50 Mbit/s}}}\n");
  const Site& home = topology.sites.at(0).second;
  CHECK(home.uplink->up.rate == DataRate::mbps(50));
  CHECK(home.uplink->down.rate == DataRate::mbps(50));
  CHECK(home.uplink->up.delay == Duration::ms(8));
}

TEST_CASE("the tables are sound") {
  CHECK(config::selfCheck(tableOf(static_cast<const TopologyFile*>(nullptr))).empty());
  CHECK(config::selfCheck(tableOf(static_cast<const ScenarioFile*>(nullptr))).empty());
}

TEST_CASE("a site with a wan has no uplink unless it says so") {
  const Topology topology = topologyOf(
      "sites:\n"
      "  hq: {}\n"
      "  branch: {wan: {to: hq, delay: 9 ms}}\n"
      "  depot: {wan: {to: hq}, uplink: {delay: 7 ms}}\n"
      "  cellar: {uplink: none}\n");
  const Site& branch = siteOf(topology, "branch");
  CHECK_FALSE(branch.uplink);
  REQUIRE(branch.wan);
  CHECK(branch.wan->to == "hq");
  CHECK(branch.wan->link.up.delay == Duration::ms(9));
  CHECK(branch.wan->link.down.rate == DataRate::mbps(20));
  const Site& depot = siteOf(topology, "depot");
  REQUIRE(depot.uplink);
  CHECK(depot.uplink->up.delay == Duration::ms(7));
  CHECK(depot.uplink->up.rate == DataRate::mbps(200));
  CHECK_FALSE(siteOf(topology, "cellar").uplink);
}

TEST_CASE("links have short forms, and each direction its own values") {
  const Topology topology = topologyOf(
      "sites:\n"
      "  hq:\n"
      "    access: {loss: 1%, jitter: 0.5 ms, queue: 64 kB}\n"
      "    uplink: {rate: 20 Mbit/s, loss: {mean: 0.1%, burst: 3 packets}, up: {rate: 5 Mbit/s},\n"
      "             down: {loss: {mean: 2%, burst: 60 ms, drop: [2, 5]}}}\n");
  const Site& hq = topology.sites.at(0).second;
  CHECK(hq.access.up.loss.mean == Ratio::percent(1));
  CHECK(hq.access.down.loss.mean == Ratio::percent(1));
  CHECK(hq.access.up.jitter.mean == Duration::us(500));
  CHECK(std::get<DataSize>(*hq.access.up.queue) == DataSize::bytes(64'000));
  CHECK(hq.uplink->up.rate == DataRate::mbps(5));
  CHECK(hq.uplink->down.rate == DataRate::mbps(20));
  CHECK(hq.uplink->up.loss.mean == Ratio::ppb(1'000'000));
  CHECK(std::get<PacketCount>(*hq.uplink->up.loss.burst).count == 3);
  CHECK(std::get<Duration>(*hq.uplink->down.loss.burst) == Duration::ms(60));
  CHECK(hq.uplink->down.loss.drop == std::vector<std::int64_t>{2, 5});
}

TEST_CASE("a rule says action and protocol in one key") {
  const Firewall firewall = firewallOf(topologyOf(ruleFile(
      "[{allow: udp, to: azure, ports: 3478-3481}, {allow: tcp, to: 10.0.0.0/8, ports: [80, "
      "443]}, {deny: any, direction: in, from: 192.0.2.7}]")));
  REQUIRE(firewall.rules.size() == 3);
  CHECK(firewall.rules[0].action == RuleAction::allow);
  CHECK(firewall.rules[0].protocol == RuleProtocol::udp);
  CHECK(std::get<Service>(firewall.rules[0].to.at(0)) == Service::azure);
  CHECK(std::holds_alternative<AnyAddress>(firewall.rules[0].from.at(0)));
  REQUIRE(firewall.rules[0].ports.size() == 1);
  CHECK(firewall.rules[0].ports[0].first == 3478);
  CHECK(firewall.rules[0].ports[0].last == 3481);
  CHECK(firewall.rules[0].text == "{allow: udp, to: azure, ports: 3478-3481}");
  CHECK(firewall.rules[0].pos.line == 2);
  const auto prefix = std::get<Ipv4Prefix>(firewall.rules[1].to.at(0));
  CHECK(prefix.address == wire::Ipv4::of(10, 0, 0, 0));
  CHECK(prefix.length == 8);
  CHECK(firewall.rules[1].ports.size() == 2);
  CHECK(firewall.rules[2].action == RuleAction::deny);
  CHECK(firewall.rules[2].direction == RuleDirection::in);
  CHECK(std::get<Ipv4Prefix>(firewall.rules[2].from.at(0)).length == 32);
  CHECK(firewall.defaultOut == RuleAction::allow);
  CHECK(firewall.defaultIn == RuleAction::deny);
  CHECK_FALSE(firewall.nat);
}

TEST_CASE("a call of no words is an audio call as WebRTC makes it") {
  const Scenario scenario =
      scenarioOf("topology: {sites: {hq: {}}}\ncalls: [{participants: [alice@hq, bob@hq]}]\n");
  REQUIRE(scenario.cases.size() == 1);
  CHECK(scenario.cases[0].variant == "base");
  const Call& call = scenario.cases[0].calls.at(0);
  CHECK(call.name == "call");
  CHECK(call.kind == CallKind::oneToOne);
  CHECK(call.participants[1].name == "bob");
  CHECK(call.participants[1].site == "hq");
  CHECK(call.paths == std::vector<PathKind>{PathKind::direct, PathKind::relayUdp,
                                            PathKind::relayTcp, PathKind::relayProxy});
  CHECK(call.setup == Duration::s(1));
  CHECK(call.duration == Duration::s(60));
  CHECK(call.audio.bitrate == DataRate::kbps(32));
  CHECK(call.audio.frame == Duration::ms(20));
  CHECK(call.audio.rtpExtensions == DataSize::bytes(16));
  CHECK(call.audio.jitterBuffer.kind == JitterBufferKind::neteq);
  CHECK(call.audio.jitterBuffer.delay == Duration::ms(80));
  CHECK(call.audio.jitterBuffer.maximum == Duration::s(3));
  CHECK(call.tcp.minimumRto == Duration::ms(200));
  CHECK(call.tcp.delayedAckMinimum == Duration::ms(40));
  CHECK(call.tcp.noDelay);
}

TEST_CASE("variants change single keys and leave the rest") {
  const Scenario scenario = scenarioOf(
      "topology:\n"
      "  sites: {hq: {perimeter: fw}}\n"
      "  remote: {home: {}}\n"
      "  devices: {fw: {kind: firewall, rules: [{allow: udp}]}}\n"
      "change: {sites.hq.uplink.loss: 1%}\n"
      "calls: [{name: chat, participants: [alice@hq, bob@home]}]\n"
      "events: [{at: 3 s, link: hq.uplink, up: {rate: 1 Mbit/s}}]\n"
      "variants:\n"
      "  open: {}\n"
      "  closed:\n"
      "    change:\n"
      "      devices.fw.rules: [{allow: tcp, ports: 443}, {deny: any}]\n"
      "      calls.chat.audio.bitrate: 64 kbit/s\n"
      "      sites.hq.uplink.up.queue: 10 kB\n"
      "expect: [audio.mos.p5 >= 3.6 in open, audio.one_way_delay_p95 <= 0.15 s]\n");
  REQUIRE(scenario.cases.size() == 2);
  const Case& open = scenario.cases[0];
  const Case& closed = scenario.cases[1];
  CHECK(open.variant == "open");
  CHECK(firewallOf(open.topology).rules.size() == 1);
  CHECK(firewallOf(closed.topology).rules.size() == 2);
  CHECK(open.calls[0].audio.bitrate == DataRate::kbps(32));
  CHECK(closed.calls[0].audio.bitrate == DataRate::kbps(64));
  for (const Case& one : scenario.cases) {
    CHECK(siteOf(one.topology, "hq").uplink->up.loss.mean == Ratio::percent(1));
    CHECK(siteOf(one.topology, "hq").uplink->down.loss.mean == Ratio::percent(1));
    REQUIRE(one.events.size() == 1);
    CHECK(one.events[0].up.rate == DataRate::mbps(1));
    CHECK_FALSE(one.events[0].down.rate);
  }
  CHECK(std::get<DataSize>(*siteOf(closed.topology, "hq").uplink->up.queue) ==
        DataSize::bytes(10'000));
  CHECK_FALSE(siteOf(closed.topology, "hq").uplink->down.queue.has_value());

  REQUIRE(scenario.expect.size() == 2);
  CHECK(nameOf(scenario.expect[0].measure) == "audio.mos");
  CHECK(scenario.expect[0].statistic == "p5");
  CHECK(scenario.expect[0].relation == metrics::Relation::greaterEqual);
  CHECK(scenario.expect[0].limit == 3.6);
  CHECK(scenario.expect[0].variant == "open");
  CHECK(nameOf(scenario.expect[1].measure) == "audio.one_way_delay_p95");
  CHECK(scenario.expect[1].statistic == "mean");
  CHECK(scenario.expect[1].limit == Approx(150));  // in ms
  CHECK(scenario.expect[1].variant.empty());
}

TEST_CASE("a sweep puts every variant into every cell") {
  const Scenario scenario = scenarioOf(R"(
topology: {sites: {hq: {}}, remote: {home: {}}}
calls: [{name: chat, participants: [alice@hq, bob@home]}]
variants:
  udp: {change: {calls.chat.paths: [relay-udp]}}
  tcp: {change: {calls.chat.paths: [relay-tcp]}}
sweep:
  loss: {key: sites.hq.uplink.loss.mean, values: [0%, 2%]}
  rtt: {key: [sites.hq.uplink.delay, remote.home.uplink.delay], values: [5 ms, 25 ms, 50 ms],
        labels: [20 ms, 100 ms, 200 ms]}
expect:
  - audio.mos.mean >= 3 in tcp
  - audio.mos.mean >= 4 in udp, loss 0%, rtt 20 ms
  - audio.mos of tcp - udp >= -1
)");
  REQUIRE(scenario.cases.size() == 12);
  CHECK(scenario.cases[0].variant == "udp, loss 0%, rtt 20 ms");
  CHECK(scenario.cases[1].variant == "udp, loss 0%, rtt 100 ms");
  CHECK(scenario.cases[3].variant == "udp, loss 2%, rtt 20 ms");
  const Case& last = scenario.cases[11];
  CHECK(last.variant == "tcp, loss 2%, rtt 200 ms");
  CHECK(last.base == "tcp");
  REQUIRE(last.cell.size() == 2);
  CHECK(last.cell[1].axis == "rtt");
  CHECK(last.cell[1].value == "200 ms");
  CHECK(last.calls[0].paths == std::vector<PathKind>{PathKind::relayTcp});
  CHECK(siteOf(last.topology, "hq").uplink->up.delay == Duration::ms(50));
  CHECK(siteOf(last.topology, "home").uplink->down.delay == Duration::ms(50));
  CHECK(siteOf(last.topology, "hq").uplink->up.loss.mean == Ratio::percent(2));
  CHECK(siteOf(scenario.cases[0].topology, "hq").uplink->up.loss.mean == Ratio::percent(0));
  // A promise about a variant holds in each of its cells, one about a cell there only, and a
  // difference is one within a cell.
  REQUIRE(scenario.expect.size() == 13);
  CHECK(scenario.expect[0].variant == "tcp, loss 0%, rtt 20 ms");
  CHECK(scenario.expect[6].variant == "udp, loss 0%, rtt 20 ms");
  CHECK(scenario.expect[12].variant == "tcp, loss 2%, rtt 200 ms");
  CHECK(scenario.expect[12].subtracted == "udp, loss 2%, rtt 200 ms");
}

TEST_CASE("without variants a case is called by its cell") {
  const Scenario scenario = scenarioOf(R"(
topology: {sites: {hq: {}}, remote: {home: {}}}
calls: [{participants: [alice@hq, bob@home]}]
sweep: {loss: {key: sites.hq.uplink.loss.mean, values: [0%, 2%]}}
)");
  REQUIRE(scenario.cases.size() == 2);
  CHECK(scenario.cases[1].variant == "loss 2%");
  CHECK(scenario.cases[1].base == "base");
}

TEST_CASE("a topology is found from the scenario's folder, and a variant may take another") {
  fs::create_directories(fs::path(CALLFLOW_TEST_DIR) / "nets");
  fileWith("nets/small.yaml", "topology: small\nsites: {hq: {}}\n");
  fileWith("nets/large.yaml", "topology: large\nsites: {hq: {}, branch: {wan: {to: hq}}}\n");
  const Scenario scenario = scenarioOf(
      "topology: nets/small.yaml\n"
      "calls: [{participants: [alice@hq, bob@hq]}]\n"
      "variants:\n"
      "  small: {}\n"
      "  large: {change: {sites.branch.wan.delay: 30 ms, topology: nets/large.yaml}}\n");
  CHECK(scenario.cases.at(0).topology.name == "small");
  CHECK(scenario.cases.at(1).topology.name == "large");
  CHECK(siteOf(scenario.cases[1].topology, "branch").wan->link.up.delay == Duration::ms(30));
  REQUIRE(scenario.inputs.size() == 3);
  CHECK(scenario.inputs[0].file == scenario.file);
  CHECK(scenario.inputs[1].text == "topology: small\nsites: {hq: {}}\n");
}

TEST_CASE("the resolved file of each case of each shipped scenario reads back to itself") {
  const fs::path folder = fs::path(CALLFLOW_SOURCE_DIR) / "scenarios";
  int files = 0;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() != ".yaml") continue;
    ++files;
    INFO(entry.path().filename());
    Diagnostics diagnostics;
    const auto scenario = loadScenario(entry.path().string(), diagnostics);
    INFO(diagnostics.render("failed"));
    REQUIRE(scenario);
    for (const Case& one : scenario->cases) {
      Diagnostics again;
      const auto reread = loadScenario(fileWith("resolved.yaml", one.resolvedYaml), again);
      INFO(one.resolvedYaml);
      INFO(again.render("failed"));
      REQUIRE(reread);
      REQUIRE(reread->cases.size() == 1);
      CHECK(reread->cases[0].variant == one.base);  // of a sweep, without the cell
      CHECK(reread->cases[0].resolvedYaml == one.resolvedYaml);
      CHECK(reread->runs == scenario->runs);
      CHECK(reread->seed == scenario->seed);
      CHECK(reread->warmUp == scenario->warmUp);
    }
  }
  CHECK(files >= 7);
}

TEST_CASE("a file is told from its keys") {
  Diagnostics diagnostics;
  CHECK(fileKind(fileWith("a.yaml", "sites: {}\n"), diagnostics) == FileKind::topology);
  CHECK(fileKind(fileWith("b.yaml", "calls: []\n"), diagnostics) == FileKind::scenario);
  CHECK_FALSE(fileKind(fileWith("c.yaml", ""), diagnostics));
  CHECK(diagnostics.errorCount() == 1);
}

TEST_CASE("the committed reference pages are what the tables say") {
  const fs::path folder = fs::path(CALLFLOW_SOURCE_DIR) / "docs" / "reference";
  const std::vector<std::pair<std::string, std::string>> pages = {
      {"topology.md", topologyReference()},
      {"scenario.md", scenarioReference()},
      {"topology.schema.json", topologySchema()},
      {"scenario.schema.json", scenarioSchema()}};
  for (const auto& [name, text] : pages) {
    if (std::getenv("CALLFLOW_APPROVE") != nullptr)
      std::ofstream(folder / name, std::ios::binary) << text;
    INFO(name << "; CALLFLOW_APPROVE=1 writes it anew");
    CHECK(text == contents(folder / name));
  }
}

TEST_CASE("every kind has its help") {
  const auto kinds = helpKinds();
  CHECK(kinds.size() >= 20);
  for (const std::string& kind : kinds) {
    INFO(kind);
    const auto text = helpText(kind);
    REQUIRE(text);
    CHECK(text->find(kind) != std::string::npos);
  }
  CHECK_FALSE(helpText("firewal"));
}

TEST_CASE("names have letters and digits of any script") {
  const Topology net = topologyOf("sites: {Büro-1: {}, 東京: {}, Ωmega_2: {}, ٣: {}}\n");
  CHECK(net.sites.size() == 4);
  const Scenario scenario = scenarioOf(
      "topology: {sites: {Büro: {}}}\n"
      "calls: [{name: Besprechung-Ä, participants: [Åsa@Büro, Олег@Büro]}]\n");
  CHECK(scenario.cases[0].calls[0].participants[1].name == "Олег");
}

TEST_CASE("merge keys take what the map does not say itself") {
  const Topology net = topologyOf(
      "sites:\n"
      "  a: &a {proxy: true, access: {delay: 7 ms}, location: [1, 2]}\n"
      "  b: &b {proxy: false, uplink: {delay: 9 ms}}\n"
      "  c: {<<: [*a, *b], location: [3, 4]}\n"
      "  d: {location: [5, 6], <<: *a}\n");
  const Site& c = siteOf(net, "c");
  CHECK(c.proxy.present);                          // of the first that is merged
  CHECK(c.access.up.delay == Duration::ms(7));     // only there
  CHECK(c.uplink->up.delay == Duration::ms(9));    // of the second
  CHECK(c.location.latitude == 3);                 // its own
  CHECK(siteOf(net, "d").location.latitude == 5);  // wherever the merge key stands
  CHECK(siteOf(net, "d").access.up.delay == Duration::ms(7));
}

TEST_CASE("variants add and remove calls, devices and sites") {
  const Scenario scenario = scenarioOf(
      "topology:\n"
      "  sites: {hq: {}, annex: {}}\n"
      "  remote: {home: {}}\n"
      "  devices: {old: {kind: nat}}\n"
      "calls:\n"
      "  - {name: daily, participants: [a@hq, b@home]}\n"
      "  - {name: weekly, participants: [a@hq, c@annex]}\n"
      "variants:\n"
      "  now: {}\n"
      "  then:\n"
      "    change:\n"
      "      calls.weekly: none\n"
      "      calls.nightly: {participants: [a@hq, d@tower], duration: 9 s}\n"
      "      sites.annex: none\n"
      "      sites.tower: {perimeter: [new]}\n"
      "      devices.old: none\n"
      "      devices.new: {kind: nat}\n");
  REQUIRE(scenario.cases.size() == 2);
  const Case& then = scenario.cases[1];
  REQUIRE(then.calls.size() == 2);
  CHECK(then.calls[0].name == "daily");
  CHECK(then.calls[1].name == "nightly");
  CHECK(then.calls[1].duration == Duration::s(9));
  REQUIRE(then.topology.sites.size() == 3);
  CHECK(then.topology.sites[1].first == "tower");
  REQUIRE(then.topology.devices.size() == 1);
  CHECK(then.topology.devices[0].first == "new");
  CHECK(scenario.cases[0].calls.size() == 2);  // the other variant is as it was
  CHECK(scenario.cases[0].topology.sites.size() == 3);
}

TEST_CASE("settings hold in every variant, after its own changes, and are in the resolved file") {
  const std::string file = fileWith("set.yaml",
                                    "topology: {sites: {hq: {uplink: {rate: 1 Mbit/s}}}}\n"
                                    "calls: [{name: chat, participants: [a@hq, b@hq]}]\n"
                                    "variants:\n"
                                    "  slow: {change: {sites.hq.uplink.rate: 2 Mbit/s}}\n"
                                    "  late: {change: {sites.hq.uplink.delay: 99 ms}}\n"
                                    "runs: 7\n"
                                    "expect: [audio.mos >= 2 in slow, audio.mos >= 3 in late]\n");
  Diagnostics diagnostics;
  Overrides overrides;
  overrides.settings = {{"sites.hq.uplink.rate", "5 Mbit/s"}, {"runs", "3"}};
  const auto scenario = loadScenario(file, diagnostics, overrides);
  INFO(diagnostics.render("failed"));
  REQUIRE(scenario);
  CHECK(scenario->runs == 3);
  for (const Case& one : scenario->cases) {
    CHECK(siteOf(one.topology, "hq").uplink->up.rate == DataRate::mbps(5));
    CHECK(one.resolvedYaml.find("rate: 5 Mbit/s") != std::string::npos);
    CHECK(one.resolvedYaml.find("runs: 3") != std::string::npos);
  }
  overrides.variants = {"late"};
  const auto only = loadScenario(file, diagnostics, overrides);
  REQUIRE(only);
  REQUIRE(only->cases.size() == 1);
  CHECK(only->cases[0].variant == "late");
  REQUIRE(only->expect.size() == 1);
  CHECK(only->expect[0].variant == "late");

  const auto said = [&](const Overrides& asked) {
    Diagnostics found;
    CHECK_FALSE(loadScenario(file, found, asked));
    REQUIRE(!found.all().empty());
    return found.all().front().render();
  };
  Overrides wrong;
  wrong.settings = {{"sites.hq.uplink.rat", "1 Mbit/s"}};
  CHECK(said(wrong).find("did you mean \"rate\"?") != std::string::npos);
  CHECK(said(wrong).find("--set sites.hq.uplink.rat: error") == 0);
  wrong.settings = {{"sites.hq.uplink.rate", "fast"}};
  CHECK(said(wrong).find("--set sites.hq.uplink.rate") == 0);
  wrong.settings.clear();
  wrong.variants = {"lat"};
  CHECK(said(wrong).find("has no variant \"lat\"; did you mean \"late\"?") != std::string::npos);
}

TEST_CASE("a setting that holds fast what an axis sweeps is refused") {
  const std::string file =
      fileWith("set-axis.yaml",
               "topology: {sites: {hq: {}}}\n"
               "calls: [{name: chat, participants: [a@hq, b@hq]}]\n"
               "sweep: {delay: {key: sites.hq.uplink.delay, values: [1 ms, 2 ms]}}\n");
  Diagnostics diagnostics;
  Overrides overrides;
  overrides.settings = {{"sites.hq.uplink.delay", "3 ms"}};
  CHECK_FALSE(loadScenario(file, diagnostics, overrides));
  CHECK(diagnostics.all().front().problem.find("axis \"delay\"") != std::string::npos);
}
