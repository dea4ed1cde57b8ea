#include "src/sim/found_path.h"

#include <algorithm>
#include <utility>

#include "src/explain/connectivity.h"
#include "src/explain/flow_label.h"

namespace callflow::sim {

namespace {

using explain::CandidateType;
using topology::ElementId;
using topology::PathKind;

CandidateType typeOf(const ice::Candidate& candidate) {
  switch (candidate.type) {
    case ice::CandidateType::host:
      return CandidateType::os;
    case ice::CandidateType::serverReflexive:
      return CandidateType::stun;
    case ice::CandidateType::peerReflexive:
      return CandidateType::peerDerived;
    case ice::CandidateType::relayed:
      break;
  }
  return CandidateType::turn;
}

class Builder {
 public:
  Builder(IceNetwork& network, const PathEnd& near, const PathEnd& far)
      : network_(network), near_(near), far_(far) {
    path().from = near.element;
    path().to = far.element;
  }

  // From `port` of the near client, or from a media processor, to `target`.
  PathFromPair make(const ice::Port* port, wire::Endpoint target, CandidateType from,
                    CandidateType to) {
    const ice::Port* const theirs = portOf(far_, target);
    const auto byPort = [](const ice::Port* of) {
      return of == nullptr ? PathKind::direct : kindOf(*of);
    };
    path().kind = std::max(byPort(port), byPort(theirs));
    ElementId at = standsAt(near_, port);
    wire::Endpoint socket = port != nullptr ? port->socket : near_.socket;
    if (port != nullptr && port->relay) {
      at = addUp(*port);
      socket = port->own->address;
    }
    if (theirs != nullptr && theirs->relay) {
      // `target` may be what a NAT before the relay makes of this.
      const wire::Endpoint relayed = theirs->own->address;
      const ElementId relay = network_.relayAt(relayed.address);
      // A relay of both hands over inside.
      if (relay != at) addUdp(at, socket, relay, relayed, target, from, to);
      addDown(*theirs, relayed);
    } else {
      const wire::Endpoint own = theirs != nullptr ? theirs->socket : far_.socket;
      addUdp(at, socket, standsAt(far_, theirs), own, target, from, to);
    }
    for (explain::Leg& leg : path().legs) fillIce(leg);
    if (theirs != nullptr) result_.arrivesAt = theirs->number;
    return std::move(result_);
  }

 private:
  explain::MediaPath& path() { return result_.found.path; }
  const topology::NetworkGraph& graph() const { return network_.graph(); }

  static ElementId standsAt(const PathEnd& end, const ice::Port* port) {
    return port == nullptr ? end.element : end.interfaces->at(port->interface);
  }

  // The port of a client's that is meant by an address of its candidates, or else by what its
  // checks have been told; none of a media processor.
  const ice::Port* portOf(const PathEnd& end, wire::Endpoint address) const {
    if (end.client == nullptr) return nullptr;
    const ice::Agent& agent = end.client->agent();
    const auto& ports = agent.gathering().ports();
    for (auto port = ports.rbegin(); port != ports.rend(); ++port) {
      if (port->own && port->own->address == address) return &*port;
      for (const ice::Candidate& seen : port->reflexive)
        if (seen.address == address) return &*port;
    }
    for (const auto& pair : agent.pairs())
      if (pair->local().address == address) return &ports[pair->port()];
    // Seen by nobody yet but who got something from there.
    const auto sender = network_.wiring().datagrams().senderOf(address);
    const ice::Port* any = nullptr;
    for (const ice::Port& port : ports) {
      // A relay may stand behind a NAT, too.
      if (port.relay) {
        if (sender && port.own && port.own->address == sender->socket) return &port;
        continue;
      }
      const fabric::NodeId node = network_.wiring().network().node(standsAt(end, &port));
      if (sender == path::Datagrams::Sender{node, port.socket}) return &port;
      if (any == nullptr) any = &port;
    }
    return any;
  }

  void add(explain::Leg leg, wire::Endpoint destination) {
    path().legs.push_back(std::move(leg));
    result_.found.destinations.push_back(destination);
  }

  // With the way that packets to `towards` take.
  explain::Leg laidLeg(ElementId from, wire::Endpoint source, ElementId to,
                       wire::Endpoint destination, wire::Ipv4 towards) const {
    explain::Leg leg = explain::legBetween(from, source, to, destination);
    leg.links = wayOf(from, to, towards);
    leg.flows = explain::flowLabels(graph(), from, to, leg.links);
    return leg;
  }

