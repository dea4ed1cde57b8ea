// Sends single packets along routes through the boxes of a network and says what became of them.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "models/fabric/box.h"
#include "models/wire/address.h"
#include "src/topology/graph.h"
#include "src/topology/model.h"

namespace callflow::explain {

// Why a packet did not come through.
struct Refusal {
  enum class Kind {
    box,          // `element` refused it
    nobody,       // it arrived, after translations addressed to somebody else
    no_route,     // from `element` to `other`, or to Azure
    no_region,    // the network has no Azure region with a relay
    no_internet,  // `element` has no way to the Internet
    no_proxy      // the site of `element` has none
  };
  Kind kind = Kind::box;
  topology::ElementId element{};
  std::optional<topology::ElementId> other;
  fabric::Header5 header;  // box: as it came there; nobody: as it arrived
  bool outbound = false;   // box: on its way out of the sender's network
  std::string reason;      // box: which of its rules, in its own words

  // The same box by the same rule, whatever the packet; or the very same refusal.
  bool sameCause(const Refusal& refusal) const;
};

// What became of one packet.
struct Fate {
  bool delivered = false;
  fabric::Header5 header;  // as its receiver sees it, if it was delivered
  Refusal refusal;         // if not

  bool refusedOutbound() const { return !delivered && refusal.outbound; }
};

// Which boxes a network has, by their elements. What is handed in must outlive it.
class BoxPlans {
 public:
  BoxPlans(const topology::NetworkGraph& graph, const topology::Topology& topology);
  // A new one, which has seen no packet; null if the element is not a box.
  std::unique_ptr<fabric::Box> make(topology::ElementId element) const;

 private:
  std::map<topology::ElementId, const topology::Device*> devices_;
  const topology::NetworkGraph& graph_;
};

// The boxes of a network, which at first have seen no packet. What is handed in must outlive it.
class Prober {
 public:
  Prober(const topology::NetworkGraph& graph, const BoxPlans& plans)
      : graph_(&graph), plans_(&plans) {}

  // One packet, `header` as its sender wrote it. It arrives when the links' delays have passed, and
  // what boxes hold it for; the next packet leaves then. It counts as delivered if it is still
  // (after translations) addressed to `goal`.
  Fate send(const topology::Route& route, fabric::Header5 header, fabric::Endpoint goal);

 private:
  fabric::Box* boxAt(topology::ElementId element);

  const topology::NetworkGraph* graph_;
  const BoxPlans* plans_;
  std::map<topology::ElementId, std::unique_ptr<fabric::Box>>
      boxes_;  // met so far; null: none there
  TimePoint now_;
};

}  // namespace callflow::explain
