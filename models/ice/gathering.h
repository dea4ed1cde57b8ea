// Where an agent may be reached: it opens sockets, asks STUN servers where they are seen, and
// relays for addresses of theirs, step by step as libwebrtc's AllocationSequence does.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <vector>

#include "models/ice/candidate.h"
#include "models/ice/pair.h"
#include "models/ice/timers.h"
#include "models/stun/message.h"
#include "models/turn/client.h"
#include "models/turn/retransmissions.h"
#include "src/units/units.h"

namespace callflow::ice {

struct Server {
  wire::Endpoint address;
  RelayProtocol protocol = RelayProtocol::udp;
  bool relays = true;  // false: a STUN server, over UDP; others over UDP are that as well
  bool throughProxy = false;
};

// A local socket, and the address that its interface has: the same, unless the interface is a
// VPN's.
struct Socket {
  wire::Endpoint local;
  wire::Endpoint address;
};

struct GatheringSettings {
  // The agent's interfaces, the best first: what libwebrtc adds to their cost.
  std::vector<std::uint16_t> interfaceCosts = {0};
  std::set<std::uint8_t> withoutProxy = {};  // those that reach no proxy
  // Of an interface that comes back; while no pair works yet it is gathered from in any case.
  GatheringPolicy policy = GatheringPolicy::once;
  std::vector<Server> servers;  // in the order of their preference; those that do not relay last
  // If it is given, each generation begins with asking it for these.
  std::function<std::vector<Server>()> serversNow;
  // If it is given: which server to ask, over the same transport, when one has no allocation left.
  // Those that have been asked by then are known.
  std::function<std::optional<Server>(const Server& full, const std::vector<wire::Endpoint>& asked)>
      serverAfter;
  bool relayOnly = false;  // iceTransportPolicy "relay"
  // Added to the local preference of what its relays give: of two agents whose relays would serve
  // equally, that of which has more is used.
  std::uint8_t ownRelays = 0;
  Preferences preferences = Preferences::m150;
  Duration opening = kSocketOpening;  // of its sockets
  Ticks ticks;                        // the agent's
  turn::Credentials credentials;
};

// What a gathering needs of the world.
class PortWorld {
 public:
  virtual ~PortWorld() = default;
  // A UDP socket on an interface.
  virtual Socket openSocket(std::uint8_t interface) = 0;
  virtual void sendDatagram(wire::Endpoint socket, wire::Endpoint to, stun::Bytes bytes) = 0;
  // A connection of a port to its server; Agent::onConnection() tells how it went.
  virtual void connect(PortNumber port, std::uint8_t interface, const Server& server) = 0;
  virtual void sendStream(PortNumber port, const stun::Bytes& bytes) = 0;
};

// A local socket, or what a relay gives to one.
struct Port {
  PortNumber number = 0;
  std::uint8_t interface = 0;
  std::uint32_t generation = 0;
  std::uint16_t cost = 0;
  wire::Endpoint socket;
  // The candidate that it is by itself; none before a relay has given it, or if the policy is
  // against it.
  std::optional<Candidate> own;
  std::vector<Candidate> reflexive;     // as which others see it
  std::unique_ptr<turn::Client> relay;  // of a relayed one
  std::uint8_t server = 0;              // in GatheringSettings::servers, as of its generation
  Server at;                            // the same, or where its relay has sent it
  bool connected = true;                // to its relay
  bool lost = false;                    // its interface was: no more pairs are made of it
  std::optional<TimePoint> reconnects;  // its relay has sent it elsewhere
  // By relays that had nothing for it.
  struct Refused {
    TimePoint at;
    Server by;
    int code = 0;  // 300: it sends it elsewhere
  };
  std::vector<Refused> refused;
};

class GatheringListener {
 public:
  virtual ~GatheringListener() = default;
  // Pairs may be made of the port from now on.
  virtual void onPort(const Port& port, TimePoint now) = 0;
  virtual void onPortLost(const Port& port, TimePoint now) = 0;
  virtual void onLocalCandidate(const Candidate& candidate) = 0;
  virtual void onAllGathered() = 0;
};

class Gathering {
 public:
  Gathering(const GatheringSettings& settings, PortWorld& world, GatheringListener& listener,
            std::function<stun::TransactionId()> transactions);

  // Begins a generation, from the interfaces that are there.
  void start(std::uint32_t generation, TimePoint now);
  // A pair of an interface works: what was begun together with it is not waited for any more.
  void stop(std::uint8_t interface);

