// A call as it runs: its streams, the flows that carry them, and the sources that feed the flows.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "models/client/in_band_fec.h"
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

class Session : public fabric::TickHandler {
 public:
  // Call and plan must outlive the session. Pairs or participants that no path joins send nothing;
  // they are in failures().
  Session(MediaPlane& plane, Network& network, fabric::PeriodicTimers& timers,
          const topology::Call& call, const explain::CallPlan& plan, const RunOptions& options);

  // To be called at the call's start: opens the paths and starts the sources.
  void start();
  // When the last medium is sent.
  TimePoint mediaEnd() const { return mediaStart_ + call_.duration; }
  bool onTick(std::uint32_t index, TimePoint now) override;

  std::vector<metrics::FailedCall> failures() const;
  // When the simulation is over; once.
  std::vector<metrics::StreamRecord> finish(bool traced);

 private:
  struct Source {
    std::uint32_t participant = 0;  // of the call, from 0
    FlowIndex flow{};
    std::vector<StreamIndex> streams;
    media::AudioSender sender;
    client::InBandFec fec;
    std::int64_t frames = 0;  // captured
    std::int64_t sent = 0;    // of these; in a pause none is
    TimePoint nextReport;
    std::int64_t reportedLost = 0, reportedExpected = 0;
  };
  // A stream and the plan's paths that it goes over: one, or two with a media processor between.
  struct Stream {
    StreamIndex index{};
    topology::ElementId from{}, to{};
    std::vector<const explain::MediaPath*> paths;
  };

  // The two ends of a path both ways: of a pair, or a participant and the media processor.
  struct Control {
    topology::ElementId near{}, far{};
    std::unique_ptr<RoundTrips> trips;
  };

  void buildControl(topology::ElementId near, topology::ElementId far);
  void buildPair(topology::ElementId from, topology::ElementId to, std::uint32_t sender);
  void buildGroup(const std::vector<topology::ElementId>& participants);
  void addSource(std::uint32_t participant, const std::string& name, FlowIndex flow,
                 std::vector<StreamIndex> streams);
  void takeReports(Source& source, TimePoint now) const;
  bool sends(const std::string& participant) const;
  std::vector<LegIndex> addLegs(const explain::MediaPath& path, std::uint32_t draws);
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
  TimePoint mediaStart_;
  std::vector<LegIndex> legs_;
  std::vector<Source> sources_;
  std::vector<Stream> streams_;
  std::vector<Control> controls_;
};

}  // namespace callflow::sim
