// A client's connection to its TURN server over TCP or TLS, perhaps through its site's HTTP proxy:
// what the two say to each other on it.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "models/path/tcp_connection.h"
#include "models/path/transit.h"
#include "models/stun/message.h"
#include "src/explain/plan.h"
#include "src/sim/wiring.h"

namespace callflow::sim {

class RelayLine : public path::ConnectionWatcher {
 public:
  using Stands = std::function<void(bool stands)>;
  using Receive = std::function<void(const stun::Bytes&)>;
  struct Ends {
    explain::MediaPath there, back;  // of one leg, or of two with a proxy between
    std::uint32_t thereDraws = 0, backDraws = 0;
  };
  RelayLine(Wiring& wiring, const topology::Call& call, Ends ends, Stands stands, Receive atServer,
            Receive atClient);

  void open();
  // Nobody is told of it any more.
  void abandon() {
    stands_ = [](bool) {};
  }
  void toServer(const stun::Bytes& bytes) { send(there_, bytes); }
  void toClient(const stun::Bytes& bytes) { send(back_, bytes); }
  bool established() const { return established_; }
  // The legs from the client to its relay, and back.
  const std::vector<explain::Leg>& there() const { return ends_.there.legs; }
  const std::vector<explain::Leg>& back() const { return ends_.back.legs; }

  void onStanding(TimePoint now) override;
  void onClosed(TimePoint now) override;

 private:
  // One of its directions.
  class Way : public path::FlowEnd {
   public:
    Way(RelayLine& line, Receive receive) : line_(line), receive_(std::move(receive)) {}
    void onArrival(path::FrameHandle handle, TimePoint now) override;
    void onLost(path::FrameHandle handle) override;

    path::Flow flow;
    std::vector<stun::Bytes> waiting;  // by the sequence of their frames

   private:
    RelayLine& line_;
    Receive receive_;
  };
  void send(Way& way, const stun::Bytes& bytes);

  Wiring& wiring_;
  Ends ends_;
  Stands stands_;
  Way there_, back_;
  std::vector<path::Leg*> legs_;
  bool established_ = false;
};

}  // namespace callflow::sim
