// A small network of its own for the tests of the parameter tables: each feature of table.h once.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "src/config/table.h"

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
const config::Table<World>& world();

// Of a text without faults.
config::NodePtr treeOf(const std::string& text);

}  // namespace sample

template <>
struct callflow::config::EnumNames<sample::Shape> {
  static constexpr std::pair<sample::Shape, const char*> kValues[] = {
      {sample::Shape::flat, "flat"}, {sample::Shape::peaked, "peaked"}};
};
