// What somebody measured of a line, on its way to a trace: packets with their round trips, and rows
// of delay and loss.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "src/units/units.h"

namespace callflow::measurement {

// A packet that was sent to be answered.
struct Probe {
  Duration sent;                      // on any clock, the same for all
  std::optional<Duration> roundTrip;  // nothing: no answer came, or its time says nothing
  bool arrived = false;               // though there is no round trip

  bool operator==(const Probe&) const = default;
};

struct Probes {
  std::vector<Probe> list;
  bool bothWays = true;  // a packet without an answer was lost on either way, and not only there
  std::vector<std::string> notes = {};  // what the user should know of how they were read
};

// Holds until the next.
struct Row {
  Duration at;                         // from the beginning; of the first 0
  std::optional<Duration> delay = {};  // one way
  std::optional<Ratio> loss = {};

  bool operator==(const Row&) const = default;
};

struct Measurement {
  std::vector<Row> rows;  // all say the same of delay and loss: something or nothing
  Duration end;
  std::vector<std::string> notes;
};

// In which line and column (from 1; 0 stands for the whole), what is wrong, and what to write.
struct Fault {
  int line = 0;
  std::string problem;
  std::string advice;
  int column = 0;
};

// All that is wrong, never nothing.
using Faults = std::vector<Fault>;

template <class T>
using Result = std::variant<T, Faults>;

// What a trace may say at most (models/fabric/trace.h): 10 s of delay, one way, and two days.
constexpr Duration kLongestDelay = Duration::s(10);
constexpr Duration kLongestRoundTrip = kLongestDelay * 2;
constexpr Duration kLongest = Duration::s(48 * 3600);

}  // namespace callflow::measurement
