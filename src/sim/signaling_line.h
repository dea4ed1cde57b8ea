// A client's HTTPS connection to its signaling server: TLS over TCP 443, through the boxes on the
// way and its site's proxy. One that a proxy closes is opened anew, and what has not arrived is
// sent again.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "models/fabric/simulator.h"
#include "src/sim/ice_network.h"
#include "src/sim/relay_line.h"

namespace callflow::sim {

class SignalingLine : public fabric::LaneClient {
 public:
  using Action = std::function<void()>;
  // `stands` is told each time that it is open.
  SignalingLine(IceNetwork& network, const topology::Call& call, topology::ElementId client,
                topology::ElementId server, Action stands);

  void open() { connect(); }
  // In order each way. What is sent before it stands leaves when it does.
  void toService(DataSize size, Action arrived) { send(up_, size, std::move(arrived)); }
  void toClient(DataSize size, Action arrived) { send(down_, size, std::move(arrived)); }

  topology::ElementId server() const { return server_; }
  bool throughProxy() const { return proxy_.has_value(); }
  // What refuses it, as far as a packet that is tried now tells.
  std::optional<std::string> refusal() const;
  // All has arrived.
  bool idle() const { return up_.empty() && down_.empty(); }

  void onRecord(std::uint32_t channel, std::uint32_t payload, TimePoint now) override;

 private:
  struct Waiting {
    DataSize size;
    Action arrived;
  };
  using Queue = std::deque<Waiting>;
  void connect();
  void send(Queue& queue, DataSize size, Action arrived);
  void onBytes(std::size_t connection, Queue& queue);
  void onStands(std::size_t connection, bool stands);
  RelayLine::Ends ends() const;
  std::optional<std::string> refusal(const explain::Leg& out, const explain::Leg& back) const;
  const topology::NetworkGraph& graph() const { return network_.graph(); }

  IceNetwork& network_;
  topology::Call call_;  // with the transport of HTTPS
  topology::ElementId client_, server_;
  std::optional<topology::ElementId> proxy_;
  Action stands_;
  fabric::LaneId lane_;
  std::vector<std::unique_ptr<RelayLine>> connections_;  // the last of them is in use
  bool closed_ = true;                                   // it is
  Queue up_, down_;
};

}  // namespace callflow::sim
