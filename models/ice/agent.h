// An ICE agent (RFC 8445, RFC 8838) as libwebrtc has it: it gathers candidates, checks pairs of
// them, selects one, keeps it alive, and says when it is lost. It knows no sockets and no clock:
// datagrams and the time come in by calls, and go out by AgentWorld.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "models/ice/check_schedule.h"
#include "models/ice/credentials.h"
#include "models/ice/gathering.h"
#include "models/ice/pair.h"
#include "models/ice/selection.h"
#include "models/stun/message.h"
#include "src/units/units.h"

namespace callflow::ice {

// RTCIceTransportState (W3C webrtc 5.6.4).
enum class State : std::uint8_t { fresh, checking, connected, completed, disconnected, failed };
std::string_view name(State state);  // "new", "checking" ...

struct AgentSettings {
  Role role = Role::controlling;
  bool remoteIsLite = false;
  bool direct = true;  // false: no pair without a relay is tried
  GatheringSettings gathering;
  std::uint64_t seed = 0;
};

// What an agent needs of the world around it, and tells it. Nothing of it may call the agent back
// from within, but by its next timer.
class AgentWorld : public PortWorld {
 public:
  // To be told to the other side (RFC 8838: trickled).
  virtual void onCandidate(const Candidate& candidate) = 0;
  virtual void onGathered() = 0;
  virtual void onState(State state) = 0;
  // Media goes by this pair from now on; null: by none.
  virtual void onSelected(const Pair* pair) = 0;
  // Something else than STUN has come on a pair: DTLS.
  virtual void onPayload(const stun::Bytes& bytes) = 0;
  // A check of a pair was answered after so long.
  virtual void onRoundTrip(const Pair& pair, Duration roundTrip) = 0;
  // When media has last come to the socket that the pair has here, if any has.
  virtual std::optional<TimePoint> lastMedia(const Pair& pair) const = 0;
};

class Agent : private GatheringListener {
 public:
  Agent(const AgentSettings& settings, AgentWorld& world);
  Agent(const Agent&) = delete;
  Agent& operator=(const Agent&) = delete;

  const Credentials& credentials() const { return local_; }
  void gather(TimePoint now);
  // Begins a new generation (RFC 8445 9) with new credentials; gather() is to follow. The pair that
  // is selected stays until one of the new generation works.
  void restart();

  // What the system says of one of its interfaces.
  void loseInterface(std::uint8_t interface, TimePoint now);
  void gainInterface(std::uint8_t interface, TimePoint now);

  void setRemote(const Credentials& remote, TimePoint now);
  void addRemoteCandidate(const Candidate& candidate, TimePoint now);

  // A datagram has come to a socket of the agent's.
  void onDatagram(wire::Endpoint socket, wire::Endpoint from, const stun::Bytes& bytes,
                  TimePoint now);
  // The connection of a relayed port stands, or has failed; a message has come on it.
  void onConnection(PortNumber port, bool stands, TimePoint now);
  void onStream(PortNumber port, const stun::Bytes& bytes, TimePoint now);

  // Whether media that comes to a socket of the agent's is from somebody whom it has paired with.
  bool takesMedia(wire::Endpoint socket, wire::Endpoint from) const;
  // Whether it has paired an address of its own, such as one at a relay, with that of another.
  bool knows(wire::Endpoint own, wire::Endpoint other) const;

  // DTLS or media on the selected pair; nothing happens without one.
  void sendPayload(stun::Bytes bytes, TimePoint now);

  // To be asked after whatever has happened.
  std::optional<TimePoint> nextTimer(TimePoint now);
  void onTimer(TimePoint now);

  // The call is over: relays are told so (RFC 8656 8).
  void close(TimePoint now);

  State state() const { return state_; }
  const Pair* selected() const { return selected_; }
  const Pairs& pairs() const { return pairs_; }
  // Those that were given up and forgotten.
  const Pairs& former() const { return former_; }
  const Gathering& gathering() const { return gathering_; }

 private:
  void onPort(const Port& port, TimePoint now) override;
  void onPortLost(const Port& port, TimePoint now) override;
  void onLocalCandidate(const Candidate& candidate) override;
  void onAllGathered() override;

  void pairUp(const Port& port, const Candidate& remote, TimePoint now);
  Pair* find(PortNumber port, wire::Endpoint remote) const;
  // From the other agent, through a port.
  void onPacket(PortNumber port, wire::Endpoint from, const stun::Bytes& bytes, TimePoint now);
  void onCheck(PortNumber port, wire::Endpoint from, const stun::Parsed& check, TimePoint now);
  void onAnswer(PortNumber port, const stun::Parsed& answer, TimePoint now);
  void check(Pair& pair, TimePoint now);
  // Pairs may have changed: which is best, and what that makes of the agent.
  void decide(TimePoint now);
  State stateNow() const;
  stun::TransactionId newTransaction();
  CheckContext context() const { return {selected_, completed_, remoteKey_.has_value()}; }

  AgentSettings settings_;
  AgentWorld& world_;
  std::mt19937_64 random_;
  std::uint64_t tieBreaker_ = 0;
  std::uint32_t generation_ = 0;
  Credentials local_;
  std::optional<Credentials> remote_;
  std::optional<stun::Key> localKey_, remoteKey_;
  Gathering gathering_;
  std::vector<Candidate> remoteCandidates_;
  Pairs pairs_, former_;
  PairNumber nextPair_ = 0;
  CheckSchedule schedule_;
  Pair* selected_ = nullptr;
  bool completed_ = false;
  bool hadPair_ = false;
  bool everWritable_ = false;
  State state_ = State::fresh;
  std::uint32_t failedIn_ = 0;  // the generation
};

}  // namespace callflow::ice
