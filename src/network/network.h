// The fabric of one case: a node for each element of the graph, a link for each link, a box for
// each device. Simulations run on it, and what a call's set-up needs to know is tried on it.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "models/fabric/fabric.h"
#include "models/fabric/lay_route.h"
#include "models/transport/tcp_layer.h"
#include "models/vpn/tunnel.h"
#include "src/topology/graph.h"
#include "src/topology/scenario.h"

namespace callflow::network {

// What became of a packet that was tried.
struct Passage {
  bool delivered = false;  // it came to whom it was meant for
  fabric::Header5 header;  // as it arrived, or as it came to the box that refused it
  struct Refusal {
    topology::ElementId box{};
    bool outbound = false;  // on its way out of the sender's network
    std::string reason;     // in the box's own words: which of its rules
    fabric::Ground ground;  // the same in the words that all boxes share
  };
  std::optional<Refusal> refused;  // neither delivered nor refused: it arrived at somebody else
};

// A VPN's tunnel that UDP does not get through, so that it goes over TCP.
struct FellBack {
  topology::ElementId client{};  // the participant
  std::uint16_t port = 0;        // of the gateway, TCP
  Passage udp;                   // what became of it
};

class Network {
 public:
  Network(fabric::FabricSimulator& simulator, const topology::NetworkGraph& graph,
          const topology::Topology& topology);
  ~Network();
  Network(const Network&) = delete;
  Network& operator=(const Network&) = delete;

  fabric::Fabric& fabric() { return fabric_; }
  // As it is now: the routes of a graph that was asked for before an event may be others.
  const topology::NetworkGraph& graph() const { return *graph_; }
  fabric::NodeId node(topology::ElementId element) const {
    return static_cast<fabric::NodeId>(index(element));
  }

  // Sends what is addressed to `destination` along `route`, from where it begins. Where it enters a
  // NAT from its outside, packets are addressed to the NAT, and from there to what is behind it.
  // Where the end of the route sends by another way, under an address that nobody has on this one,
  // what is addressed to that takes this way, too, as far as it gets.
  fabric::RouteId addRoute(const topology::Route& route, topology::ElementId from,
                           fabric::Ipv4 destination);

  // What a sender at the beginning of a route calls its end, if it has never heard from it: its
  // address, or the one that a VPN has given it on this way. A NAT shows nobody's.
  fabric::Ipv4 addressAlong(const topology::Route& route, fabric::Ipv4 end) const;

  // A packet crosses in no time (Fabric::tryPacket) along `route`, `header` as its sender wrote it:
  // set-up opens its paths so, and the state that it leaves in the boxes is that of real packets.
  // It counts as delivered if it is still (after translations) addressed to `goal`.
  Passage tryPacket(const topology::Route& route, const fabric::Header5& header,
                    fabric::Endpoint goal, wire::Sight sight = {});
  // From now on no box has seen a packet.
  void forget();

  // The tunnel that this link is comes up now, as its first packet would bring it up: whether it
  // has to fall back to TCP. Nothing if the link is no tunnel.
  std::optional<FellBack> fellBack(topology::DirectedLinkId link);
  // As TcpLayer::capture(), for tunnels' connections.
  void capture() { tcp_.capture(); }
  // Whether a participant takes an address for one of its own local network.
  bool isOnLink(topology::ElementId participant, fabric::Ipv4 address) const;
  // Whether what its participant sends to this address goes into the tunnel.
  bool entersTunnel(const topology::TunnelPlace& tunnel, fabric::Ipv4 address) const;
  // From now on tunnels send what keeps them alive.
  void keepTunnelsAlive();

  // A change that will come, to be told before packets are sent.
  void expect(const topology::LinkChange& change);
  // Applies a timed change now.
  void change(const topology::LinkChange& change);

  // Of a change that takes an uplink down whose site has a second line: when that takes over, if
  // the uplink is still down then.
  std::optional<Duration> takesOverAfter(const topology::LinkChange& change) const;
  void takeOver(const topology::LinkChange& change);

