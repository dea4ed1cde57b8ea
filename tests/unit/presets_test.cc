// Presets of links: what they set, what wins over them, and what the resolved file shows.
#include <catch2/catch.hpp>

#include "models/fabric/keys.h"
#include "src/config/load.h"
#include "src/config/table.h"
#include "src/topology/reference.h"
#include "src/topology/topology_table.h"

using namespace callflow;
using namespace callflow::topology;
using fabric::Cells;
using fabric::Overhead;

namespace {

TopologyFile fileOf(const std::string& text) {
  Diagnostics diagnostics;
  const config::NodePtr root = config::parseYaml(text, "presets.yaml", diagnostics);
  INFO(diagnostics.render("failed"));
  REQUIRE(root);
  const auto file =
      config::read(root, tableOf(static_cast<const TopologyFile*>(nullptr)), diagnostics);
  INFO(diagnostics.render("failed"));
  REQUIRE(file);
  return *file;
}

Link uplinkOf(const std::string& line) {
  return *fileOf("remote: {home: {uplink: " + line + "}}").remote.front().second.uplink;
}

}  // namespace

TEST_CASE("a preset sets both directions and leaves nothing of the place's own defaults") {
  // A home's uplink is {rate: 20 Mbit/s, delay: 8 ms, up: {rate: 5 Mbit/s}} unless written.
  const Link cable = uplinkOf("{preset: cable}");
  CHECK(cable.down.rate == DataRate::mbps(200));
  CHECK(cable.up.rate == DataRate::mbps(10));
  CHECK(cable.down.delay == Duration::ms(5));
  CHECK(cable.up.delay == Duration::ms(8));
  CHECK(cable.up.jitter.mean == Duration::ms(2));
  CHECK(cable.up.loss.mean == Ratio::ppb(100'000));
  CHECK(cable.up.queue == QueueLimit{Duration::ms(300)});
  CHECK(cable.down.queue == QueueLimit{Duration::ms(100)});
  // 840 ms of round trip are 420 ms each way; no jitter, no loss.
  const Link edge = uplinkOf("{preset: webpagetest-edge}");
  CHECK(edge.down.rate == DataRate::kbps(240));
  CHECK(edge.up.rate == DataRate::kbps(200));
  CHECK(edge.up.delay + edge.down.delay == Duration::ms(840));
  CHECK(edge.up.loss == Loss{});
  CHECK(edge.up.queue == std::nullopt);
  const Link lost = uplinkOf("{preset: apple-100-percent-loss}");
  CHECK(lost.up.rate == DataRate::unlimited());
  CHECK(lost.up.delay == Duration{});
  CHECK(lost.down.loss.mean == Ratio::percent(100));
}

TEST_CASE("what is written beside a preset wins, key by key") {
  const Link line = uplinkOf("{up: {rate: 5 Mbit/s}, preset: cable, jitter: {reorder: true}}");
  CHECK(line.up.rate == DataRate::mbps(5));
  CHECK(line.down.rate == DataRate::mbps(200));
  CHECK(line.up.delay == Duration::ms(8));
  CHECK(line.up.jitter.mean == Duration::ms(2));
  CHECK(line.up.jitter.reorder.allowed);
  CHECK(line.down.jitter.reorder.allowed);
  CHECK(uplinkOf("{preset: cable, rate: 1 Mbit/s}").down.rate == DataRate::mbps(1));
}

TEST_CASE(
    "a word of overhead gives cells and mpu, which may be written beside it; a size does not") {
  const Link adsl = uplinkOf("{preset: adsl}");
  CHECK(adsl.up.overhead == Overhead{DataSize::bytes(40), {}, Cells::atm});
  CHECK(uplinkOf("{preset: adsl, overhead: 32 B}").up.overhead ==
        Overhead{DataSize::bytes(32), {}, Cells::atm});
  CHECK(uplinkOf("{preset: adsl, overhead: docsis}").down.overhead ==
        Overhead{DataSize::bytes(18), DataSize::bytes(64), Cells::none});
  CHECK(uplinkOf("{mpu: 100 B, cells: ptm, overhead: docsis}").up.overhead ==
        Overhead{DataSize::bytes(18), DataSize::bytes(100), Cells::ptm});
  const Link both = uplinkOf("{overhead: docsis up 4 B down}");
  CHECK(both.up.overhead.mpu == DataSize::bytes(64));
  CHECK(both.down.overhead == Overhead{DataSize::bytes(4), {}, Cells::none});
}

TEST_CASE("an access line and a private line take presets too, and keep their other keys") {
  const TopologyFile file = fileOf(
      "sites:\n"
      "  hub: {access: {preset: wifi24-bad}}\n"
      "  branch: {wan: {to: hub, perimeter: [fw], preset: mpls-branch, delay: 9 ms}}\n");
  CHECK(file.sites.at(0).second.access.down.rate == DataRate::mbps(5));
  CHECK(file.sites.at(0).second.access.down.loss.burst == BurstLength{PacketCount{5}});
  const Wan& wan = *file.sites.at(1).second.wan;
  CHECK(wan.to == "hub");
  CHECK(wan.perimeter == std::vector<std::string>{"fw"});
  CHECK(wan.link.up.rate == DataRate::mbps(20));
  CHECK(wan.link.up.delay == Duration::ms(9));
}

TEST_CASE("every preset and every alias is read, is told, and is resolved to its values") {
  const auto& table = tableOf(static_cast<const TopologyFile*>(nullptr));
  CHECK(config::selfCheck(table).empty());
  const std::string told = presetsText();
  for (const config::Preset& preset : fabric::linkPresets()) {
    INFO(preset.name);
    CHECK(told.find("\n  " + preset.name) != std::string::npos);
    const TopologyFile file = fileOf("remote: {home: {uplink: {preset: " + preset.name + "}}}");
    const Link& line = *file.remote.front().second.uplink;
    const std::string resolved = config::toYaml(*config::write(table, file));
    CHECK(resolved.find("preset") == std::string::npos);
    const Link again = *fileOf(resolved).remote.front().second.uplink;
    CHECK(again.up == line.up);
    CHECK(again.down == line.down);
    for (const std::string& alias : preset.aliases)
      CHECK(uplinkOf("{preset: " + alias + "}").up == line.up);
  }
}
