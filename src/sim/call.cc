#include "src/sim/call.h"

#include <algorithm>
#include <utility>

#include "src/sim/audio.h"
#include "src/sim/stream_record.h"

namespace callflow::sim {

void Call::start() {
  const TimePoint now = fabric().simulator().now();
  if (controls_.empty()) {
    observer_.onSettled(now + call_.setup + call_.duration);
    return;
  }
  fabric().simulator().pushOutOfOrder(limitLane_, now + std::max(call_.setup, client::kSetUpLimit),
                                      0);
  wiring_.open(legs_, *this);
  onStanding(now);
}

bool Call::Control::closed() const {
  return std::any_of(legs.begin(), legs.end(),
                     [](const path::Leg* leg) { return leg->closing() != path::Closing::no; });
}

void Call::onStanding(TimePoint now) {
  if (begun_) return;
  bool all = true;
  for (Control& control : controls_) {
    const bool stands = std::all_of(control.legs.begin(), control.legs.end(),
                                    [](const path::Leg* leg) { return leg->stands(); });
    if (!control.ready && stands) control.ready = now + control.rounds;
    all = all && (control.ready || control.closed());
  }
  if (all) conclude(now);
}

void Call::onRecord(std::uint32_t, std::uint32_t, TimePoint now) {
  if (!begun_) conclude(now);
}

void Call::conclude(TimePoint now) {
  // What is closed before media begins has carried none: its call was never connected.
  const TimePoint media = earliestMedia(now);
  if (media > now && wiring_.mayClose(legs_)) {
    fabric().simulator().pushOutOfOrder(limitLane_, media, 0);
    return;
  }
  bool any = false;
  for (Control& control : controls_) {
    control.joined = control.ready && !control.closed();
    any = any || control.joined;
    if (!control.joined) leaveOut(control);
  }
  if (any) {
    begin(now);
  } else {
    begun_ = true;
    observer_.onSettled(now);
  }
}

void Call::leaveOut(Control& control) {
  const auto concerns = [&](const Member& member) {
    return !group() || member.element == control.near;
  };
  for (Stream& stream : streams_) {
    if (!concerns(*members_[stream.from]) && !concerns(*members_[stream.to])) continue;
    stream.joined = false;
    if (group()) members_[stream.from]->publication->removeFork(stream.end);
  }
  for (const auto& member : members_) {
    if (concerns(*member)) member->joined = false;
  }
  metrics::FailedCall failed;
  failed.call = call_.name;
  failed.code = explain::PlanFailure{}.code;
  failed.subcode = explain::PlanFailure{}.subcode;
  const std::string who = nameOf(control.near) + (group() ? "" : " and " + nameOf(control.far));
  const std::string why =
      control.closed() ? wiring_.closing(control.legs) + ", before media began"
                       : "not connected " + toText(client::kSetUpLimit) + " after the call's start";
  failed.reasons.push_back(who + ": " + std::string(explain::name(control.plan->kind)) + ": " +
                           why);
  leftOut_.push_back(std::move(failed));
}

// `setup` is for what is not simulated, signaling and people; what the path takes may be longer.
TimePoint Call::earliestMedia(TimePoint now) const {
  std::optional<TimePoint> ready;
  for (const Control& control : controls_) {
    if (control.ready && !control.closed()) ready = std::max(ready, control.ready);
  }
  if (!ready) return now;  // for nobody
  return std::max({now, *ready, TimePoint::at(call_.start + call_.setup)});
}

void Call::begin(TimePoint now) {
  begun_ = true;
  mediaStart_ = earliestMedia(now);
  for (Stream& stream : streams_) {
    stream.end.scoreFrom(mediaStart_ + options_.warmUp);
    if (stream.joined) members_[stream.to]->participant.incoming.push_back(&stream.end);
  }
  mediaEnd_ = mediaStart_ + call_.duration;
  const auto eachSender = [&](auto&& visit) {
    for (const auto& member : members_) {
      if (member->joined && member->participant.outgoing) visit(*member->participant.outgoing);
    }
  };
  eachSender([&](const client::OutgoingStream& stream) {
    mediaEnd_ = std::max(mediaEnd_, stream.end(mediaStart_));
  });
  for (const Control& control : controls_) {
    if (control.joined)
      control.traffic->start(mediaStart_, mediaEnd_, mediaStart_ + options_.warmUp);
  }
  eachSender([&](client::OutgoingStream& stream) { stream.start(timers_, mediaStart_); });
  observer_.onSettled(mediaEnd_);
}

std::vector<metrics::FailedCall> Call::failures() const {
  std::vector<metrics::FailedCall> result;
  for (const explain::PlanFailure& failure : plan_.failures) {
    metrics::FailedCall failed;
    failed.call = call_.name;
    failed.code = failure.code;
    failed.subcode = failure.subcode;
    for (const explain::Attempt& attempt : failure.attempts) {
      failed.reasons.push_back(failure.who + ": " + std::string(explain::name(attempt.kind)) +
                               ": " + explain::words(graph(), attempt));
    }
    result.push_back(std::move(failed));
  }
  result.insert(result.end(), leftOut_.begin(), leftOut_.end());
  return result;
}

metrics::CallRecord Call::setUp() const {
  metrics::CallRecord record;
  record.call = call_.name;
  record.copy = call_.copy;
  record.group = call_.kind == topology::CallKind::group;
  if (plan_.mediaProcessor) record.mediaProcessor = nameOf(*plan_.mediaProcessor);
  record.start = call_.start;
  record.mediaStart = mediaStart_.sinceStart();
  record.mediaEnd = mediaEnd_.sinceStart();
  if (mediaEnd_ > TimePoint{}) record.scoredFrom = (mediaStart_ + options_.warmUp).sinceStart();
  for (std::size_t i = 0; i < members_.size(); ++i) {
    const topology::ElementId element = members_[i]->element;
    const topology::ElementId other =
        group() ? plan_.mediaProcessor.value_or(element) : members_[1 - i]->element;
    metrics::CallParticipant who;
    who.name = nameOf(element);
    who.pstn = call_.participants[i].telephone != topology::Telephone::none;
    if (mediaEnd_ == TimePoint{} || !members_[i]->joined || !plan_.path(element, other)) {
      who.code = explain::PlanFailure{}.code;
      who.subcode = explain::PlanFailure{}.subcode;
    }
    for (const explain::Signaling& signaling : plan_.signaling) {
      if (signaling.participant != element) continue;
      who.region = graph().element(signaling.region).site;
      for (const explain::FlowLabel label : signaling.flows)
        who.flows.emplace_back(explain::name(label));
    }
    record.participants.push_back(std::move(who));
  }
  return record;
}

std::vector<metrics::StreamRecord> Call::finish() {
  for (const auto& member : members_) {
    if (member->participant.outgoing) member->participant.outgoing->tell();
  }
  std::vector<metrics::StreamRecord> result;
  for (Stream& stream : streams_) {
    if (stream.joined) result.push_back(record(stream));
  }
  return result;
}

metrics::StreamRecord Call::record(Stream& stream) {
  const topology::ElementId from = members_[stream.from]->element;
  metrics::StreamRecord result;
  result.call = call_.name;
  result.from = nameOf(from);
  result.to = nameOf(members_[stream.to]->element);
  describePath(graph(), stream.plans, result);
  result.codec = std::string(media::name(call_.audio.codec));
  result.mosScale = quality::name(quality::traits(scoredAs(call_.audio)).scale);
  const receiver::StreamReport report = stream.end.finish(fabric().simulator().now());
  fillMeasured(report, result);
  std::int64_t retransmissions = 0;
  for (const path::Path* const path : stream.paths) {
    for (const path::Leg* const leg : path->legs) retransmissions += leg->retransmissions();
  }
  result.totals[metrics::MetricId::retransmissions] = static_cast<double>(retransmissions);
  RoundTripSamples samples;
  for (const Control& control : controls_) {
    const bool near = control.near == from;
    if (!near && (control.far != from || group())) continue;
    const std::size_t side = near ? 0 : 1;
    result.totals[metrics::MetricId::stun_round_trip] = control.traffic->stun(side);
    result.totals[metrics::MetricId::rtcp_round_trip] = control.traffic->rtcp(side);
    samples = {control.traffic->stunCount(side), control.traffic->rtcpCount(side)};
  }
  classify(report, samples, result);
  for (std::size_t i = 0; i < report.queueingAt.size(); ++i) {
    if (report.queueingAt[i] == Duration{}) continue;
    result.budget.push_back({metrics::DelayCause::queueing,
                             wiring_.network().linkName(stream.end.places()[i]),
                             report.queueingAt[i]});
  }
  if (wiring_.transit().traced()) {
    fillTrace(report, stream.end.crossings(), wiring_.network(), result);
  }
  return result;
}

}  // namespace callflow::sim
