// A media processor as a selective forwarding unit (RFC 7667 3.7): what a participant publishes
// goes on to everybody else.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "models/client/control_traffic.h"
#include "models/client/loss_report.h"
#include "models/client/outgoing_stream.h"
#include "models/conference/gate.h"
#include "models/conference/parameters.h"
#include "models/conference/speakers.h"
#include "models/path/transit.h"
#include "models/rtp/session.h"

namespace callflow::conference {

class Server : public path::FrameSink {
 public:
  Server(path::Transit& transit, const MediaProcessor& parameters)
      : FrameSink(transit), parameters_(parameters) {}

  // What has come is its flow's: a publication, or control traffic.
  void onFrame(path::FrameHandle handle, TimePoint now) override { transit().arrive(handle, now); }
  const MediaProcessor& parameters() const { return parameters_; }
  using FrameSink::transit;

 private:
  MediaProcessor parameters_;
};

// Makes the ends of those whose sound does not always go on, as they are heard for the first time.
class Audience {
 public:
  virtual ~Audience() = default;
  virtual void onFirstHeard(std::size_t sender) = 0;
};

// What one participant sends to the media processor, where it forks.
class Publication : public path::MediaEnd, public path::Processing, public path::FrameWriter {
 public:
  explicit Publication(Server& processor)
      : Processing(processor.transit(), processor.parameters().processing),
        transit_(processor.transit()) {}

  // Before anything is sent that goes on. `end` is told of all that happens to a frame before it
  // forks as well; the others are members of the fork's path::Flow.
  void addFork(const path::Path& path, path::MediaEnd& end, std::uint32_t draws,
               std::uint32_t legBefore) {
    forks_.push_back({{&path, &end, draws, legBefore}, &end});
    if (writer_ != nullptr) forks_.back().flow.writer = this;
  }
  // It goes on only while `speakers` say so, to whom it is this number of theirs. `audience` makes
  // its forks when it first does; null: they are there. All must outlive it.
  void setSpeakers(Speakers& speakers, std::size_t number, const client::OutgoingStream& sender,
                   Audience* audience) {
    chosen_.emplace(Chosen{speakers, number, sender, audience, {}});
  }
  // Its packets are numbered with those of the server's session with the participant.
  void setSession(rtp::Session& session) { session_ = &session; }
  // Who knows what is in its frames.
  void setWriter(const path::FrameWriter& writer) {
    writer_ = &writer;
    for (Fork& fork : forks_) fork.flow.writer = this;
  }
  void removeFork(const path::MediaEnd& end);
  // Frames for an end that no path led to.
  std::int64_t unsent(const path::MediaEnd& end) const;
  // What comes here has crossed so many legs from now on.
  void setLegsBefore(std::size_t legs) {
    for (Fork& fork : forks_) fork.flow.legBefore = static_cast<std::uint32_t>(legs);
  }
  // What goes on to this end takes this path from now on.
  void setPath(const path::MediaEnd& end, const path::Path& path);

  void onSent(std::span<const path::SentFrame> frames) override;
  void onArrival(path::FrameHandle handle, TimePoint now) override;
  void onLost(path::FrameHandle handle) override;
  void onLeftOver(path::FrameHandle handle) override;
  void writeFrame(const path::Frame& frame, wire::Bytes& bytes) const override;

  // What receivers have told of it since the sender was.
  client::LossReport told;

 protected:
  path::Transit& transit() { return transit_; }
  void noteArrival(path::FrameHandle handle, TimePoint now) {
    if (session_ != nullptr) session_->noteAudioArrival(transit_[handle].sequence, now);
  }
  // Null if it forks to no such end.
  const path::Flow* flowTo(const path::MediaEnd& end) const;

 private:
  void onProcessed(path::FrameHandle handle) override;
  // Of one whose sound does not always go on.
  struct Chosen {
    Speakers& speakers;
    std::size_t number;
    const client::OutgoingStream& sender;
    Audience* audience;  // until it is heard
    Gate gate;
  };
  Gate::Passage pass(std::int64_t sequence);
  // Gives the frame the number that it goes on with; false: it does not.
  bool renumber(path::FrameHandle handle);

  path::Transit& transit_;
  rtp::Session* session_ = nullptr;
  std::optional<Chosen> chosen_;
  const path::FrameWriter* writer_ = nullptr;
  std::vector<path::SentFrame> passed_;  // kept for its memory
  struct Fork {
    path::Flow flow;
    path::MediaEnd* end = nullptr;  // of the flow
    bool removed = false;           // what is on its way there still is
  };
  std::vector<Fork> forks_;
};

// The media processor's end of a participant's control traffic: it collects what is reported of
// others' publications, and passes on what was reported of this participant's.
class Attendance : public client::Reporter {
 public:
  // `publications` by their number in the call (client::ReportBlock::ssrc), null for those who do
  // not send; `own` is the participant's number.
  Attendance(const std::vector<Publication*>& publications, std::uint32_t own)
      : publications_(publications), own_(own) {}
  void fillReport(std::size_t most, std::vector<client::ReportBlock>& blocks) override;
  void onReport(const std::vector<client::ReportBlock>& blocks, TimePoint now) override;

 private:
  const std::vector<Publication*>& publications_;
  std::uint32_t own_;
};

}  // namespace callflow::conference
