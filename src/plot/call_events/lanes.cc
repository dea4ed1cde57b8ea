#include "src/plot/call_events/lanes.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "src/results/call_story.h"

namespace callflow::plot::call_events {

namespace {

using metrics::CallEvent;
using metrics::CallEventKind;
using metrics::CallRecord;
using metrics::FrameFate;
using metrics::FrameTrace;
using metrics::RunRecord;
using metrics::StreamRecord;

// Bands one after the other; what lasts no time is none.
class Sequence {
 public:
  void change(double at, const std::string& what) {
    if (!bands_.empty() && bands_.back().what == what) return;
    end(at);
    bands_.push_back({at, at, what});
  }
  void end(double at) {
    if (!bands_.empty() && bands_.back().to == bands_.back().from) bands_.back().to = at;
  }
  std::vector<Band> take(double at) {
    end(at);
    std::erase_if(bands_, [](const Band& b) { return b.what.empty() || b.to <= b.from; });
    return std::move(bands_);
  }

 private:
  std::vector<Band> bands_;
};

class LaneBuilder {
 public:
  LaneBuilder(const CallRecord& call, const std::string& participant) : call_(call) {
    lane_.participant = participant;
    states_.change(call.start.seconds(), "checking");
  }

  // Nothing of a participant without ICE.
  std::optional<Lane> build() {
    double end = std::max(call_.mediaEnd, call_.start).seconds();
    for (const CallEvent& event : call_.events) {
      if (event.participant != lane_.participant) continue;
      const double at = event.at.seconds();
      if (event.kind == CallEventKind::ended) {
        end = at;
        if (event.detail != "0/0") lane_.end = event.detail;
        break;
      }
      note(event, at);
    }
    if (!known_) return std::nullopt;
    lane_.states = states_.take(end);
    lane_.paths = paths_.take(end);
    return std::move(lane_);
  }

 private:
  void note(const CallEvent& event, double at) {
    switch (event.kind) {
      case CallEventKind::connected:
        states_.change(at, "connected");
        failed_ = false;
        break;
      case CallEventKind::disconnected:
        states_.change(at, "disconnected");
        failed_ = false;
        break;
      case CallEventKind::failed:
        states_.change(at, "failed");
        failed_ = true;
        break;
      case CallEventKind::restart:
        lane_.restarts.push_back(at);
        if (failed_) states_.change(at, "checking");
        break;
      case CallEventKind::selected:
        paths_.change(at, results::pathOf(event.detail));
        break;
      case CallEventKind::lost:
        paths_.change(at, "");
        break;
      case CallEventKind::candidate:
      case CallEventKind::pair:
        known_ = true;
        break;
      default:
        break;
    }
    known_ = known_ || event.kind == CallEventKind::connected;
  }

  const CallRecord& call_;
  Lane lane_;
  Sequence states_, paths_;
  bool known_ = false, failed_ = false;
};

// Frames that are thinned out were played: those that were not are all there.
std::vector<Band> silenceOf(const StreamRecord& stream) {
  std::vector<Band> gaps;
  const FrameTrace* last = nullptr;
  for (const FrameTrace& frame : stream.trace) {
    const double at = frame.sent.sinceStart().seconds();
    if (frame.fate == FrameFate::played) {
      last = nullptr;
      continue;
    }
    if (last == nullptr || frame.sequence != last->sequence + 1)
      gaps.push_back({at, at, "silence"});
    // Its own sound is missing too, which is as long as the distance to the one before.
    if (last != nullptr && frame.sequence == last->sequence + 1)
      gaps.back().to = at + (frame.sent - last->sent).seconds();
    last = &frame;
  }
  std::erase_if(gaps, [](const Band& gap) { return gap.to - gap.from < kSilence; });
  return gaps;
}

std::vector<Band> inBoth(const std::vector<Band>& a, const std::vector<Band>& b) {
  std::vector<Band> both;
  for (const Band& x : a) {
    for (const Band& y : b) {
      const double from = std::max(x.from, y.from), to = std::min(x.to, y.to);
      if (to - from >= kSilence) both.push_back({from, to, x.what});
    }
  }
  return both;
}

}  // namespace

std::vector<Lane> lanesOf(const RunRecord& run, const CallRecord& call) {
  std::vector<Lane> lanes;
  for (const metrics::CallParticipant& who : call.participants) {
    auto lane = LaneBuilder(call, who.name).build();
    if (!lane) continue;
    bool first = true;
    for (const StreamRecord& stream : run.streams) {
      if (stream.call != call.call || stream.to != who.name || stream.trace.empty()) continue;
      const auto gaps = silenceOf(stream);
      lane->silence = std::exchange(first, false) ? gaps : inBoth(lane->silence, gaps);
    }
    lanes.push_back(std::move(*lane));
  }
  return lanes;
}

}  // namespace callflow::plot::call_events
