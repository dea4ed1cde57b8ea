// A call as it runs: it is set up, its media begins when its paths stand, and in the end it says
// how that went.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "models/client/client.h"
#include "models/client/control_traffic.h"
#include "models/client/set_up.h"
#include "models/conference/mixer.h"
#include "models/conference/server.h"
#include "models/conference/speakers.h"
#include "models/fabric/timers.h"
#include "models/media/conversation.h"
#include "src/explain/plan.h"
#include "src/metrics/run_record.h"
#include "src/sim/draw_names.h"
#include "src/sim/ice_session.h"
#include "src/sim/lip_sync.h"
#include "src/sim/run.h"
#include "src/sim/stream_record.h"
#include "src/sim/video_call.h"
#include "src/sim/wiring.h"

namespace callflow::sim {

// Is told when a call has nothing more to begin: its media runs until `mediaEnd`, or it has none.
class CallObserver {
 public:
  virtual ~CallObserver() = default;
  virtual void onSettled(TimePoint mediaEnd) = 0;
};

class Call : public fabric::LaneClient,
             public path::ConnectionWatcher,
             public SessionWatcher,
             public conference::Audience {
 public:
  // Call and plan must outlive it. Clients connect by ICE; the plan says which path a telephone
  // takes, and why a client's is no better. Pairs or participants that are not connected send
  // nothing; they are in failures().
  Call(IceNetwork& network, fabric::PeriodicTimers& timers, const topology::Call& call,
       const explain::CallPlan& plan, const RunOptions& options, CallObserver& observer);

  // To be called at the call's start: clients begin to connect. Media starts when all who will are
  // connected.
  void start();
  void onStanding(TimePoint now) override;
  void onClosed(TimePoint now) override { onStanding(now); }
  void onConnected(IceSession& session, TimePoint now) override;
  void onPath(IceSession& session, std::size_t from, TimePoint now) override;
  void onEnded(IceSession& session, TimePoint now) override;
  // One of many whose sound does not always go on.
  void onFirstHeard(std::size_t sender) override;
  // The time for setting up is over, or media is to begin, or has ended.
  void onRecord(std::uint32_t channel, std::uint32_t payload, TimePoint now) override;

  std::vector<metrics::FailedCall> failures() const;
  // What was to be sent while ICE had no path for it.
  std::vector<metrics::BoxDrop> unsent() const;
  // Who took part, and what happened to their connections.
  metrics::CallRecord setUp() const;
  // When the simulation is over; once.
  std::vector<metrics::StreamRecord> finish();

 private:
  // One of the call's participants.
  struct Member {
    topology::ElementId element{};
    bool joined = true;
    std::optional<signaling::Ending> ending;  // of one who was left out, or dropped in mid-call
    std::optional<TimePoint> left;            // before the call's end: dropped, or never joined
    client::Clock clock;
    client::Participant participant;
    path::Flow flow;  // of what it sends
    // Of a group call: what it sends, at the media processor; and that one's end of its control
    // traffic.
    std::unique_ptr<conference::Publication> publication;
    std::optional<conference::Attendance> attendance;
    conference::MixOutput* mix = nullptr;  // what it hears of a mixer; null: there is none
  };
  // One of the two ways of a control of controls_.
  struct Hop {
    std::size_t control = 0;
    std::size_t side = 0;  // that sends
  };
  // What a member hears of another.
  struct Stream {
    std::uint32_t from = 0, to = 0;  // in members_
    std::vector<Hop> hops;           // one, or two with a media processor between
    client::IncomingStream end;
    bool joined = true;
    TimePoint since = {};  // that it is heard at all
  };
  // The two ends of a path both ways: of a pair, or a participant and the media processor.
  struct Control {
    topology::ElementId near{}, far{};
    std::unique_ptr<client::ControlTraffic> traffic;
    std::unique_ptr<IceSession> session;               // none: it takes the path that was planned
    std::array<const explain::MediaPath*, 2> plans{};  // by the side that sends; may be none
    std::array<const path::Path*, 2> planned{};        // of these, without a session
    std::vector<path::Leg*> legs;                      // both ways of these
    Duration rounds;                 // from when its connections stand until media
    std::optional<TimePoint> ready;  // none: it is not connected
    bool joined = true;

    bool closed() const;   // nothing will connect it
    bool hopeful() const;  // something may
    const path::Path& path(std::size_t side);
    // That most of its media took; of a session that had none, none.
    const IceSession::PathUse* used(std::size_t side, TimePoint end) const;
  };

  // ---- building: call_build.cc
  void addMember(const topology::Participant& who);
  void buildPair();
  void buildVideo();
  void buildGroupVideo(topology::ElementId processor);
  void buildSpeakers();
  void buildStream(std::uint32_t from, std::uint32_t to);
  void buildGroup();
  void buildPublication(std::uint32_t sender, topology::ElementId processor);
  // Of a group: what one hears of another.
  Stream& addEar(std::uint32_t sender, std::uint32_t receiver);
  // Whether somebody takes part as ICE does.
  bool connectsByIce(const topology::Participant& who) const {
    return who.telephone == topology::Telephone::none;
  }
  IceOptions iceOptions(topology::ElementId near, topology::ElementId far) const;
  // Returns whether there is one.
  bool buildControl(topology::ElementId near, client::Reporter& nearReporter,
                    topology::ElementId far, client::Reporter& farReporter,
                    std::unique_ptr<IceSession> session);
  // Of a call that is mixed: what this one sends is an input of the mixer.
  std::unique_ptr<conference::Publication> makePublication(Member& from,
                                                           topology::ElementId processor);
  void buildMix(topology::ElementId processor);
  void addOutgoing(std::uint32_t member, path::MediaEnd& end);
  const path::Path& addPath(const explain::MediaPath& plan, std::uint32_t draws);
  receiver::MeterConfig meterConfig(const Member& from, const Member& to) const;
  bool sends(topology::ElementId element) const;
  // Whether everybody shows all cameras.
  bool seesAll() const;
  bool presents(std::size_t member) const;
  // RFC 3550: drawn by whoever sends, and kept by a forwarding unit (RFC 7667 3.7).
  std::uint32_t ssrcOf(topology::ElementId sender) const;

  // ---- running: call.cc
  bool expectsToConnect(const Control& control) const;
  // A call that is not connected so long after its start ends without.
  Duration setUpLimit() const;
  void takePath(std::size_t control, std::size_t side);
  void drop(Control& control, TimePoint now);
  bool concerns(const Control& control, const Member& member) const {
    return !group() || member.element == control.near;
  }
  // No more connections will come to stand: begins with those that do, and leaves out the others.
  void conclude(TimePoint now);
  TimePoint earliestMedia(TimePoint now) const;
  void begin(TimePoint now);
  void beginVideo();
  void leaveOut(Control& control, TimePoint now);

  // ---- the record: call_record.cc
  metrics::StreamRecord record(Stream& stream);
  void recordPairs(std::vector<metrics::StreamRecord>& result);
  void recordPooled(std::vector<metrics::StreamRecord>& result);
  // Of the picture beside it, as far as that is seen.
  std::optional<metrics::StreamRecord> videoRecord(
      const VideoCall::Seen* seen, Picture picture, const metrics::StreamRecord& sound,
      const client::IncomingStream* heard = nullptr) const;
  void addFreezes(std::vector<metrics::CallEvent>& events) const;
  // What one hears and sees of all others together: their names, and the server's way to it.
  metrics::StreamRecord ofOthers(std::size_t to) const;
  void addLife(const Member& member, metrics::CallParticipant& who,
               metrics::CallRecord& record) const;
  explain::MediaPath described(const Hop& hop) const;
  RoundTripSamples fillRoundTrips(topology::ElementId from, metrics::StreamRecord& record) const;
  metrics::FailedCall failureOf(const Control& control) const;
  // "carol@home", or "alice@hq and bob@branch" of a pair.
  std::string whoOf(const Control& control) const;

  // Whether it goes over a media processor.
  bool group() const { return call_.viaMediaProcessor(); }
  bool mixed() const { return group() && call_.mode == conference::Mode::mcu; }
  fabric::Fabric& fabric() const { return wiring_.transit().fabric(); }
  const topology::NetworkGraph& graph() const { return wiring_.network().graph(); }
  const std::string& nameOf(topology::ElementId element) const {
    return graph().element(element).name;
  }
  // The number of the flow between these, for fabric::Packet::stream.
  std::uint32_t flowNumber(topology::ElementId from, topology::ElementId to) {
    return fabric().flowNumber(draws_.flow(nameOf(from), nameOf(to)));
  }

  IceNetwork& network_;
  Wiring& wiring_;
  fabric::PeriodicTimers& timers_;
  const topology::Call& call_;
  const explain::CallPlan& plan_;
  DrawNames draws_;
  RunOptions options_;
  std::optional<media::Conversation> conversation_;  // none: everybody speaks all the time
  CallObserver& observer_;
  fabric::LaneId limitLane_;
  TimePoint mediaStart_, mediaEnd_;
  TimePoint scoredFrom_;
  bool begun_ = false;
  std::vector<metrics::FailedCall> leftOut_;
  std::vector<path::Leg*> legs_;
  std::vector<std::unique_ptr<Member>> members_;
  std::vector<std::uint32_t> ssrcs_;                    // of these
  std::vector<conference::Publication*> publications_;  // by member; null for those who only listen
  std::optional<conference::Speakers> speakers_;        // none: everybody is heard and seen
  bool fewHeard_ = false;                               // of a large call
  std::vector<std::optional<std::size_t>> memberControls_;  // in a group, of those who have one
  std::deque<Stream> streams_;
  std::optional<conference::Mixer> mixer_;  // none: sound is forwarded
  std::unique_ptr<VideoCall> video_;        // none: nobody has a camera
  std::optional<LipSync> lipSync_;          // of this
  std::vector<Control> controls_;
};

}  // namespace callflow::sim