  // Links that follow a recording.
  std::vector<fabric::LinkId> traced() const;
  // Its step of this number (from 0, running on as the recording begins anew) holds from now on;
  // gives the time until the next. The first is to be told before packets are sent.
  Duration follow(fabric::LinkId link, std::size_t step);

  // "hq-firewall", "hq.uplink up": where a packet was dropped.
  std::string place(fabric::LinkId link, fabric::NodeId node) const;
  // Where packets wait on the way along a route: the links, and the boxes that hold packets.
  std::vector<fabric::LinkId> waitingPlaces(const topology::Route& route) const;
  const std::string& linkName(fabric::LinkId link) const { return fabric_.name(link); }
  // What the reason of a drop at a box means.
  std::string describeReason(fabric::NodeId box, std::uint16_t reason) const;
  // The same in the words that all boxes share.
  fabric::Ground groundOf(fabric::NodeId box, std::uint16_t reason) const;

 private:
  struct Box;

  // Who stands for what is behind them on a route.
  fabric::Translator translatorAt(const topology::Route& route, std::size_t at) const;
  // What a sender at the beginning of a route addresses: who hides its end, or `end`.
  fabric::Translator addressed(const topology::Route& route, fabric::Ipv4 end) const;
  // As whom the beginning of a route is seen at its end.
  fabric::Translator seenAlong(const topology::Route& route) const;
  void layStray(const topology::Route& route, topology::ElementId from, fabric::Ipv4 destination);
  // From now on packets take the ways of another graph.
  void reroute(topology::NetworkGraph graph);

  static fabric::LinkId linkOf(topology::DirectedLinkId id) {
    return static_cast<fabric::LinkId>(index(id));
  }
  Passage passageOf(const fabric::Trial& trial) const;
  void changeDevice(const topology::LinkChange& change);
  void placeBox(topology::ElementId element);
  // Of a VPN's client: the address of the computer that it is on.
  fabric::Ipv4 hostOf(topology::ElementId element) const;
  // Of what joins participants to their local network: these.
  std::vector<fabric::BoxPlace::Host> hostsAt(topology::ElementId element) const;
  // Notes the boxes on a route, and on the ways of the tunnels that it takes.
  void meet(const topology::Route& route);
  // The way of a tunnel's own packets, if the link is one.
  const topology::Route* wayOfTunnel(topology::DirectedLinkId link) const;
  void layTunnel(const topology::TunnelPlace& place);
  const vpn::Vpn& vpnOf(const topology::TunnelPlace& tunnel) const;

  // The second line of the site whose uplink the change is about.
  const topology::Backup* backupFor(const topology::LinkChange& change) const;

  const topology::NetworkGraph* graph_;
  // Those of later, all of them: plans hold what they were made of.
  std::vector<std::unique_ptr<const topology::NetworkGraph>> later_;
  const topology::Topology& topology_;
  const bool peers_;  // privately with Azure, so that an event may change routes
  bool strays_;       // Azure answers some of what it gets by another way
  // If events may change them: the routes that were laid, by sender, by end and by its address.
  std::map<std::tuple<topology::ElementId, topology::ElementId, fabric::Ipv4>, topology::Route>
      ways_;
  // Of uplinks that a second line stands for: what they are themselves.
  std::map<fabric::LinkId, fabric::LinkParameters> replaced_;
  // Nodes and links have the numbers of the graph's elements and links; places where boxes hold
  // packets come behind.
  fabric::Fabric fabric_;
  transport::TcpLayer tcp_;                  // of tunnels over TCP
  std::vector<std::unique_ptr<Box>> boxes_;  // by element; null where there is none
  std::vector<topology::ElementId> met_;     // boxes that tried packets have come to
  // A tunnel, and the ways of its own packets.
  struct Laid {
    topology::TunnelPlace place;
    topology::Route out, back;
    std::unique_ptr<vpn::Tunnel> program;
  };
  std::vector<Laid> tunnels_;
};

}  // namespace callflow::network
