// What calls take of each line by the documents' figures, against the share that media may have.
#pragma once

#include <string>
#include <vector>

#include "src/check/context.h"

namespace callflow::check {

// One direction of a line.
struct LinkLoad {
  topology::DirectedLinkId link{};
  std::string name;          // "hq.uplink up"
  std::int64_t streams = 0;  // most at once
  DataRate needed, allowed, capacity;

  bool isNarrow() const { return needed > allowed; }
  // Of two cases, whose graphs number their links differently.
  bool operator==(const LinkLoad& other) const {
    return name == other.name && streams == other.streams && needed == other.needed &&
           allowed == other.allowed && capacity == other.capacity;
  }
};

// Of the lines with a rate that calls' media crosses, in the order of the graph. A line that
// follows a recording counts with its mean rate.
std::vector<LinkLoad> linkLoads(const Context& context);

}  // namespace callflow::check
