// The parameter tables on a small network of their own.
#include "src/config/table.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "src/config/documents.h"
#include "src/config/load.h"
#include "src/config/path.h"

namespace sample {

using callflow::DataRate;
using callflow::DataSize;
using callflow::Duration;
using callflow::Ratio;
using callflow::SourcePos;
namespace config = callflow::config;

enum class Shape { flat, peaked };

struct Jitter {
  Duration mean;
  Shape shape = Shape::flat;
  bool operator==(const Jitter&) const = default;
};

struct Way {
  DataRate rate;
  Duration delay;
  Ratio loss;
  Jitter jitter;
  std::variant<DataSize, Duration> queue;
  bool operator==(const Way&) const = default;
};

struct Line {
  Way up;
  Way down;
  bool operator==(const Line&) const = default;
};

struct Wall {
  std::vector<std::string> open;
  bool strict = false;
  bool operator==(const Wall&) const = default;
};

struct Mill {
  int wheels = 0;
  bool operator==(const Mill&) const = default;
};

struct Device {
  std::variant<Wall, Mill> kind;
  SourcePos pos;
  bool operator==(const Device& o) const { return kind == o.kind; }
};

struct Place {
  double x = 0;
  double y = 0;
  bool operator==(const Place&) const = default;
};

struct Trip {
  std::string name;
  std::vector<std::int64_t> stops;
  bool by_night = false;  // written as `night: yes-text` by a property
  bool operator==(const Trip&) const = default;
};

struct World {
  std::string title;
  Place place;
  Line line;
  std::optional<Line> spare;
  std::optional<Duration> limit;
  config::Named<Device> devices;
  std::vector<Trip> trips;
  config::RawMap change;
  bool operator==(const World& o) const {
    return title == o.title && place == o.place && line == o.line && spare == o.spare &&
           limit == o.limit && devices == o.devices && trips == o.trips;
  }
};

const config::Table<Jitter>& tableOf(const Jitter*);
const config::Table<Way>& tableOf(const Way*);
const config::Table<Line>& tableOf(const Line*);
const config::Table<Wall>& tableOf(const Wall*);
const config::Table<Mill>& tableOf(const Mill*);
const config::Table<Device>& tableOf(const Device*);
const config::Table<Place>& tableOf(const Place*);
const config::Table<Trip>& tableOf(const Trip*);
const config::Table<World>& tableOf(const World*);

}  // namespace sample

template <>
struct callflow::config::EnumNames<sample::Shape> {
  static constexpr std::pair<sample::Shape, const char*> values[] = {
      {sample::Shape::flat, "flat"}, {sample::Shape::peaked, "peaked"}};
};

