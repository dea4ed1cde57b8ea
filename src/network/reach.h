// How packets that agents send get to an address, whatever they think of it: to who has it, through
// the boxes that stand for who is behind them, or, if it is nobody's on the way that such packets
// take, as far as the Internet, or the sender's local network if it is an address of that.
#pragma once

#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "models/path/datagrams.h"
#include "src/network/network.h"

namespace callflow::network {

class Reach : public path::Directory {
 public:
  explicit Reach(Network& network);
  void layRoute(fabric::NodeId from, fabric::Ipv4 address, fabric::NodeId towards) override;

  // Anew, as the network's routes have changed.
  void layAgain();

  // Of a route that was laid; else null.
  const topology::Route* routeOf(fabric::NodeId from, fabric::Ipv4 address) const;
  // Who has the address; null: nobody.
  const topology::Element* elementAt(fabric::Ipv4 address) const { return ownerOf(address); }

 private:
  // `hidden`: what its end is called there, where `address` is a box's that stands for it.
  void lay(const topology::Route& route, topology::ElementId from, fabric::Ipv4 address,
           std::optional<fabric::Ipv4> hidden = {});
  // The element that has the address.
  const topology::Element* ownerOf(fabric::Ipv4 address) const;
  bool layToOwner(topology::ElementId from, fabric::Ipv4 address);
  bool translated(topology::ElementId from, topology::ElementId to) const;
  bool stands(const topology::Element& element, fabric::Ipv4 address) const;
  bool layTo(topology::ElementId from, fabric::Ipv4 address, topology::ElementId towards);
  bool layThrough(topology::ElementId from, fabric::Ipv4 address, topology::ElementId towards);
  // The sender's tunnel, if it takes this address in.
  const topology::TunnelPlace* tunnelTaking(topology::ElementId from, fabric::Ipv4 address) const;
  bool layThroughTunnel(topology::ElementId from, fabric::Ipv4 address);
  bool layAtHome(topology::ElementId from, fabric::Ipv4 address);
  bool layAstray(topology::ElementId from, fabric::Ipv4 address, topology::ElementId towards);
  void layToInternet(topology::ElementId from, fabric::Ipv4 address);

  Network& network_;
  std::map<fabric::Ipv4, topology::ElementId> owners_;  // by the first of their addresses
  std::map<std::pair<topology::ElementId, fabric::Ipv4>, topology::Route> routes_;
  struct Asked {
    fabric::NodeId from;
    fabric::Ipv4 address;
    fabric::NodeId towards;
  };
  std::vector<Asked> asked_;  // for routes
};

}  // namespace callflow::network
