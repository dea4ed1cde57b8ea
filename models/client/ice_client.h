// A client's ICE agent in the network, with the DTLS handshake behind it: it has sockets and
// timers, and notes what happens to it.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "models/dtls/handshake.h"
#include "models/fabric/simulator.h"
#include "models/ice/agent.h"
#include "models/path/datagrams.h"
#include "src/units/units.h"

namespace callflow::client {

class IceClient;

// Is told what becomes of a client's connection, as it happens. Must not call the client back from
// within.
class IceWatcher {
 public:
  virtual ~IceWatcher() = default;
  virtual void onCandidate(IceClient& client, const ice::Candidate& candidate) = 0;
  virtual void onGathered(IceClient& client) = 0;
  virtual void onState(IceClient& client, ice::State state) = 0;
  virtual void onSelected(IceClient& client, const ice::Pair* pair) = 0;
  virtual void onConnected(IceClient& client) = 0;  // DTLS
  virtual void onMedia(IceClient& client) = 0;      // that came with bytes of its own
  // A check of the selected pair was answered.
  virtual void onRoundTrip(IceClient& client, Duration roundTrip) = 0;
  // When frames have last come to the socket that a pair has, if any have.
  virtual std::optional<TimePoint> lastFrame(const IceClient& client, const ice::Pair& pair) = 0;
};

// Opens a client's connections to relays.
class RelayConnector {
 public:
  virtual ~RelayConnector() = default;
  // Afterwards the client's onConnection() and onStream() tell of it.
  virtual void connect(IceClient& client, ice::PortNumber port, std::uint8_t interface,
                       const ice::Server& server) = 0;
  virtual void send(IceClient& client, ice::PortNumber port, const stun::Bytes& bytes) = 0;
};

class IceClient : public ice::AgentWorld, public path::DatagramSink, public fabric::LaneClient {
 public:
  struct Setup {
    // Its interfaces, as in the agent's settings: where they send from, and what they are called.
    struct Interface {
      fabric::NodeId node{};
      wire::Ipv4 local, address;
    };
    std::vector<Interface> interfaces;
    ice::AgentSettings agent;
    dtls::Version dtls = dtls::Version::v13;
    dtls::Role dtlsRole = dtls::Role::client;
    wire::Dscp dscp = {};
    std::uint32_t draws = 0;                  // fabric::Packet::stream
    std::function<std::uint16_t()> nextPort;  // for a new socket
    fabric::NodeId peer{};                    // an interface of the other client
    std::map<wire::Ipv4, fabric::NodeId> servers;
  };
  IceClient(path::Datagrams& datagrams, RelayConnector& connector, IceWatcher& watcher,
            Setup setup);

  // ---- what the application does
  void gather();
  void restart() { agent_.restart(); }  // gather() is to follow
  // The system has lost or regained one of its interfaces.
  void setInterface(std::uint8_t interface, bool there);
  void setRemote(const ice::Credentials& remote);
  void addRemoteCandidate(const ice::Candidate& candidate);
  // On the selected pair.
  void send(const stun::Bytes& bytes);
  void close();

  // ---- what comes
  void onDatagram(const path::Datagram& datagram, TimePoint now) override;
  bool takesMedia(wire::Endpoint from, wire::Endpoint to, TimePoint now) override;
  void onConnection(ice::PortNumber port, bool stands);
  void onStream(ice::PortNumber port, const stun::Bytes& bytes);
  void onRecord(std::uint32_t channel, std::uint32_t payload, TimePoint now) override;

  const ice::Agent& agent() const { return agent_; }
  const Setup& setup() const { return setup_; }
  bool connected() const { return toldConnected_; }

  // ---- ice::AgentWorld
  ice::Socket openSocket(std::uint8_t interface) override;
  void sendDatagram(wire::Endpoint socket, wire::Endpoint to, stun::Bytes bytes) override;
  void connect(ice::PortNumber port, std::uint8_t interface, const ice::Server& server) override;
  void sendStream(ice::PortNumber port, const stun::Bytes& bytes) override;
  void onCandidate(const ice::Candidate& candidate) override;
  void onGathered() override;
  void onState(ice::State state) override;
  void onSelected(const ice::Pair* pair) override;
  void onPayload(const stun::Bytes& bytes) override;
  void onRoundTrip(const ice::Pair& pair, Duration roundTrip) override;
  std::optional<TimePoint> lastMedia(const ice::Pair& pair) const override;

 private:
  TimePoint now() const { return datagrams_.fabric().simulator().now(); }
  // The agent has done something: DTLS goes on, and the next timer is set.
  void settle();
  void schedule();
  void wakeAt(TimePoint when);

  path::Datagrams& datagrams_;
  RelayConnector& connector_;
  IceWatcher& watcher_;
  Setup setup_;
  ice::Agent agent_;
  dtls::Handshake dtls_;
  fabric::LaneId lane_;
  std::optional<TimePoint> due_;                      // when a timer of the agent or of DTLS ends
  std::map<wire::Endpoint, fabric::NodeId> sockets_;  // where each is
  std::optional<TimePoint> scheduled_;
  bool toldConnected_ = false;
  bool closed_ = false;
};

}  // namespace callflow::client
