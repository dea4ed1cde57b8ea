// The parameter tables on a small network of their own: reading, faults, writing.
#include "src/config/table.h"

#include <catch2/catch.hpp>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "src/config/load.h"
#include "tests/unit/sample_tables.h"

namespace callflow::config {
namespace {

using sample::treeOf;
using sample::world;
using sample::World;

World readWorld(const std::string& text) {
  Diagnostics diagnostics;
  std::optional<World> out = read(treeOf(text), world(), diagnostics);
  INFO(diagnostics.render(""));
  REQUIRE(out);
  return *out;
}

// The faults without file name and severity.
std::string faultsOf(const std::string& text) {
  Diagnostics diagnostics;
  CHECK_FALSE(read(treeOf(text), world(), diagnostics));
  std::string out = diagnostics.render("end");
  out.resize(out.rfind('\n', out.size() - 2) + 1);
  for (const std::string cut : {"w.yaml:", "error: "}) {
    for (std::size_t at = out.find(cut); at != std::string::npos; at = out.find(cut, at)) {
      out.erase(at, cut.size());
    }
  }
  return out;
}

TEST_CASE("the tables of the sample are sound") {
  CHECK(selfCheck(world()).empty());
}

TEST_CASE("an empty map takes every default, a row's over the member's own table's") {
  const World w = readWorld("{}");
  CHECK(w.title.empty());
  CHECK(w.place.y == 0.5);
  CHECK(w.line.up.rate == DataRate::mbps(100));  // the row's default
  CHECK(w.line.down.rate == DataRate::mbps(100));
  CHECK(w.line.up.delay == Duration::ms(3));
  CHECK(w.line.down.delay == Duration::ms(1));  // the way's own default
  CHECK(w.line.up.queue == std::variant<DataSize, Duration>{Duration::ms(50)});
  CHECK_FALSE(w.spare);
  CHECK(w.limit == Duration::s(5));
  CHECK(w.devices.empty());
}

TEST_CASE("what is written is read over the defaults") {
  const World w = readWorld(
      "title: hello\n"
      "place: [52.37, -4.9]\n"
      "line: {delay: 7 ms, jitter: 2 ms, up: {rate: 1 Mbit/s, jitter: {shape: peaked}}}\n"
      "spare: {rate: 20 Mbit/s down 5 Mbit/s up, queue: 64 KiB}\n"
      "limit: never\n"
      "devices:\n"
      "  b: {kind: mill, wheels: 3}\n"
      "  a: {kind: wall, open: gate}\n"
      "trips:\n"
      "  - {name: one, stops: [1, 2]}\n"
      "  - {name: two, night: by-night, stops: 4}\n");
  CHECK(w.title == "hello");
  CHECK(w.place.x == 52.37);
  CHECK(w.place.y == -4.9);
  CHECK(w.line.up.rate == DataRate::mbps(1));
  CHECK(w.line.down.rate == DataRate::mbps(100));
  CHECK(w.line.up.delay == Duration::ms(7));
  CHECK(w.line.up.jitter.mean == Duration::ms(2));  // shared, and kept below `up:`
  CHECK(w.line.up.jitter.shape == sample::Shape::peaked);
  CHECK(w.line.down.jitter.shape == sample::Shape::flat);
  REQUIRE(w.spare);
  CHECK(w.spare->up.rate == DataRate::mbps(5));
  CHECK(w.spare->down.rate == DataRate::mbps(20));
  CHECK(w.spare->up.queue == std::variant<DataSize, Duration>{DataSize::bytes(65'536)});
  CHECK_FALSE(w.limit);
  REQUIRE(w.devices.size() == 2);
  CHECK(w.devices[0].first == "b");  // in the order of the file
  CHECK(std::get<sample::Mill>(w.devices[0].second.kind).wheels == 3);
  CHECK(w.devices[0].second.pos.line == 7);
  CHECK(w.devices[0].second.pos.column == 3);
  const auto& wall = std::get<sample::Wall>(w.devices[1].second.kind);
  CHECK(wall.open == std::vector<std::string>{"gate"});
  CHECK(wall.strict);
  REQUIRE(w.trips.size() == 2);
  CHECK(w.trips[1].by_night);
  CHECK(w.trips[1].stops == std::vector<std::int64_t>{4});
}

TEST_CASE("an optional object that is written starts from the row's base") {
  const World w = readWorld("spare: {delay: 9 ms}");
  REQUIRE(w.spare);
  CHECK(w.spare->up.rate == DataRate::mbps(2));
  CHECK(w.spare->up.delay == Duration::ms(9));
}

TEST_CASE("a fault says where, which key, what is wrong and what to write") {
  struct Case {
    const char* text;
    const char* fault;
  };
  const auto [text, fault] = GENERATE(values<Case>({
      {"lien: {}", "1:1: lien: unknown key; did you mean \"line\"? (see: callflow help world)\n"},
      {"zzz: {}",
       "1:1: zzz: unknown key; the keys are title, place, line, spare, limit, devices, trips, "
       "change (see: callflow help world)\n"},
      {"line: {up: {dely: 1 ms}}",
       "1:13: line.up.dely: unknown key; did you mean \"delay\"? (see: callflow help way)\n"},
      {"line: {rate: 25}",
       "1:14: line.rate: \"25\" has no unit; write \"25 kbit/s\" or \"25 Mbit/s\" (units: bit/s, "
       "kbit/s, Mbit/s, "
       "Gbit/s)\n"},
      {"line: {rate: 25 ms}",
       "1:14: line.rate: \"ms\" is not a unit of rate; write a number and a unit, such as \"20 "
       "Mbit/s\" (units: bit/s, kbit/s, Mbit/s, Gbit/s)\n"},
      {"line: {rate: 5 Gbit/s}",
       "1:14: line.rate: \"5 Gbit/s\" is out of range; write 1 kbit/s to 1 Gbit/s (see RFC 1 "
       "section 2)\n"},
      {"line: {loss: 101%}", "1:14: line.loss: \"101%\" is out of range; write 0% to 100%\n"},
      {"line: {queue: 2 s}",
       "1:15: line.queue: \"2 s\" is out of range; write 1 B to 1 MB or 1 us to 1 s\n"},
      {"line: {queue: 50}",
       "1:15: line.queue: \"50\" has no unit; write \"50 B\" (units: B, kB, MB, GB, KiB, MiB) or "
       "\"50 ms\" (units: ns, us, ms, s, min, h)\n"},
      {"line: {rate: 5 Mbit/s up}",
       "1:14: line.rate: \"5 Mbit/s up\" does not give one value for each direction; write \"20 "
       "Mbit/s up 20 Mbit/s down\"\n"},
      {"line: {jitter: {shape: peeked}}",
       "1:24: line.jitter.shape: \"peeked\" is not one of flat, peaked; did you mean "
       "\"peaked\"?\n"},
      {"line: [1]",
       "1:7: line: is a list, not a map of keys; write {rate: ...} (see: callflow help line)\n"},
      {"line:",
       "1:1: line: has nothing below it; write {} to take every default, or remove the key (see: "
       "callflow help line)\n"},
      {"limit:", "1:1: limit: has no value; write \"never\" or a value\n"},
      {"limit: 11 s", "1:8: limit: \"11 s\" is out of range; write at most 10 s\n"},
      {"title: {a: b}",
       "1:8: title: is a map, not a single value (text); write for example \"a-name\"\n"},
      {"place: [1, 2, 3]", "1:8: place: has 3 items; write 2: [x, y]\n"},
      {"place: {x: 1e1}",
       "1:12: place.x: \"1e1\" is not a decimal number; write digits and a point, such as 1.5\n"},
      {"place: {x: -90.5}", "1:12: place.x: \"-90.5\" is out of range; write -90 to 90\n"},
      {"place: {x: \"5\"}",
       "1:12: place.x: \"5\" is a text in quotes, not a number; leave the quotes out\n"},
      {"devices: {a: {kind: wal}}",
       "1:21: devices.a.kind: \"wal\" is not one of wall, mill; did you mean \"wall\"?\n"},
      {"devices: {a: {open: x}}",
       "1:11: devices.a: missing key \"kind\"; write \"kind: wall\" or another of wall, mill (see: "
       "callflow help device)\n"},
      {"devices: {a: {kind: mill}}",
       "1:11: devices.a: missing key \"wheels\"; write \"wheels: 10\" or the like (see: callflow "
       "help mill)\n"},
      {"devices: {a: {kind: mill, wheels: 3, opne: x}}",
       "1:38: devices.a.opne: unknown key; the keys are kind, wheels (see: callflow help mill)\n"},
      {"devices: {a: {kind: wall, strict: yes}}",
       "1:35: devices.a.strict: \"yes\" is not true or false; write true\n"},
      {"devices: {HQ Wall: {kind: wall}}",
       "1:11: devices.HQ Wall: a name is made of letters, digits, \"-\" and \"_\", and starts with "
       "a "
       "letter or digit; write \"HQ-Wall\"\n"},
      {"devices: {a: {kind: mill, wheels: 010}}",
       "1:35: devices.a.wheels: \"010\" starts with a zero; write 10 (numbers are decimal)\n"},
      {"devices: {a: {kind: mill, wheels: 0x1}}",
       "1:35: devices.a.wheels: \"0x1\" is not a decimal number; write it in decimal digits, such "
       "as 10\n"},
      {"devices: {a: {kind: mill, wheels: 1e3}}",
       "1:35: devices.a.wheels: \"1e3\" is not a whole number; write decimal digits only, such as "
       "10\n"},
      {"devices: {a: {kind: mill, wheels: 99999999999999999999}}",
       "1:35: devices.a.wheels: \"99999999999999999999\" is out of range; write 1 to 9\n"},
      {"devices: {a: {kind: mill, wheels: 10}}",
       "1:35: devices.a.wheels: \"10\" is out of range; write 1 to 9\n"},
      {"trips: [{stops: 1}]",
       "1:9: trips[0]: missing key \"name\"; write \"name: a-name\" or the like (see: callflow "
       "help trip)\n"},
      {"trips: [{name: a}, {name: a}]",
       "1:27: trips.a: defined twice; first definition at line 1\n"},
      {"trips: [{name: a, stops: [1, 0]}]",
       "1:30: trips.a.stops[1]: \"0\" is out of range; write at least 1\n"},
      {"trips: [{name: a, stops: [1, 99999999999999999999]}]",
       "1:30: trips.a.stops[1]: \"99999999999999999999\" is out of range; write at most "
       "9223372036854775807\n"},
      {"trips: {name: a}", "1:8: trips: is a map, not a list; write \"[{...}]\"\n"},
      {"trips: [{name: a, stops: [1, 2, 3, 4]}]",
       "1:26: trips.a.stops: has more than 3; write fewer\n"},
      {"trips: [{name: a, night: by-night}]", "1:9: trips.a: goes nowhere by night\n"},
      {"change: 5", "1:9: change: is a text, not a map; write \"{key: value}\", or {} for none\n"},
      {"[1]", "1:1: is a list, not a map of keys; write {title: ...} (see: callflow help world)\n"},
  }));
  CHECK(faultsOf(text) == fault);
}

TEST_CASE("all faults of a file are found in one reading, in the order of the file") {
  CHECK(faultsOf("line: {rate: 25, up: {delay: 5}}\n"
                 "devices:\n"
                 "  a: {kind: mill, wheels: 0}\n"
                 "  b: {kind: wal, sttrict: true}\n"
                 "trips:\n"
                 "  - {nmae: x}\n") ==
        "1:14: line.rate: \"25\" has no unit; write \"25 kbit/s\" or \"25 Mbit/s\" (units: bit/s, "
        "kbit/s, Mbit/s, "
        "Gbit/s)\n"
        "1:30: line.up.delay: \"5\" has no unit; write \"5 ms\" (units: ns, us, ms, s, min, h)\n"
        "3:27: devices.a.wheels: \"0\" is out of range; write 1 to 9\n"
        "4:13: devices.b.kind: \"wal\" is not one of wall, mill; did you mean \"wall\"?\n"
        "4:18: devices.b.sttrict: unknown key; did you mean \"strict\"? (see: callflow help "
        "device)\n"
        "6:5: trips[0]: missing key \"name\"; write \"name: a-name\" or the like (see: callflow "
        "help trip)\n"
        "6:6: trips[0].nmae: unknown key; did you mean \"name\"? (see: callflow help trip)\n");
}

TEST_CASE("the resolved file holds every key and reads back to the same object") {
  const World w = readWorld(
      "title: \"5\"\n"
      "line: {rate: 20 Mbit/s down 5 Mbit/s up, jitter: 1 ms}\n"
      "spare: {queue: 1500 B}\n"
      "limit: never\n"
      "devices: {m: {kind: mill, wheels: 2}, w: {kind: wall, open: [none, \"7\", a b]}}\n"
      "trips: [{name: t, stops: [3], night: by-night}, {name: u}]\n"
      "change: {a.b: {c: 1}}\n");
  const NodePtr tree = write(world(), w);
  const std::string text = toYaml(*tree);
  INFO(text);
  for (const Row& row : world().rows()) CHECK(tree->find(row.key) != nullptr);
  CHECK(tree->get("limit")->text() == "never");
  CHECK(tree->get("line")->get("up")->get("rate")->text() == "5 Mbit/s");
  CHECK(tree->get("line")->find("rate") == nullptr);
  CHECK(tree->get("line")->get("queue")->text() == "50 ms");  // the same both ways
  CHECK(tree->get("devices")->get("m")->get("kind")->text() == "mill");
  const World again = readWorld(text);
  CHECK(again == w);
  CHECK(toYaml(*write(world(), again)) == text);
  CHECK_FALSE(again == readWorld("{}"));
}

TEST_CASE("each row's key changes what is read") {
  const World base = readWorld("{}");
  for (const char* text : {"title: x", "place: [1, 2]", "line: {loss: 1%}", "spare: {}",
                           "limit: 1 s", "devices: {a: {kind: wall}}", "trips: [{name: x}]"}) {
    CAPTURE(text);
    CHECK_FALSE(readWorld(text) == base);
  }
}

}  // namespace
}  // namespace callflow::config
