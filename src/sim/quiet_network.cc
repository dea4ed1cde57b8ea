#include "src/sim/quiet_network.h"

#include <algorithm>

#include "models/client/set_up.h"
#include "src/sim/quiet.h"

namespace callflow::sim {

bool isSettled(const IceSession& session, Duration since, Duration settling) {
  const Signaling* const overHttps = session.signaling();
  if (overHttps != nullptr && overHttps->hasEnded()) return true;
  const IceSide &a = session.side(0), &b = session.side(1);
  const bool failed = a.failed && (b.failed || !session.isClient(1));
  if (failed && !session.triesAgain()) return true;
  if (a.dtlsConnected && b.dtlsConnected)
    return since > std::max(*a.dtlsConnected, *b.dtlsConnected) + settling;
  // By then it is given up.
  return since > (overHttps != nullptr ? signaling::kTelephoneEstablishment + settling
                                       : client::kSetUpLimit);
}

QuietNetwork::QuietNetwork(const topology::NetworkGraph& noisy, const topology::Topology& its)
    : topology(quiet(its)),
      graph(noisy),
      network(simulation.simulator(), graph, topology),
      wiring(network, topology, false),
      ports(graph),
      ice(wiring, ports) {
  for (const topology::DirectedLink& link : graph.links()) {
    topology::LinkDirection parameters = link.parameters;
    calm(parameters);
    network.fabric().setLinkParameters(static_cast<fabric::LinkId>(index(link.id)), parameters);
  }
}

}  // namespace callflow::sim
