// The other traffic of a run.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "models/traffic/datagrams.h"
#include "models/traffic/payloads.h"
#include "models/traffic/transfers.h"
#include "src/metrics/run_record.h"
#include "src/network/network.h"
#include "src/topology/scenario.h"

namespace callflow::sim {

// All of one entry of `traffic:`. Must outlive the simulation, and be gone before the network is.
class Traffic {
 public:
  // Its flows take ports from `firstPort` on; it sends until `end` at the latest.
  Traffic(network::Network& network, transport::TcpLayer& tcp, const traffic::Payloads& payloads,
          const topology::Traffic& parameters, std::uint16_t firstPort, TimePoint end);

  // To be called at its start.
  void start();
  metrics::TrafficRecord record() const;

 private:
  // One flow.
  struct Flow {
    traffic::Ends ends;  // of the end that opens it
    std::unique_ptr<traffic::Datagrams> datagrams;
    std::unique_ptr<traffic::Transfers> transfers;
  };

  void openInward(Flow& flow);

  network::Network& network_;
  const topology::Traffic& parameters_;
  topology::ElementId from_, to_;
  topology::Route there_, back_;
  traffic::Period period_;
  std::vector<Flow> flows_;
};

}  // namespace callflow::sim