  // An interface is gone, and with it what was begun from there: its ports are as libwebrtc's
  // pruned ones (p2p/client/basic_port_allocator.cc, OnNetworksChanged), whose pairs live on until
  // their checks have failed. Those over TCP are lost at once, as systems close the connections of
  // an address that they lose.
  void loseInterface(std::uint8_t interface, TimePoint now);
  // It is back: with new ports, as far as the settings have it.
  void gainInterface(std::uint8_t interface, TimePoint now);

  // What has come on a socket. Nothing, if it was a server's; else what another agent has sent, and
  // to which port.
  struct Received {
    PortNumber port = 0;
    wire::Endpoint from;
    stun::Bytes bytes;
  };
  std::optional<Received> onDatagram(wire::Endpoint socket, wire::Endpoint from,
                                     const stun::Bytes& bytes, TimePoint now);
  std::optional<Received> onStream(PortNumber port, const stun::Bytes& bytes, TimePoint now);
  void onConnection(PortNumber port, bool stands, TimePoint now);

  // A port is to reach another agent's address.
  void permit(PortNumber port, wire::Endpoint remote, TimePoint now);
  void send(PortNumber port, wire::Endpoint to, stun::Bytes bytes, bool payload, TimePoint now);

  std::optional<TimePoint> nextTimer() const;
  void onTimer(TimePoint now);
  void close(TimePoint now);

  // What a port is to those who see it at this address: a candidate of its own, or a peer-reflexive
  // one that nobody knew (RFC 8445 7.2.5.3.1).
  Candidate localAs(PortNumber port, wire::Endpoint seen) const;

  const std::vector<Server>& servers() const { return settings_.servers; }
  const std::deque<Port>& ports() const { return ports_; }
  // Whose socket this is: that of what a relay gives, if `from` is the relay. Null: nobody's.
  const Port* portAt(wire::Endpoint socket, wire::Endpoint from) const;
  Port& port(PortNumber number) { return ports_[number]; }
  // The TURN server of a relayed port.
  wire::Endpoint serverOf(const Port& port) const { return port.at.address; }
  bool complete() const { return complete_; }

 private:
  // A STUN server is asked where a port is seen.
  struct Binding {
    PortNumber port = 0;
    wire::Endpoint server;
    stun::TransactionId transaction{};
    turn::Retransmissions retransmissions;
    bool done = false;                   // answered once, or given up
    std::optional<TimePoint> keepalive;  // it was answered: when it is asked again
  };
  enum class Step : std::uint8_t { sockets, relays, rest, done };
  // Interfaces that are gathered from together, and how far that is.
  struct Sequence {
    std::set<std::uint8_t> interfaces;
    TimePoint begun;  // the step before
    TimePoint next;
    Step step = Step::sockets;
    std::vector<PortNumber> sockets = {};
  };

  void begin(std::set<std::uint8_t> interfaces, TimePoint now);
  void go(Sequence& sequence, TimePoint now);
  void openSockets(Sequence& sequence, TimePoint now);
  void askServers(const Sequence& sequence, TimePoint now);
  void openRelays(const Sequence& sequence, TimePoint now);
  // What an interface has not got an answer to yet, it waits for no more.
  void giveUpWaiting(std::uint8_t interface);
  std::optional<TimePoint> soonest() const;
  void ask(const Binding& binding);
  void flush(Port& port);
  void noteRelay(Port& port, turn::Client::State before, TimePoint now);
  std::optional<Server> serverAfter(const Port& port) const;
  void noteAllocation(Port& port, TimePoint now);
  void completeIfDone();
  std::optional<Received> takeReceived(Port& port);
  const Port* relayedPort(wire::Endpoint socket, wire::Endpoint server) const;
  std::uint32_t localPreference(const Port& port) const;
  Candidate candidate(const Port& port, CandidateType type, wire::Endpoint address) const;

  GatheringSettings settings_;
  PortWorld& world_;
  GatheringListener& listener_;
  std::function<stun::TransactionId()> transactions_;
  std::deque<Port> ports_;  // references to them hold
  std::vector<Binding> bindings_;
  std::uint32_t generation_ = 0;
  std::set<std::uint8_t> interfaces_;  // that are there
  std::vector<Sequence> sequences_;
  bool stopped_ = false;  // a pair of this generation has worked
  bool complete_ = true;
  // What soonest() has said, until something happens: it is asked after each datagram.
  mutable std::optional<std::optional<TimePoint>> timer_;
};

}  // namespace callflow::ice