  // As packets go that are sent to `towards`, at the end of which `to` gets them.
  topology::Route wayOf(ElementId from, ElementId to, wire::Ipv4 towards) const {
    const network::Reach& reach = network_.wiring().reach();
    const auto* const laid = reach.routeOf(network_.wiring().network().node(from), towards);
    if (laid != nullptr && !laid->empty() && graph().link(laid->back()).to == to) return *laid;
    const topology::Route whole = graph().route(from, to).value_or(topology::Route{});
    const topology::Element* const owner = reach.elementAt(towards);
    if (laid == nullptr || owner == nullptr) return whole;
    // It was laid to somebody else behind the box that has the address.
    const auto behind = [&](const topology::Route& route) {
      return std::find_if(route.begin(), route.end(), [&](topology::DirectedLinkId link) {
        return graph().link(link).to == owner->id;
      });
    };
    const auto inside = graph().route(owner->id, to);
    if (behind(whole) != whole.end() || behind(*laid) == laid->end() || !inside) return whole;
    topology::Route way(laid->begin(), behind(*laid) + 1);
    way.insert(way.end(), inside->begin(), inside->end());
    return way;
  }

  void addUdp(ElementId from, wire::Endpoint source, ElementId to, wire::Endpoint socket,
              wire::Endpoint destination, CandidateType fromType, CandidateType toType) {
    explain::Leg leg = laidLeg(from, source, to, socket, destination.address);
    leg.ice = explain::IceEnds{explain::Connectivity::direct, fromType, toType};
    result_.seenAfter = path().legs.size();
    add(std::move(leg), destination);
  }

  void addTurn(ElementId from, wire::Endpoint source, ElementId to, wire::Endpoint socket,
               wire::Endpoint destination, wire::Endpoint relayed) {
    explain::Leg leg = laidLeg(from, source, to, socket, destination.address);
    leg.turn = true;
    leg.relayed = relayed;
    add(std::move(leg), destination);
  }

  void addLine(const std::vector<explain::Leg>& legs, wire::Endpoint relayed) {
    for (const explain::Leg& leg : legs) {
      add(leg, {});
      explain::Leg& added = path().legs.back();
      added.relayed = relayed;
      added.flows = explain::flowLabels(graph(), added.from, added.to, added.links);
    }
    // A tunnel is what its outer connection is.
    if (legs.size() != 2) return;
    explain::Leg &first = *(path().legs.end() - 2), &second = path().legs.back();
    const bool up = graph().element(first.to).kind == topology::ElementKind::proxy &&
                    graph().element(first.from).kind == topology::ElementKind::participant;
    (up ? first : second).flows = (up ? second : first).flows;
  }

  // From the near client to its relay.
  ElementId addUp(const ice::Port& port) {
    const ElementId relay = network_.relayAt(port.own->address.address);
    if (port.at.protocol == ice::RelayProtocol::udp) {
      const wire::Endpoint asked = near_.client->agent().gathering().serverOf(port);
      addTurn(standsAt(near_, &port), port.socket, relay, asked, asked, port.own->address);
    } else {
      addLine(near_.lines->at(port.number)->there(), port.own->address);
    }
    return relay;
  }

  // From the far client's relay to it.
  void addDown(const ice::Port& port, wire::Endpoint relayed) {
    const ElementId relay = network_.relayAt(relayed.address);
    if (port.at.protocol == ice::RelayProtocol::udp) {
      const auto client = network_.relay(relay).clientOf(relayed.port);
      const wire::Endpoint seen = client ? client->source : port.socket;
      addTurn(relay, far_.client->agent().gathering().serverOf(port), standsAt(far_, &port),
              port.socket, seen, relayed);
    } else {
      addLine(far_.lines->at(port.number)->back(), relayed);
    }
  }

  void fillIce(explain::Leg& leg) {
    if (leg.turn) leg.ice = explain::IceEnds{{}, CandidateType::turn, CandidateType::turn};
    leg.ice->connectivity = leg.tunnel != 0                   ? explain::Connectivity::http
                            : path().kind != PathKind::direct ? explain::Connectivity::relay
                                                              : explain::Connectivity::direct;
  }

  IceNetwork& network_;
  const PathEnd& near_;
  const PathEnd& far_;
  PathFromPair result_;
};

}  // namespace

PathKind kindOf(const ice::Port& port) {
  if (!port.relay) return PathKind::direct;
  if (port.at.protocol == ice::RelayProtocol::udp) return PathKind::relayUdp;
  return port.at.throughProxy ? PathKind::relayProxy : PathKind::relayTcp;
}

PathFromPair pathBy(IceNetwork& network, const ice::Pair& selected, const PathEnd& near,
                    const PathEnd& far) {
  const ice::Port& port = near.client->agent().gathering().ports()[selected.port()];
  return Builder(network, near, far)
      .make(&port, selected.remote().address, typeOf(selected.local()), typeOf(selected.remote()));
}

PathFromPair pathTo(IceNetwork& network, wire::Endpoint nominated, const PathEnd& near,
                    const PathEnd& far) {
  CandidateType to = CandidateType::os;
  if (const ice::Pair* const selected = far.client->agent().selected())
    to = typeOf(selected->local());
  return Builder(network, near, far).make(nullptr, nominated, CandidateType::os, to);
}

}  // namespace callflow::sim
