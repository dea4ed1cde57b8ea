// Sends single packets along routes through the boxes of a network and says what became of them.
#pragma once

#include <map>
#include <string>
#include <variant>

#include "models/fabric/address.h"
#include "models/firewall/gateway.h"
#include "models/nat/policy.h"
#include "src/topology/graph.h"
#include "src/topology/model.h"

namespace callflow::explain {

// What became of one packet.
struct Fate {
  bool delivered = false;
  fabric::Header5 header;  // as its receiver sees it, if it was delivered
  // If not: did a box refuse it on its way out of the sender's network, and in what words?
  // "hq-firewall refuses udp 10.1.0.2:50000 to 203.0.113.3:50000: denied by rule 3 (net.yaml:13):
  // {deny: any}"
  bool refused_outbound = false;
  std::string refusal;
};

// What each box of a network does, by its element.
class BoxPolicies {
 public:
  using Policy = std::variant<firewall::GatewayPolicy, nat::Policy>;

  BoxPolicies(const topology::NetworkGraph& graph, const topology::Topology& topology);
  // Null if the element is not a box.
  const Policy* find(topology::ElementId element) const;

 private:
  std::map<topology::ElementId, Policy> policies_;
};

// The boxes of a network, which at first have seen no packet. What is handed in must outlive it.
class Prober {
 public:
  Prober(const topology::NetworkGraph& graph, const BoxPolicies& policies)
      : graph_(&graph), policies_(&policies) {}

  // One packet, `header` as its sender wrote it. It arrives when the links' delays have passed; the
  // next packet leaves then. It counts as delivered if it is still (after translations) addressed
  // to `goal`.
  Fate send(const topology::Route& route, fabric::Header5 header, fabric::Endpoint goal);

 private:
  struct State {
    firewall::GatewayState gateway;
    nat::State nat;
  };

  const topology::NetworkGraph* graph_;
  const BoxPolicies* policies_;
  std::map<topology::ElementId, State> states_;  // of the boxes that saw a packet
  TimePoint now_;
};

}  // namespace callflow::explain
