// Makes what the plans of a run's calls need stand in its network, each once: whoever frames come
// to, the legs between them, the paths.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "models/conference/server.h"
#include "models/path/datagrams.h"
#include "models/path/leg.h"
#include "models/path/tcp_connection.h"
#include "models/path/transit.h"
#include "models/proxy/parameters.h"
#include "models/transport/tcp_layer.h"
#include "src/explain/plan.h"
#include "src/metrics/run_record.h"
#include "src/network/network.h"
#include "src/network/reach.h"
#include "src/topology/scenario.h"

namespace callflow::sim {

// A path as agents have found it.
struct FoundPath {
  explain::MediaPath path;
  // By leg over UDP: where packets on it are sent to.
  std::vector<fabric::Endpoint> destinations;
};

// Must outlive the simulation, and be gone before the network is.
class Wiring {
 public:
  Wiring(network::Network& network, const topology::Topology& topology, bool traced);
  ~Wiring();

  // ---- before the simulation runs
  // The legs of a plan one behind the other, as media of the call uses them. `draws` is
  // fabric::Packet::stream of what a TCP leg sends, if this is the first that uses it. The plan
  // must outlive the wiring.
  const path::Path& path(const explain::MediaPath& plan, const topology::Call& call,
                         std::uint32_t draws);
  conference::Server& mediaProcessor(topology::ElementId element);
  // The legs of a path that was found, which must outlive the wiring; those over TCP are there, and
  // the agents' checks have opened the others.
  const path::Path& path(const FoundPath& found, const topology::Call& call);
  // One that leads nowhere.
  const path::Path& nowhere() const { return nowhere_; }
  // A relay passes media on from now on, or not.
  void setRelayAlive(topology::ElementId relay, bool alive);
  // Where frames may have to wait on a path, one place after the other.
  std::vector<fabric::LinkId> waitingPlaces(const path::Path& path) const;

  // ---- in the simulation
  // Opens these legs: tries their first packets on the boxes, connects what is TCP. Legs come
  // with their opposite directions.
  void open(const std::vector<path::Leg*>& legs, path::ConnectionWatcher& watcher);

  path::Transit& transit() { return transit_; }
  path::Datagrams& datagrams() { return datagrams_; }
  network::Reach& reach() { return reach_; }
  transport::TcpLayer& tcp() { return tcp_; }
  network::Network& network() { return network_; }
  const topology::Topology& topology() const { return topology_; }
  // Whether what stands between the ends of these legs may close one of them.
  bool mayClose(const std::vector<path::Leg*>& legs) const;
  // "hq/proxy has closed the tunnel, ...", of the first of these that was closed.
  std::string closing(const std::vector<path::Leg*>& legs) const;
  // What the full queues before sockets have dropped, and what was to be sent on tunnels that were
  // closed.
  std::vector<metrics::BoxDrop> socketDrops() const;

 private:
  struct LegRun {
    const explain::Leg* plan = nullptr;
    std::unique_ptr<path::Leg> leg;
    path::TcpConnection::Setup tcp;  // of a leg from a client
  };
  struct Tunnel;

  topology::ElementKind kindOf(topology::ElementId element) const {
    return network_.graph().element(element).kind;
  }
  path::FrameSink& sinkAt(topology::ElementId element);
  const proxy::Proxy& proxyAt(topology::ElementId element) const;
  // Where frames wait while an element looks at them, if that takes it time.
  fabric::LinkId waitingPlaceAt(topology::ElementId element);
  // Of a leg of a tunnel.
  topology::ElementId proxyOf(const explain::Leg& plan) const;
  template <class Kind>
  const Kind& parametersOf(topology::ElementId element, const Kind& azures) const;
  path::Leg& leg(const explain::Leg& plan, const topology::Call& call, std::uint32_t draws);
  path::Leg& foundLeg(const explain::Leg& plan, fabric::Endpoint destination,
                      const topology::Call& call);
  LegRun& addLeg(const explain::Leg& plan, fabric::Endpoint destination,
                 const topology::Call& call);
  LegRun& run(const path::Leg& leg);
  const LegRun& run(const path::Leg& leg) const;
  LegRun& opposite(const explain::Leg& plan);
  bool opensConnection(const explain::Leg& plan) const;
  bool sendsFirst(const explain::Leg& plan) const;
  void openToServer(LegRun& forth, LegRun& back);
  void openDirect(LegRun& forth, LegRun& back);
  path::TcpConnection& connect(LegRun& forth, LegRun& back, path::ConnectionWatcher& watcher);
  void joinTunnels(
      const std::vector<std::pair<const explain::Leg*, path::TcpConnection*>>& connections);

  network::Network& network_;
  const topology::Topology& topology_;
  path::Transit transit_;
  transport::TcpLayer tcp_;
  network::Reach reach_;
  path::Datagrams datagrams_;
  std::map<topology::ElementId, std::unique_ptr<path::FrameSink>> sinks_;
  std::map<topology::ElementId, fabric::LinkId> places_;  // of proxies that take time
  std::vector<LegRun> legs_;
  using LegKey = std::tuple<explain::Transport, topology::ElementId, fabric::Endpoint,
                            topology::ElementId, fabric::Endpoint>;
  std::map<LegKey, std::size_t> legBetween_;
  std::map<const path::Leg*, std::size_t> numbers_;  // in legs_
  std::map<const explain::MediaPath*, std::unique_ptr<path::Path>> paths_;
  path::Path nowhere_;
  std::vector<std::unique_ptr<path::TcpConnection>> connections_;
};

}  // namespace callflow::sim
