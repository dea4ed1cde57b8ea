// Which path the media of a call takes, and why: found by asking the policies of the boxes along
// the graph's routes, the same functions that judge every packet of a simulation.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "models/ice/parameters.h"
#include "models/wire/address.h"
#include "models/wire/service.h"
#include "src/explain/attempt.h"
#include "src/explain/connectivity.h"
#include "src/explain/flow_label.h"
#include "src/topology/graph.h"
#include "src/topology/scenario.h"

namespace callflow::explain {

using Transport = wire::Protocol;
std::string_view name(Transport transport);  // "udp", "tcp"
using topology::name;                        // of a PathKind: "direct", "relay-udp" ...

using wire::kProxyPort;
using wire::kStunPort;
using wire::kTurnTcpPort;

// What one transport carries, one way. Two clients of one relay are joined by two legs, each of
// them between a client and its own relay.
struct Leg {
  topology::ElementId from{};
  topology::ElementId to{};
  Transport transport = Transport::udp;
  // The leg joins a client and its own relay: media travels in TURN ChannelData frames. False
  // between client and client, between a relay and a peer or media processor, and between two
  // relays.
  bool turn = false;
  // Not 0: one of the two connections of a tunnel through an HTTP proxy, which have the same
  // number.
  std::uint16_t tunnel = 0;
  topology::Route links;
  // The sockets at both ends, before any translation: a client's own address and port; a relay's
  // 3478 (or the port that the call names) or 443 towards its client, else the port that it relays
  // for it; a media processor's 3478.
  std::uint32_t fromAddress = 0;
  std::uint16_t fromPort = 0;
  std::uint32_t toAddress = 0;
  std::uint16_t toPort = 0;
  // What the relay has given the client, where ICE has found the path and the leg joins the two, or
  // is one of two that do through an HTTP proxy.
  std::optional<wire::Endpoint> relayed;
  // Both legs of a tunnel through an HTTP proxy have those of the outer one.
  FlowLabels flows;
  // Nothing: ICE has no part in it (between an SBC or a telephone and a server).
  std::optional<IceEnds> ice;
};

// Over UDP between two sockets, without its way.
Leg legBetween(topology::ElementId from, wire::Endpoint fromSocket, topology::ElementId to,
               wire::Endpoint toSocket);
// Between a telephone and what leads to it.
bool isPstn(const topology::NetworkGraph& graph, const Leg& leg);

// Media from one element to another: participant to participant, or between a participant and the
// call's media processor. A client with several interfaces is called after the one that it prefers,
// and takes another if no path begins there. Both directions of a pair exist, with the same
// attempts and mirrored legs.
struct MediaPath {
  topology::ElementId from{};
  topology::ElementId to{};
  topology::PathKind kind{};
  std::vector<Attempt> attempts;  // in the order tried
  std::vector<Leg> legs;          // in the order travelled
};

// A participant (group) or pair (one-to-one) that no path joins. ACS ends such a call with
// 410/3112.
struct PlanFailure {
  std::string who;  // "carol@home", or "alice@hq and bob@branch"
  int code = 410;
  int subcode = 3112;
  std::vector<Attempt> attempts;  // none is chosen
};

// Of a participant whose client has several: its interfaces, the one that it prefers first.
struct Accesses {
  std::string user;
  struct Interface {
    topology::ElementId element{};
    ice::AccessKind kind{};
  };
  std::vector<Interface> interfaces;
};

// Where a participant's signaling goes, over HTTPS: to the region nearest to it.
struct Signaling {
  topology::ElementId participant{};
  topology::ElementId region{};
  FlowLabels flows;
  // Why it does not get out, so that no call can be set up: addSignalingRefusals() asks,
  // planCalls() does not.
  std::string refused = {};
};

struct CallPlan {
  std::string call;
  topology::CallKind kind{};
  topology::Security security{};                      // of its legs over TCP
  std::optional<topology::ElementId> mediaProcessor;  // of a group call
  std::vector<MediaPath> paths;
  std::vector<PlanFailure> failures;
  std::vector<Accesses> accesses;
  // Of the participants with a client, in their order; those that no region serves are left out.
  std::vector<Signaling> signaling;

  // Null if there is no such path (the pair failed, or goes through the media processor).
  const MediaPath* path(topology::ElementId from, topology::ElementId to) const;
};

// With which port a client begins: those that Microsoft documents for audio are 50000 to 50019
// ("Implement QoS in Microsoft Teams").
enum class ClientPorts : std::uint8_t {
  drawn,   // any of these, as two behind one NAT need not have the same; drawn by its name
  inOrder  // 50000
};

// Gives out the ports of clients (from their first up) and of relays (from the first of their range
// up), so that the calls of one run do not share one at an element. After 65535 they go on at 1024;
// a relay that has given out its range goes on beyond it.
class PortBook {
 public:
  enum class Use { client, relay };
  // Relays have the ranges of their own of this graph, which must outlive it.
  explicit PortBook(const topology::NetworkGraph& graph, ClientPorts ports = ClientPorts::drawn)
      : graph_(&graph), ports_(ports) {}
  // The port that next() will give.
  std::uint16_t peek(topology::ElementId element, Use use) const;
  std::uint16_t next(topology::ElementId element, Use use);
  // Whether a relay has a port left in its range.
  bool left(topology::ElementId relay) const;

 private:
  int firstOfClient(topology::ElementId element) const;

  const topology::NetworkGraph* graph_;
  ClientPorts ports_;
  std::map<std::pair<topology::ElementId, Use>, int> given_;  // how many
};

CallPlan planCall(const topology::NetworkGraph& graph, const topology::Topology& topology,
                  const topology::Call& call, ClientPorts ports = ClientPorts::drawn);
// All calls of one case, with distinct ports and as the boxes have room for them in the order in
// which they start.
std::vector<CallPlan> planCalls(const topology::NetworkGraph& graph,
                                const topology::Topology& topology,
                                const std::vector<topology::Call>& calls,
                                ClientPorts ports = ClientPorts::drawn);

// For people: the attempts of each pair, the hops with the parameters of their links, the base
// delay.
std::string explainText(const topology::NetworkGraph& graph, const CallPlan& plan);

// The same attempts, addresses and hops for one direction of one pair; explainText() is made of
// these.
std::string explainText(const topology::NetworkGraph& graph, const MediaPath& path);

}  // namespace callflow::explain
