// A media processor's socket as its clients connect to it: ICE lite and DTLS for each of them, told
// apart by their checks' user names and by where they come from.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "models/dtls/handshake.h"
#include "models/fabric/simulator.h"
#include "models/ice/lite_agent.h"
#include "models/path/datagrams.h"

namespace callflow::conference {

class IceSocket : public path::DatagramSink, public fabric::LaneClient {
 public:
  // A client's end here.
  struct Session {
    ice::LiteAgent agent;
    dtls::Handshake dtls;
    std::optional<wire::Endpoint> seen;  // of its last
    std::function<void(TimePoint)> onConnected;
    std::function<void(TimePoint)> onNominated;  // another address than before
    bool told = false;
    std::optional<TimePoint> scheduled;
  };

  IceSocket(path::Datagrams& datagrams, fabric::NodeId node, wire::Endpoint socket);

  // For one more client. `onConnected`: DTLS is.
  Session& open(std::uint64_t seed, dtls::Version version,
                std::function<void(TimePoint)> onConnected,
                std::function<void(TimePoint)> onNominated);

  void onDatagram(const path::Datagram& datagram, TimePoint now) override;
  bool takesMedia(wire::Endpoint from, wire::Endpoint to, TimePoint now) override;
  void onRecord(std::uint32_t channel, std::uint32_t payload, TimePoint now) override;

 private:
  Session* sessionOf(const path::Datagram& datagram);
  void settle(Session& session, TimePoint now);
  void send(wire::Endpoint to, stun::Bytes bytes);

  path::Datagrams& datagrams_;
  fabric::NodeId node_;
  wire::Endpoint socket_;
  fabric::LaneId lane_;
  std::vector<std::unique_ptr<Session>> sessions_;
  std::map<std::string, std::size_t> byFragment_;
  std::map<wire::Endpoint, std::size_t> bySource_;
  // Where datagrams from there come from in truth: a client, or its relay.
  std::map<wire::Endpoint, fabric::NodeId> senders_;
};

}  // namespace callflow::conference
