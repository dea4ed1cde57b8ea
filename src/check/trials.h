// Packets that are really sent through the boxes, as explain does.
#pragma once

#include <optional>
#include <string>

#include "models/fabric/own_clock.h"
#include "src/check/context.h"
#include "src/network/network.h"

namespace callflow::check {

// Where a packet, or the answer to it, ended.
struct Closed {
  std::string device;  // that refused it; empty: it arrived at somebody else
  SourcePos pos;       // of the rule, else of the device
  std::string reason;  // "rule 3, {deny: any}", or in the device's words
  bool answer = false;
  // What was refused is the tunnel that the packet would have gone in: its protocol and port.
  std::string tunnel = {};

  bool operator==(const Closed& other) const {
    return device == other.device && reason == other.reason && answer == other.answer &&
           tunnel == other.tunnel;
  }
};

class Trials {
 public:
  Trials(const topology::NetworkGraph& graph, const topology::Topology& topology)
      : graph_(graph), topology_(topology), network_(clock_.simulator(), graph, topology) {}

  // From a host to an address at the end of a way, and back, so many times; by boxes that have seen
  // nothing yet. Nothing: all came, and the answers, too.
  std::optional<Closed> exchange(topology::ElementId from, const topology::Route& out,
                                 const topology::Route& back, wire::Protocol protocol,
                                 wire::Endpoint server, bool plain = false, int times = 1);

 private:
  Closed closedBy(const network::Passage& passage, wire::Endpoint goal, bool answer) const;

  const topology::NetworkGraph& graph_;
  const topology::Topology& topology_;
  fabric::OwnClock clock_;
  network::Network network_;
};

}  // namespace callflow::check
