#include "src/sim/set_up_path.h"

#include <cstddef>

namespace callflow::sim {

client::SetUpPath setUpPath(const topology::NetworkGraph& graph, const explain::MediaPath& there,
                            const explain::MediaPath& back) {
  const auto isRelay = [&](topology::ElementId id) {
    return graph.element(id).kind == topology::ElementKind::relay;
  };
  // Legs of one path are the other's, the other way round.
  const auto roundTrip = [&](std::size_t i) {
    const explain::Leg& answer = back.legs[back.legs.size() - 1 - i];
    return graph.baseDelay(there.legs[i].links) + graph.baseDelay(answer.links);
  };
  client::SetUpPath result;
  std::size_t nearLegs = 0;  // to its own relay, perhaps through a proxy
  for (; nearLegs < there.legs.size() && there.legs[nearLegs].turn; ++nearLegs) {
    if (nearLegs > 0 && isRelay(there.legs[nearLegs].from)) break;
    result.ownRelay += roundTrip(nearLegs);
  }
  for (std::size_t i = there.legs.size(); i > nearLegs && there.legs[i - 1].turn; --i) {
    result.otherRelay += roundTrip(i - 1);
  }
  for (std::size_t i = 0; i < there.legs.size(); ++i) {
    // A telephone takes no part in ICE and DTLS.
    if (!explain::isPstn(graph, there.legs[i])) result.ends += roundTrip(i);
  }
  return result;
}

}  // namespace callflow::sim
