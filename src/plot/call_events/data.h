// What becomes of the connection of each participant of a call: its state, the kind of path that
// its media takes, and when it hears nothing.
#pragma once

#include <string>
#include <vector>

#include "src/plot/call_events/lanes.h"
#include "src/plot/picture.h"

namespace callflow::plot::call_events {

inline constexpr const char* kName = "call-events";
inline constexpr double kHeader = 0.6;  // above a variant's lanes, which are 1 high each

struct Group {
  std::string variant;
  std::vector<Lane> lanes;
};

struct Data {
  std::string title, subtitle;
  std::vector<Group> groups;  // one a variant
  double start = 0, end = 0;  // s, in the scenario's time
  std::string table;
};

Found<Data> dataOf(const results::Result& result);
Figure figureOf(const Data& data);

}  // namespace callflow::plot::call_events