namespace sample {

const config::Table<Jitter>& tableOf(const Jitter*) {
  static const config::Table<Jitter> kTable =
      config::Table<Jitter>("jitter", "Delay that varies.")
          .add("mean", &Jitter::mean, {.def = "0 ms", .help = "Mean.", .source = "ours"})
          .add("shape", &Jitter::shape, {.def = "flat", .help = "Shape.", .source = "ours"})
          .shorthand("mean");
  return kTable;
}

const config::Table<Way>& tableOf(const Way*) {
  static const config::Table<Way> kTable =
      config::Table<Way>("way", "One direction.")
          .add("rate", &Way::rate,
               {.def = "10 Mbit/s",
                .min = "1 kbit/s",
                .max = "1 Gbit/s",
                .help = "Bits per second.",
                .source = "RFC 1 section 2"})
          .add("delay", &Way::delay, {.def = "1 ms", .help = "Delay.", .source = "ours"})
          .add("loss", &Way::loss, {.def = "0%", .help = "Loss.", .source = "ours"})
          .add("jitter", &Way::jitter, {.help = "Jitter."})
          .add("queue", &Way::queue,
               {.def = "50 ms",
                .min = "1 B or 1 us",
                .max = "1 MB or 1 s",
                .help = "Queue.",
                .source = "ours"});
  return kTable;
}

const config::Table<Line>& tableOf(const Line*) {
  static const config::Table<Line> kTable =
      config::Table<Line>("line", "A line of two directions.")
          .bothWays("up", &Line::up, "down", &Line::down, {.help = "One direction."});
  return kTable;
}

const config::Table<Wall>& tableOf(const Wall*) {
  static const config::Table<Wall> kTable =
      config::Table<Wall>("wall", "Keeps things out.")
          .add("open", &Wall::open, {.help = "What may pass."})
          .add("strict", &Wall::strict, {.def = "true", .help = "How strict.", .source = "ours"});
  return kTable;
}

const config::Table<Mill>& tableOf(const Mill*) {
  static const config::Table<Mill> kTable =
      config::Table<Mill>("mill", "Grinds.")
          .add("wheels", &Mill::wheels,
               {.required = true, .min = "1", .max = "9", .help = "Wheels."});
  return kTable;
}

const config::Table<Device>& tableOf(const Device*) {
  static const config::Table<Device> kTable =
      config::Table<Device>("device", "A thing on the way.")
          .kinds("kind", &Device::kind, {.help = "What it is."})
          .position(&Device::pos);
  return kTable;
}

const config::Table<Place>& tableOf(const Place*) {
  static const config::Table<Place> kTable =
      config::Table<Place>("place", "Where.")
          .add("x", &Place::x,
               {.def = "0", .min = "-90", .max = "90", .help = "East.", .source = "ours"})
          .add("y", &Place::y, {.def = "0.5", .help = "North.", .source = "ours"})
          .positional({"x", "y"});
  return kTable;
}

const config::Table<Trip>& tableOf(const Trip*) {
  static const config::Table<Trip> kTable =
      config::Table<Trip>("trip", "A trip.")
          .add("name", &Trip::name, {.required = true, .help = "Its name."})
          .add("stops", &Trip::stops, {.min = "1", .help = "Stops."})
          .property<std::string>(
              "night",
              [](const Trip& t) {
                return t.by_night ? std::optional<std::string>("by-night") : std::nullopt;
              },
              [](Trip& t, const std::string& text) { t.by_night = text == "by-night"; },
              {.help = "Whether at night."})
          .nameKey("name")
          .check([](Trip& t, const config::Context& context) {
            if (t.stops.size() > 3) context.keyError("stops", "has more than 3", "write fewer");
            if (context.has("night") && t.stops.empty()) context.error("goes nowhere by night");
          });
  return kTable;
}

const config::Table<World>& tableOf(const World*) {
  static const config::Table<World> kTable =
      config::Table<World>("world", "All there is.")
          .add("title", &World::title, {.def = "\"\"", .help = "Title.", .source = "ours"})
          .add("place", &World::place, {.help = "Place."})
          .add("line", &World::line,
               {.def = "{rate: 100 Mbit/s, up: {delay: 3 ms}}", .help = "Line.", .source = "ours"})
          .add("spare", &World::spare, {.help = "Spare line.", .base = "{rate: 2 Mbit/s}"})
          .add("limit", &World::limit,
               {.def = "5 s", .max = "10 s", .help = "Limit.", .source = "ours", .absent = "never"})
          .add("devices", &World::devices, {.help = "Devices."})
          .add("trips", &World::trips, {.help = "Trips."})
          .add("change", &World::change, {.help = "Changes."});
  return kTable;
}

}  // namespace sample

