// How a media processor serves a group call: as a selective forwarding unit (RFC 7667 3.7) for
// audio. Each participant sends one stream to it and receives the stream of everybody else.
#pragma once

#include <cstddef>
#include <vector>

namespace callflow::conference {

// Who gets what participant `sender` says, as positions in a list of `participants`: everybody else
// who is reachable.
inline std::vector<std::size_t> receivers(std::size_t sender, const std::vector<bool>& reachable) {
  std::vector<std::size_t> result;
  for (std::size_t i = 0; i < reachable.size(); ++i) {
    if (i != sender && reachable[i]) result.push_back(i);
  }
  return result;
}

}  // namespace callflow::conference
