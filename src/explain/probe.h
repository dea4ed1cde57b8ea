// Tries single packets in a network at rest and says what became of them.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "models/fabric/box.h"
#include "models/fabric/fabric.h"
#include "models/fabric/own_clock.h"
#include "models/wire/address.h"
#include "src/topology/graph.h"
#include "src/topology/model.h"

namespace callflow::explain {

// Why a packet did not come through.
struct Refusal {
  enum class Kind {
    box,         // `element` refused it
    nobody,      // it arrived, after translations addressed to somebody else
    noRoute,     // from `element` to `other`, or to Azure
    noRegion,    // the network has no Azure region with a relay
    noInternet,  // `element` has no way to the Internet
    noProxy      // the site of `element` has none
  };
  Kind kind = Kind::box;
  topology::ElementId element{};
  std::optional<topology::ElementId> other{};
  fabric::Header5 header{};  // box: as it came there; nobody: as it arrived
  bool outbound = false;     // box: on its way out of the sender's network
  std::string reason{};      // box: which of its rules, in its own words

  // The same box by the same rule, whatever the packet; or the very same refusal.
  bool sameCause(const Refusal& refusal) const;
};

// What became of one packet.
struct Fate {
  bool delivered = false;
  fabric::Header5 header{};  // as its receiver sees it, if it was delivered
  Refusal refusal{};         // if not

  bool refusedOutbound() const { return !delivered && refusal.outbound; }
};

// A network without other traffic, loss, jitter and queues, in which single packets are tried: the
// fabric itself, with boxes of the factory that a simulation's come from. What is handed in must
// outlive it.
class QuietNetwork : private fabric::Sink, private fabric::DropObserver {
 public:
  QuietNetwork(const topology::NetworkGraph& graph, const topology::Topology& topology);
  ~QuietNetwork() override;

  // From now on no box has seen a packet.
  void forget();

  // One packet along a route, `header` as its sender wrote it. It arrives when the links' delays
  // have passed and boxes have let it go; the next packet leaves then. It counts as delivered if it
  // is still (after translations) addressed to `goal`.
  Fate send(const topology::Route& route, fabric::Header5 header, fabric::Endpoint goal);

 private:
  struct Device {
    const topology::Device* device = nullptr;
    std::unique_ptr<fabric::Box> box;
    bool met = false;  // has perhaps seen a packet
  };

  void onPacket(fabric::PacketId id, fabric::Packet& packet, TimePoint now) override;
  void onDrop(const fabric::Drop& drop) override;
  void place(topology::ElementId element);

  const topology::NetworkGraph& graph_;
  fabric::OwnClock clock_;
  fabric::Fabric fabric_;  // nodes and links have the numbers of the graph's elements and links
  std::map<topology::ElementId, Device> devices_;
  // Of the packet on its way.
  const topology::Route* route_ = nullptr;
  fabric::Endpoint goal_;
  Fate fate_;
};

}  // namespace callflow::explain
