// Two clients that find a path to each other: their agents, their relays, and the signaling between
// them, in a network that runs.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "models/client/control_traffic.h"
#include "models/client/ice_client.h"
#include "models/client/reconnection.h"
#include "models/conference/ice_socket.h"
#include "src/sim/found_path.h"
#include "src/sim/ice_network.h"
#include "src/sim/relay_line.h"
#include "src/sim/signaling.h"

namespace callflow::sim {

// How long signaling takes: each way, where it is ideal, and each client for what it is told.
struct SignalingTimes {
  Duration oneWay;
  Duration offer = Duration::ms(20);     // to set it, to answer and to set the answer
  Duration answer = Duration::ms(10);    // to set it
  Duration candidate = Duration::ms(5);  // to add one
};

struct IceOptions {
  SignalingTimes signaling;
  bool restarts = false;  // the first client restarts ICE when it is disconnected
  bool again = false;     // and when that has failed
  // Where either client's relay would do, the first's is used, as planned. ICE itself leaves it to
  // who offered: it prefers the answerer's (RFC 8445 6.1.2.3, the last bit).
  bool firstsRelay = false;
  // Of a call whose paths leave out the direct one: the clients by whose relays it shall run, which
  // then have the policy "relay".
  std::array<bool, 2> byOwnRelay{};
  // Of media packets that a client sends while it may, for want of a call's own; none: it sends
  // none.
  std::optional<Duration> mediaInterval;
  DataSize mediaSize = DataSize::bytes(172);
  ice::Preferences preferences = ice::Preferences::m150;
  dtls::Version dtls = dtls::Version::v13;
  std::uint64_t seed = 1;
};

// Of a call's clients, between the two ends of what is planned; null: nothing is. Relays are used
// as it has them. Of two runs that differ in seed or replication no draws are the same.
IceOptions optionsOf(const topology::Call& call, const explain::MediaPath* plan,
                     std::uint64_t seed = 1, int replication = 1);

// What one side has seen. Times are since the session began.
struct IceSide {
  struct Selection {
    Duration at;
    std::string local, remote;                // types
    std::optional<ice::RelayProtocol> relay;  // of a local one that is relayed
    bool none = false;                        // no pair any more
    std::uint8_t interface = 0;               // in IceSide::interfaces
    std::string words;                        // of both candidates
  };
  struct Change {
    Duration at;
    ice::State state{};
  };
  struct Gathered {
    Duration at;
    ice::Candidate candidate;
  };
  // The sites that they are at, of a client with several accesses; of others nothing.
  std::vector<std::string> interfaces;
  // " at phone", for whoever has several.
  std::string place(std::uint8_t interface) const;
  // "host 10.0.0.2:50000 - srflx 198.51.100.1:50000 at phone"
  std::string words(const ice::Pair& pair) const;
  std::vector<Gathered> candidates;
  std::vector<Selection> selections;
  std::vector<Change> states;
  std::vector<Duration> media;  // when packets came
  std::vector<Duration> restarts;
  std::optional<Duration> gathered, iceConnected, dtlsConnected, failed;
};

// "relay 20.202.0.1:50000 by udp"
std::string words(const ice::Candidate& candidate);

class IceSession;

// Is told what a session means for its call's media.
class SessionWatcher {
 public:
  virtual ~SessionWatcher() = default;
  // Both ends are connected, for the first time.
  virtual void onConnected(IceSession& session, TimePoint now) = 0;
  // What one side sends takes another path than before, or none.
  virtual void onPath(IceSession& session, std::size_t from, TimePoint now) = 0;
  // Nothing will connect them, or connect them again.
  virtual void onEnded(IceSession& session, TimePoint now) = 0;
};

class IceSession : public client::IceWatcher,
                   public client::RelayConnector,
                   public AccessWatcher,
                   public fabric::LaneClient {
 public:
  // Between the two participants of a call, the first of whom offers.
  IceSession(IceNetwork& network, const topology::Call& call, const IceOptions& options);
  // Between one of a call's participants, who offers, and its media processor.
  IceSession(IceNetwork& network, const topology::Call& call, std::size_t participant,
             topology::ElementId processor, const IceOptions& options);

  // Must outlive it.
  void watch(SessionWatcher& watcher) { watcher_ = &watcher; }
  void start();
  void close();
  bool connected() const { return connected_; }
  bool ended() const { return ended_; }
  // It has lost its connection, and its client restarts ICE until it is back.
  bool triesAgain() const { return reconnection_.limit().has_value(); }
  // No more media of its own, of options that have some.
  void stopMedia() { options_.mediaInterval.reset(); }
  // By which one side's media goes now.
  const path::Path& path(std::size_t from);
  // That media of a side took, and since when; of those that were asked for.
  struct PathUse {
    TimePoint since;
    const FoundPath* found = nullptr;  // none: nowhere
    const path::Path* legs = nullptr;
  };
  const std::vector<PathUse>& uses(std::size_t from) const { return sides_[from].uses; }
  // That was used for the longest time until `end`; null: none was.
  const PathUse* longestUse(std::size_t from, TimePoint end) const;
  TimePoint started() const { return started_; }
  // Of the checks on a side's selected pair that were answered from then on.
  void countFrom(TimePoint time) { countFrom_ = time; }
  const client::MeanRoundTrip& roundTrips(std::size_t i) const { return sides_[i].roundTrips; }
  const IceSide& side(std::size_t i) const { return sides_[i].seen; }
  // By relays, of a client.
  std::vector<ice::Port::Refused> refusals(std::size_t i) const;
  topology::ElementId element(std::size_t i) const { return sides_[i].element; }
  topology::ElementId relayAt(const ice::Server& server) const {
    return network_.relayAt(server.address.address);
  }
  // The pair that is selected now.
  IceSide::Selection selection(std::size_t i) const;
  // Not of a media processor.
  client::IceClient& client(std::size_t i) { return *sides_[i].client; }
  const client::IceClient& client(std::size_t i) const { return *sides_[i].client; }
  bool isClient(std::size_t i) const { return sides_[i].client != nullptr; }
  // Over HTTPS; null: it is ideal.
  const Signaling* signaling() const { return signaling_.get(); }

  // ---- client::IceWatcher
  void onCandidate(client::IceClient& client, const ice::Candidate& candidate) override;
  void onGathered(client::IceClient& client) override;
  void onState(client::IceClient& client, ice::State state) override;
  void onSelected(client::IceClient& client, const ice::Pair* pair) override;
  void onConnected(client::IceClient& client) override;
  void onMedia(client::IceClient& client) override;
  void onRoundTrip(client::IceClient& client, Duration roundTrip) override;
  std::optional<TimePoint> lastFrame(const client::IceClient& client,
                                     const ice::Pair& pair) override;
  // ---- client::RelayConnector
  void connect(client::IceClient& client, ice::PortNumber port, std::uint8_t interface,
               const ice::Server& server) override;
  void send(client::IceClient& client, ice::PortNumber port, const stun::Bytes& bytes) override;

  void onAccess(topology::ElementId interface, bool there) override;
  void onRecord(std::uint32_t channel, std::uint32_t payload, TimePoint now) override;

 private:
  struct Side {
    topology::ElementId element{};
    std::vector<topology::ElementId> interfaces;  // where those of a client stand
    std::unique_ptr<client::IceClient> client;
    conference::IceSocket::Session* server = nullptr;  // instead of a client
    RelayLines lines;
    std::vector<std::unique_ptr<RelayLine>> left;  // to relays that have sent it elsewhere
    TimePoint busyUntil;                           // with what it was told
    IceSide seen;
    // Of what it sends.
    bool moved = true;  // the last of its uses is not what it has selected now
    std::vector<std::unique_ptr<PathFromPair>> paths;
    std::vector<PathUse> uses;
    // Of what it receives: the last legs of the other's paths.
    struct Incoming {
      ice::PortNumber port = 0;  // of its own
      wire::Endpoint from;       // where the other thinks that it is seen
      const path::Leg* leg = nullptr;
      const path::Leg* seen = nullptr;  // after which it is, if it may be elsewhere
      bool operator==(const Incoming&) const = default;
    };
    std::vector<Incoming> incoming;
    client::MeanRoundTrip roundTrips;
  };
  // What one side tells the other.
  struct Message {
    enum class Kind : std::uint8_t { offer, answer, candidate } kind = Kind::candidate;
    std::size_t to = 0;
    ice::Credentials credentials;
    ice::Candidate candidate;
    signaling::Message content() const;
  };
  std::size_t sideOf(const client::IceClient& client) const;
  void signalOverHttps();
  void offer();
  PathEnd endOf(std::size_t i) const;
  void move(std::size_t from);
  void noteConnected(std::size_t i);
  void act(client::Reconnection::Act act);
  void restart();
  void end();
  void tell(Message message);
  // It has come to the client, which takes its time over it.
  void told(std::uint32_t message);
  void handle(const Message& message);
  void later(std::uint32_t what, Duration wait);
  void makeClient(std::size_t i, const topology::Participant& who, bool offers);
  void toServer(const Message& message);
  IceSide::Selection selectionOf(std::size_t i, const ice::Pair* pair) const;
  void addInterfaces(std::size_t i, const topology::Participant& who,
                     client::IceClient::Setup& setup);
  std::vector<ice::Server> serversOf(std::size_t i) const;
  // Which a client asks when one is full.
  std::optional<ice::Server> serverAfter(topology::ElementId client, const ice::Server& full,
                                         const std::vector<wire::Endpoint>& asked) const;
  void addRelay(const Side& side, const topology::Element& server,
                std::vector<ice::Server>& result) const;
  TimePoint now() const;
  Duration since() const { return now() - started_; }

  IceNetwork& network_;
  const topology::Call& call_;
  IceOptions options_;
  fabric::LaneId lane_;
  TimePoint started_;
  std::array<Side, 2> sides_;
  std::unique_ptr<Signaling> signaling_;
  std::vector<Message> messages_;
  bool restarting_ = false;
  SessionWatcher* watcher_ = nullptr;
  client::Reconnection reconnection_;
  bool connected_ = false;
  bool ended_ = false;
  TimePoint countFrom_;
};

}  // namespace callflow::sim
