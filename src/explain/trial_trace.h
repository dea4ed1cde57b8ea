// What a packet meets that is tried, as it is told while it crosses. Internal to explain.
#pragma once

#include <vector>

#include "models/fabric/fabric.h"
#include "src/explain/reachability.h"
#include "src/network/network.h"

namespace callflow::explain {

// Watches a network as long as it lives.
class TrialTrace : public fabric::TrialObserver {
 public:
  TrialTrace(network::Network& network, const topology::Topology& topology)
      : network_(network), topology_(topology) {
    network_.fabric().observeTrials(this);
  }
  ~TrialTrace() override { network_.fabric().observeTrials(nullptr); }
  TrialTrace(const TrialTrace&) = delete;
  TrialTrace& operator=(const TrialTrace&) = delete;

  // Tries one packet, as Network::tryPacket() does.
  Crossing cross(const topology::Route& route, topology::ElementId from,
                 const wire::Header5& header, wire::Endpoint goal, const wire::Sight& sight = {});

  void onStart(fabric::NodeId from, const fabric::Header5& header) override;
  void onLink(fabric::LinkId link) override;
  void onBox(const fabric::Header5& before, const fabric::Header5& after,
             const fabric::BoxResult& result) override;
  void onEnd(const fabric::Trial& trial) override;

 private:
  BoxVerdict verdictOf(const topology::DirectedLink& arrival,
                       const fabric::BoxResult& result) const;

  network::Network& network_;
  const topology::Topology& topology_;
  std::vector<Crossing> open_;  // those that others are tried within come first
  Crossing last_;
};

}  // namespace callflow::explain
