// The signaling of one call over HTTPS: each client's connection to the server nearest to it,
// Azure's backbone between these, the steps of the set-up and its time-outs.
#pragma once

#include <array>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "models/fabric/simulator.h"
#include "models/signaling/messages.h"
#include "models/signaling/set_up.h"
#include "src/sim/ice_network.h"
#include "src/sim/signaling_line.h"

namespace callflow::sim {

// How it went. Times are since the call's start.
struct SignalingReport {
  struct Line {
    std::string server;  // "azure:westeurope/signaling"; empty: no region serves the client
    bool throughProxy = false;
    std::optional<Duration> resolved, stands;  // when it did first
  };
  std::array<std::optional<Line>, 2> lines;  // none: a server's, which needs none
  std::array<std::optional<Duration>, signaling::kSteps> steps;
  struct End {
    Duration at;
    signaling::Ending code;
    std::string reason;
  };
  std::optional<End> end;  // by a time-out
};

class Signaling : public fabric::LaneClient {
 public:
  using Action = std::function<void()>;
  // The caller, and whom it calls: a participant, or the call's media processor. `begin`: the
  // caller knows its server, and offers. `ended`: a time-out has ended the call.
  Signaling(IceNetwork& network, const topology::Call& call,
            const std::array<topology::ElementId, 2>& ends, Action begin, Action ended);

  void start();
  // To the other end. Arrives in order, and not at all when the call has ended.
  void send(std::size_t from, signaling::Message what, Action arrived);

  // ---- what an end tells of itself
  void allocated(std::size_t end);
  void connected(std::size_t end);  // it has a path and keys
  // No more is said in the call.
  void close() { closed_ = true; }

  // A time-out has ended the call.
  bool hasEnded() const { return report_.end.has_value(); }
  // How it ends when it is given up, if it is not connected for want of signaling.
  std::optional<SignalingReport::End> failure() const;
  // Something on the way to its server refuses a client's packets; known when it has started.
  bool isShut() const { return ends_[0].shut || ends_[1].shut; }
  // All has arrived that its ends were to say or to hear.
  bool allHeard() const;
  const SignalingReport& report() const { return report_; }

  void onRecord(std::uint32_t channel, std::uint32_t payload, TimePoint now) override;

 private:
  struct End {
    topology::ElementId element{};
    std::optional<topology::ElementId> region;
    std::unique_ptr<SignalingLine> line;  // of a client that a region serves
    bool isClient = false;
    bool shut = false;
    bool connected = false;
    bool told = false;  // its telemetry is at its server
  };
  void addEnd(std::size_t i, const topology::Call& call, topology::ElementId element);
  Duration resolving(const End& end) const;
  void later(Duration wait, Action what);
  void done(signaling::Step step);
  void across(std::size_t to, signaling::Message what, const Action& arrived);
  void lookAtDeadline();
  void look();
  // Why a client has no connection; nothing: all have.
  std::optional<std::string> missing() const;
  const topology::NetworkGraph& graph() const { return network_.graph(); }
  TimePoint now() const { return network_.wiring().network().fabric().simulator().now(); }

  IceNetwork& network_;
  fabric::LaneId lane_;
  signaling::Callee callee_;
  Action begin_, ended_;
  std::array<End, 2> ends_;
  Duration backbone_;  // one way
  std::vector<Action> actions_;
  TimePoint started_;
  std::optional<signaling::SetUp> setUp_;
  bool closed_ = false;
  SignalingReport report_;
};

}  // namespace callflow::sim
