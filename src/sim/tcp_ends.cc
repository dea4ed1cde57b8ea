#include "src/sim/tcp_ends.h"

namespace callflow::sim {

namespace {

using explain::PortBook;
using topology::ElementId;

struct Side {
  ElementId element;
  wire::Endpoint socket;
};

explain::Leg legOf(const topology::NetworkGraph& graph, const Side& from, const Side& to, bool turn,
                   std::uint16_t tunnel) {
  explain::Leg leg = explain::legBetween(from.element, from.socket, to.element, to.socket);
  leg.transport = explain::Transport::tcp;
  leg.turn = turn;
  leg.tunnel = tunnel;
  if (const auto route = graph.route(from.element, to.element)) leg.links = *route;
  return leg;
}

}  // namespace

RelayLine::Ends tcpEnds(IceNetwork& network, const TcpWay& way) {
  const auto at = [&](ElementId element) {
    return Side{element,
                {wire::Ipv4{network.graph().element(element).address},
                 network.ports().next(element, PortBook::Use::client)}};
  };
  RelayLine::Ends ends;
  ends.thereDraws = ends.backDraws = way.draws;
  const auto add = [&](const Side& from, const Side& to, std::uint16_t tunnel) {
    auto &there = ends.there.legs, &back = ends.back.legs;
    there.push_back(legOf(network.graph(), from, to, way.turn, tunnel));
    back.insert(back.begin(), legOf(network.graph(), to, from, way.turn, tunnel));
  };
  const Side client = at(way.client), server{way.server, way.service};
  if (way.proxy) {
    const Side upstream = at(*way.proxy);
    const Side proxy{*way.proxy, {upstream.socket.address, explain::kProxyPort}};
    add(client, proxy, upstream.socket.port);
    add(upstream, server, upstream.socket.port);
  } else {
    add(client, server, 0);
  }
  return ends;
}

}  // namespace callflow::sim