namespace callflow::config {
namespace {

using sample::World;

const Table<World>& world() {
  return sample::tableOf(static_cast<const World*>(nullptr));
}

NodePtr treeOf(const std::string& text) {
  Diagnostics diagnostics;
  NodePtr root = parseYaml(text, "w.yaml", diagnostics);
  INFO(diagnostics.render(""));
  REQUIRE(root != nullptr);
  return root;
}

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
       "1:14: line.rate: \"25\" has no unit; write \"25 Mbit/s\" (units: bit/s, kbit/s, Mbit/s, "
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
       "1:11: devices.HQ Wall: a name is made of a-z, 0-9, \"-\" and \"_\", and starts with a "
       "letter or digit; write \"hq-wall\"\n"},
      {"devices: {a: {kind: mill, wheels: 010}}",
       "1:35: devices.a.wheels: \"010\" starts with a zero; write 10 (numbers are decimal)\n"},
      {"devices: {a: {kind: mill, wheels: 0x1}}",
       "1:35: devices.a.wheels: \"0x1\" is not a decimal number; write it in decimal digits, such "
       "as 10\n"},
      {"devices: {a: {kind: mill, wheels: 1e3}}",
       "1:35: devices.a.wheels: \"1e3\" is not a whole number; write decimal digits only, such as "
       "10\n"},
      {"devices: {a: {kind: mill, wheels: 99999999999999999999}}",
       "1:35: devices.a.wheels: \"99999999999999999999\" is out of range; write -2147483648 to "
       "2147483647\n"},
      {"devices: {a: {kind: mill, wheels: 10}}",
       "1:35: devices.a.wheels: \"10\" is out of range; write 1 to 9\n"},
      {"trips: [{stops: 1}]",
       "1:9: trips[0]: missing key \"name\"; write \"name: a-name\" or the like (see: callflow "
       "help trip)\n"},
      {"trips: [{name: a}, {name: a}]",
       "1:27: trips.a: defined twice; first definition at line 1\n"},
      {"trips: [{name: a, stops: [1, 0]}]",
       "1:30: trips.a.stops[1]: \"0\" is out of range; write at least 1\n"},
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
        "1:14: line.rate: \"25\" has no unit; write \"25 Mbit/s\" (units: bit/s, kbit/s, Mbit/s, "
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

TEST_CASE("the help text has each key with default, range and source") {
  const TableBase* way = findTable({&world()}, "way");
  REQUIRE(way != nullptr);
  CHECK(helpText(*way) ==
        "way: One direction.\n"
        "\n"
        "  rate: rate\n"
        "      Bits per second. Default: 10 Mbit/s. Range: 1 kbit/s to 1 Gbit/s. Source: RFC 1 "
        "section 2.\n"
        "\n"
        "  delay: time\n"
        "      Delay. Default: 1 ms. Source: ours.\n"
        "\n"
        "  loss: share\n"
        "      Loss. Default: 0%. Range: 0% to 100%. Source: ours.\n"
        "\n"
        "  jitter: jitter\n"
        "      Jitter. Default: see jitter. See: callflow help jitter.\n"
        "\n"
        "  queue: size or time\n"
        "      Queue. Default: 50 ms. Range: 1 B to 1 MB or 1 us to 1 s. Source: ours.\n");
  CHECK(findTable({&world()}, "nothing") == nullptr);
  std::vector<std::string> kinds;
  for (const TableBase* table : reachableTables({&world()})) kinds.push_back(table->kind());
  CHECK(kinds == std::vector<std::string>{"world", "place", "line", "way", "jitter", "device",
                                          "wall", "mill", "trip"});
  const std::string markdown = referenceMarkdown({&world()}, "Keys");
  CHECK(markdown.starts_with("# Keys\n\n## world\n"));
  for (const std::string& kind : kinds) {
    CHECK(markdown.find("\n## " + kind + "\n") != std::string::npos);
  }
  CHECK(markdown.find("| `shape` | flat \\| peaked | `flat` |  | Shape. | ours |") !=
        std::string::npos);
}

TEST_CASE("the JSON Schema describes the same keys") {
  const nlohmann::json schema = nlohmann::json::parse(jsonSchema(world(), "A world"));
  CHECK(schema["$schema"] == "http://json-schema.org/draft-07/schema#");
  CHECK(schema["allOf"][0]["$ref"] == "#/definitions/world");
  const auto& definitions = schema["definitions"];
  CHECK(definitions["world"]["additionalProperties"] == false);
  const auto& root = definitions["world"]["properties"];
  CHECK(root.size() == world().rows().size());
  CHECK(root["line"]["allOf"][0]["$ref"] == "#/definitions/line");
  CHECK(root["limit"]["anyOf"][1]["enum"][0] == "never");
  CHECK(root["devices"]["propertyNames"]["pattern"] == "^[a-z0-9][a-z0-9_-]{0,62}$");
  CHECK(root["devices"]["additionalProperties"]["$ref"] == "#/definitions/device");
  const auto& rate = definitions["way"]["properties"]["rate"];
  CHECK(rate["type"] == "string");
  CHECK(rate["default"] == "10 Mbit/s");
  CHECK(rate["description"] ==
        "Bits per second. Default: 10 Mbit/s. Range: 1 kbit/s to 1 Gbit/s. Source: RFC 1 section "
        "2.");
  CHECK(rate["pattern"] ==
        "^(unlimited|(0|[1-9][0-9]*)(\\.[0-9]+)? ?(bit/s|kbit/s|Mbit/s|Gbit/s))$");
  const auto& line = definitions["line"]["properties"];
  CHECK(line.contains("rate"));
  CHECK(line["up"]["allOf"][0]["$ref"] == "#/definitions/way");
  const auto& jitter = definitions["jitter"]["anyOf"];  // a map, or its shorthand
  CHECK(jitter[0]["properties"]["shape"]["enum"] == nlohmann::json{"flat", "peaked"});
  CHECK(jitter[1]["type"] == "string");
  const auto& device = definitions["device"]["anyOf"];
  REQUIRE(device.size() == 2);
  CHECK(device[1]["properties"]["kind"]["const"] == "mill");
  CHECK(device[1]["properties"]["wheels"]["minimum"] == 1);
  CHECK(device[1]["required"] == nlohmann::json{"kind", "wheels"});
  CHECK(definitions["place"]["anyOf"][1]["maxItems"] == 2);
  CHECK(definitions["trip"]["required"] == nlohmann::json{"name"});
}

// What setPath makes of the text, or its fault.
std::string changed(const std::string& text, const std::string& path, const std::string& value) {
  Diagnostics diagnostics;
  const SourcePos pos{std::make_shared<const std::string>("c.yaml"), 9, 5};
  const NodePtr root = setPath(treeOf(text), world(), path, treeOf("v: " + value)->get("v"), pos,
                               "variants.v", diagnostics);
  CHECK((root == nullptr) == diagnostics.hasErrors());
  return root == nullptr ? diagnostics.all().front().render() : toFlow(*root);
}

TEST_CASE("a change is written into a tree that shares the rest") {
  CHECK(changed("{title: x}", "title", "y") == "{title: y}");
  CHECK(changed("{title: x}", "limit", "1 s") == "{title: x, limit: 1 s}");
  CHECK(changed("{}", "line.up.jitter.shape", "flat") == "{line: {up: {jitter: {shape: flat}}}}");
  CHECK(changed("line: {jitter: 2 ms}", "line.jitter.shape", "flat") ==
        "{line: {jitter: {mean: 2 ms, shape: flat}}}");
  CHECK(changed("place: [1, 2]", "place.y", "3") == "{place: {x: 1, y: 3}}");
  CHECK(changed("spare: none", "spare.rate", "1 Mbit/s") == "{spare: {rate: 1 Mbit/s}}");
  CHECK(changed("devices: {a: {kind: wall}}", "devices.a.open", "[x]") ==
        "{devices: {a: {kind: wall, open: [x]}}}");
  CHECK(changed("devices: {a: {kind: wall}}", "devices.b", "{kind: wall}") ==
        "{devices: {a: {kind: wall}, b: {kind: wall}}}");
  CHECK(changed("trips: [{name: a}, {name: b}]", "trips[1].stops", "7") ==
        "{trips: [{name: a}, {name: b, stops: 7}]}");
  CHECK(changed("trips: [{name: a}, {name: b}]", "trips.b.stops[0]", "7") ==
        "c.yaml:9:5: error: variants.v: \"trips.b.stops\" has no item [0]; no item of it is "
        "written in the file");
  const NodePtr root = treeOf("{title: x, line: {rate: 1 Mbit/s}}");
  Diagnostics diagnostics;
  const SourcePos pos{std::make_shared<const std::string>("c.yaml"), 9, 5};
  const NodePtr out =
      setPath(root, world(), "title", Node::makeScalar("y", pos), pos, "v", diagnostics);
  REQUIRE(out != nullptr);
  CHECK(out->get("line") == root->get("line"));
  CHECK(root->get("title")->text() == "x");
  CHECK(*positionOf(out, "title").file == "c.yaml");
  CHECK(positionOf(out, "title").line == 9);
  CHECK(*positionOf(out, "line.rate").file == "w.yaml");
}

TEST_CASE("a change of what is not there names the nearest") {
  const std::string at = "c.yaml:9:5: error: variants.v: ";
  CHECK(changed("{}", "lien.rate", "1") ==
        at + "the file has no \"lien\"; did you mean \"line\"? (see: callflow help world)");
  CHECK(changed("devices: {hq-wall: {kind: wall}}", "devices.hq-wlal.open", "x") ==
        at + "\"devices\" has no \"hq-wlal\"; did you mean \"hq-wall\"?");
  CHECK(changed("devices: {a: {kind: wall}}", "devices.a.opne", "x") ==
        at + "\"devices.a\" has no \"opne\"; did you mean \"open\"? (see: callflow help wall)");
  CHECK(changed("{}", "devices.a.open", "x") == at + "\"devices\" has no \"a\"; it is empty");
  CHECK(changed("trips: [{name: a}]", "trips[3].name", "x") ==
        at + "\"trips\" has no item [3]; write [0] to [0]");
  CHECK(changed("trips: [{name: alpha}]", "trips.alhpa.name", "x") ==
        at + "\"trips\" has no \"alhpa\"; did you mean \"alpha\"?");
  CHECK(changed("{}", "title.x", "y") ==
        at + "\"title\" is a single value (text); change \"title\" itself");
  for (const char* bad : {"", ".", "a..b", "a.", "[x]", "a[", "a[1]b"}) {
    CAPTURE(bad);
    CHECK(changed("{}", bad, "1").find("is not a key path") != std::string::npos);
  }
}

TEST_CASE("a changed tree's faults point at the change") {
  const NodePtr root = treeOf("line: {rate: 1 Mbit/s}\n");
  Diagnostics diagnostics;
  const NodePtr value = parseYaml("\n\n  x: 5\n", "c.yaml", diagnostics)->get("x");
  const NodePtr out = setPath(root, world(), "line.rate", value, value->pos(), "v", diagnostics);
  REQUIRE(out != nullptr);
  CHECK_FALSE(read(out, world(), diagnostics));
  REQUIRE(diagnostics.all().size() == 1);
  CHECK(
      diagnostics.all()[0].render().starts_with("c.yaml:3:6: error: line.rate: \"5\" has no unit"));
}

TEST_CASE("the place of a path is that of what of it is written") {
  const NodePtr root = treeOf("devices:\n  a: {kind: wall,\n    open: [x, y]}\n");
  CHECK(positionOf(root, "devices.a.open[1]").line == 3);
  CHECK(positionOf(root, "devices.a.open[1]").column == 15);
  CHECK(positionOf(root, "devices.a").column == 3);
  CHECK(positionOf(root, "devices.a.strict").line == 2);
  CHECK(positionOf(root, "nothing").line == 1);
}

}  // namespace
}  // namespace callflow::config
