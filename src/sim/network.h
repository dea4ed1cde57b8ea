// The fabric of one case: a node for each element of the graph, a link for each link, a box for
// each device.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "models/fabric/fabric.h"
#include "src/metrics/run_record.h"
#include "src/topology/graph.h"
#include "src/topology/scenario.h"

namespace callflow::sim {

class Network {
 public:
  Network(fabric::FabricSimulator& simulator, const topology::NetworkGraph& graph,
          const topology::Topology& topology);
  ~Network();
  Network(const Network&) = delete;
  Network& operator=(const Network&) = delete;

  fabric::Fabric& fabric() { return fabric_; }
  const topology::NetworkGraph& graph() const { return graph_; }

  // Where `address` lives at an element: a region's media processor has a node of its own.
  fabric::NodeId node(topology::ElementId element, fabric::Ipv4 address) const;

  bool isMediaProcessor(fabric::NodeId node) const;

  // The links from one address to another along a graph's route, media processors included.
  std::vector<fabric::LinkId> links(const topology::Route& route, topology::ElementId from,
                                    fabric::Ipv4 fromAddress, topology::ElementId to,
                                    fabric::Ipv4 toAddress) const;

  // Sends what is addressed to `destination` along `links`, from where they begin. Where they enter
  // a NAT from its outside, packets are addressed to the NAT, and from there to what is behind it.
  void addRoute(fabric::NodeId from, const std::vector<fabric::LinkId>& links,
                fabric::Ipv4 destination);

  // Sends a header along `links` in no time, through the boxes as they stand, as a packet sent now
  // would pass. Gives the header as it arrives, or nothing if a box drops it. This is how a call's
  // set-up opens its path: the state that it leaves in the boxes is that of real packets.
  std::optional<fabric::Header5> walk(const std::vector<fabric::LinkId>& links,
                                      const fabric::Header5& header);

  // The part of `links` that leads away from its beginning's customer network, to the Internet.
  std::vector<fabric::LinkId> outbound(const std::vector<fabric::LinkId>& links) const;
  // The address by which the beginning of `links` is known at their end: that of the outermost NAT
  // on the way out, else its own.
  fabric::Ipv4 addressSeenFrom(const std::vector<fabric::LinkId>& links, fabric::Ipv4 own) const;

  // A change that will come, to be told before packets are sent.
  void expect(const topology::LinkChange& change);
  // Applies a timed change now.
  void change(const topology::LinkChange& change);

  // "hq-firewall", "hq.uplink up": where a packet was dropped.
  std::string place(fabric::LinkId link, fabric::NodeId node) const;
  // Where packets wait on the way along `links`: the links, and the boxes that hold packets.
  std::vector<fabric::LinkId> waitingPlaces(const std::vector<fabric::LinkId>& links) const;
  const std::string& linkName(fabric::LinkId link) const { return fabric_.name(link); }

  std::vector<metrics::LinkCounters> linkCounters() const;
  std::vector<metrics::BoxDrop> drops() const;

 private:
  struct Box;

  const topology::DirectedLink* graphLink(fabric::LinkId link) const;
  void addBox(const topology::Element& element, const topology::Device& device);

  const topology::NetworkGraph& graph_;
  fabric::Fabric fabric_;
  std::vector<fabric::NodeId> nodes_;           // by element
  std::vector<fabric::NodeId> processorNodes_;  // by element; noNode but for regions
  std::vector<fabric::LinkId> toProcessor_;     // by element
  std::vector<fabric::LinkId> fromProcessor_;   // by element
  std::vector<fabric::LinkId> links_;           // by directed link of the graph
  std::vector<topology::DirectedLinkId>
      graphLinks_;                           // by fabric link; those of media processors come last
  std::vector<std::unique_ptr<Box>> boxes_;  // by element; null where there is none
};

}  // namespace callflow::sim
