// A call as it runs: its streams, the flows that carry them, and the sources that feed the flows.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "models/client/clock.h"
#include "models/client/in_band_fec.h"
#include "models/client/set_up.h"
#include "models/fabric/timers.h"
#include "models/media/audio_sender.h"
#include "models/media/audio_source.h"
#include "models/media/conversation.h"
#include "src/explain/plan.h"
#include "src/metrics/run_record.h"
#include "src/sim/draw_names.h"
#include "src/sim/media_plane.h"
#include "src/sim/round_trips.h"
#include "src/sim/run.h"

namespace callflow::sim {

// Is told when a call has nothing more to begin: its media runs until `mediaEnd`, or it has none.
class SessionObserver {
 public:
  virtual ~SessionObserver() = default;
  virtual void onSettled(TimePoint mediaEnd) = 0;
};

class Session : public fabric::TickHandler,
                public fabric::LaneClient,
                public OpenHandler,
                public ReportUser {
 public:
  // Call and plan must outlive the session. Pairs or participants that no path joins send nothing;
  // they are in failures().
  Session(MediaPlane& plane, Network& network, fabric::PeriodicTimers& timers,
          const topology::Call& call, const explain::CallPlan& plan, const RunOptions& options,
          SessionObserver& observer);

  // To be called at the call's start: opens the paths. Media starts when all of them stand.
  void start();
  bool onTick(std::uint32_t index, TimePoint now) override;
  void onStanding(TimePoint now) override;
  void fillReport(std::size_t pair, std::size_t side, std::size_t most,
                  std::vector<ReportBlock>& blocks) override;
  void onReport(std::size_t pair, std::size_t side, const std::vector<ReportBlock>& blocks,
                TimePoint now) override;
  // The time for setting up is over: who is not connected is left out.
  void onRecord(std::uint32_t channel, std::uint32_t payload, TimePoint now) override;

  std::vector<metrics::FailedCall> failures() const;
  // When the simulation is over; once.
  std::vector<metrics::StreamRecord> finish(bool traced);

 private:
  struct Source {
    std::uint32_t participant = 0;  // of the call, from 0
    topology::ElementId from{};
    FlowIndex flow{};
    media::AudioSender sender;
    client::InBandFec fec;
    client::Clock clock;
    Duration period;               // between its frames, in true time
    std::int64_t frames = 0;       // captured
    std::int64_t sent = 0;         // of these; in a pause none is
    TimePoint reported = {};       // when the last report of its losses came
    client::LossReport told = {};  // of a group: what receivers have told the media processor since
  };
  // A stream and the plan's paths that it goes over: one, or two with a media processor between.
  struct Stream {
    StreamIndex index{};
    topology::ElementId from{}, to{};
    std::vector<const explain::MediaPath*> paths;
    FlowIndex fork{};  // of a group: from the media processor to the receiver
    bool joined = true;
    std::size_t source = 0;  // position in sources_, if it joined
  };

  // The two ends of a path both ways: of a pair, or a participant and the media processor.
  struct Control {
    topology::ElementId near{}, far{};
    std::unique_ptr<RoundTrips> trips;
    const explain::MediaPath* path = nullptr;  // from near to far
    std::vector<LegIndex> legs;                // both ways
    Duration rounds;                           // from when its connections stand until media
    std::optional<TimePoint> ready;            // none: they do not stand
    bool joined = true;
    // By side: the streams that come to it, and with which of them its next report begins.
    std::array<std::vector<std::uint32_t>, 2> incoming;
    std::array<std::size_t, 2> next{};
    std::array<std::optional<std::size_t>, 2> sources;  // by side: what it sends
  };

  void buildControl(topology::ElementId near, topology::ElementId far);
  client::SetUpPath setUpPath(const explain::MediaPath& there,
                              const explain::MediaPath& back) const;
  void begin(TimePoint now);
  void leaveOut(const Control& control);
  void buildPair(topology::ElementId from, topology::ElementId to, std::uint32_t sender);
  void buildGroup(const std::vector<topology::ElementId>& participants);
  void addSource(std::uint32_t participant, topology::ElementId from, FlowIndex flow);
  bool group() const { return call_.kind == topology::CallKind::group; }
  void linkReports();
  void report(Source& source, const client::LossReport& loss, TimePoint now) const;
  bool sends(const std::string& participant) const;
  std::vector<LegIndex> addLegs(const explain::MediaPath& path, std::uint32_t draws);
  client::Clock clockOf(topology::ElementId participant) const;
  receiver::MeterConfig meterConfig(topology::ElementId from, topology::ElementId to) const;
  const std::string& nameOf(topology::ElementId element) const;
  // The number of the flow between these, for fabric::Packet::stream.
  std::uint32_t flowNumber(topology::ElementId from, topology::ElementId to);
  metrics::StreamRecord record(const Stream& stream, bool traced);

  MediaPlane& plane_;
  Network& network_;
  fabric::PeriodicTimers& timers_;
  const topology::Call& call_;
  const explain::CallPlan& plan_;
  DrawNames draws_;
  RunOptions options_;
  media::AudioSource audio_;
  std::optional<media::Conversation> conversation_;  // none: everybody speaks all the time
  SessionObserver& observer_;
  fabric::LaneId limitLane_;
  std::map<topology::ElementId, client::Clock> clocks_;  // none: exact
  TimePoint mediaStart_;
  bool begun_ = false;
  std::vector<metrics::FailedCall> leftOut_;
  std::vector<LegIndex> legs_;
  std::vector<Source> sources_;
  std::vector<Stream> streams_;
  std::vector<Control> controls_;
};

}  // namespace callflow::sim
