#include "tests/unit/sample_tables.h"

#include <catch2/catch.hpp>

#include "src/config/load.h"

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

const config::Table<World>& world() {
  return tableOf(static_cast<const World*>(nullptr));
}

config::NodePtr treeOf(const std::string& text) {
  callflow::Diagnostics diagnostics;
  config::NodePtr root = config::parseYaml(text, "w.yaml", diagnostics);
  INFO(diagnostics.render(""));
  REQUIRE(root != nullptr);
  return root;
}

}  // namespace sample
