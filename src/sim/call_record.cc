// What a call leaves behind.
#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

#include "models/turn/error_code.h"
#include "src/explain/found.h"
#include "src/metrics/pooled.h"
#include "src/sim/audio.h"
#include "src/sim/call.h"
#include "src/sim/call_events.h"
#include "src/sim/missed.h"
#include "src/sim/pooled_sound.h"
#include "src/sim/stream_record.h"
#include "src/sim/video_record.h"

namespace callflow::sim {

namespace {

const std::vector<explain::Attempt>* attemptsOf(const explain::CallPlan& plan,
                                                const explain::MediaPath* path,
                                                const std::string& who) {
  if (path != nullptr) return &path->attempts;
  for (const explain::PlanFailure& failure : plan.failures)
    if (failure.who == who) return &failure.attempts;
  return nullptr;
}

// "ann@home: relay-udp: ann@home does not reach the relay ours ..."
void addAttempts(const topology::NetworkGraph& graph, const std::string& who,
                 const std::vector<explain::Attempt>& attempts, std::vector<std::string>& reasons) {
  for (const explain::Attempt& attempt : attempts)
    reasons.push_back(who + ": " + std::string(explain::name(attempt.kind)) + ": " +
                      explain::words(graph, attempt));
}

// "ann@home: relay-udp: wall refuses udp ...: its table is full"
void addMissed(const IceNetwork& network, const IceSession& session, const topology::Call& call,
               std::vector<std::string>& reasons) {
  for (const auto& [kind, text] : topology::kPathKindNames) {
    if (!call.allows(kind)) continue;
    for (const explain::Finding& each : missedBy(network, session, kind))
      reasons.push_back(network.graph().element(each.client).name + ": " +
                        std::string(explain::name(kind)) + ": " +
                        explain::words(network.graph(), *each.refusal));
  }
}

// "ann@home: the relay ours has no port left to give out (508)"
void addRefusals(const IceSession& session, const topology::NetworkGraph& graph,
                 std::vector<std::string>& reasons) {
  for (const std::size_t side : {0U, 1U}) {
    if (!session.isClient(side)) continue;
    for (const ice::Port::Refused& each : session.refusals(side)) {
      if (each.code == turn::kTryAlternate) continue;
      const explain::Refusal refusal{.kind = each.code == turn::kQuotaReached
                                                 ? explain::Refusal::Kind::relayQuota
                                                 : explain::Refusal::Kind::relayFull,
                                     .element = session.relayAt(each.by)};
      const std::string reason =
          graph.element(session.element(side)).name + ": " + explain::words(graph, refusal);
      if (std::find(reasons.begin(), reasons.end(), reason) == reasons.end())
        reasons.push_back(reason);
    }
  }
}

}  // namespace

std::string Call::whoOf(const Control& control) const {
  return nameOf(control.near) + (group() ? "" : " and " + nameOf(control.far));
}

metrics::FailedCall Call::failureOf(const Control& control) const {
  metrics::FailedCall failed;
  failed.call = call_.name;
  failed.code = explain::PlanFailure{}.code;
  failed.subcode = explain::PlanFailure{}.subcode;
  const std::string who = whoOf(control);
  const Signaling* const overHttps = control.session ? control.session->signaling() : nullptr;
  if (const auto given = overHttps ? overHttps->failure() : std::nullopt) {
    failed.code = given->code.code;
    failed.subcode = given->code.subcode;
    failed.reasons.push_back(who + ": " + given->reason);
    return failed;
  }
  const explain::MediaPath* const plan = control.plans[0];
  if (plan == nullptr) {
    if (const auto* const attempts = attemptsOf(plan_, nullptr, who))
      addAttempts(graph(), who, *attempts, failed.reasons);
    if (!failed.reasons.empty()) return failed;
  }
  std::string why = "not connected " + toText(setUpLimit()) + " after the call's start";
  if (control.session && control.session->ended()) why = "ICE has failed";
  if (!control.session && control.closed())
    why = wiring_.closing(control.legs) + ", before media began";
  const std::string kind = plan != nullptr ? std::string(explain::name(plan->kind)) + ": " : "";
  failed.reasons.push_back(who + ": " + kind + why);
  if (control.session) {
    addRefusals(*control.session, graph(), failed.reasons);
    addMissed(network_, *control.session, call_, failed.reasons);
  }
  return failed;
}

std::vector<metrics::FailedCall> Call::failures() const {
  std::vector<metrics::FailedCall> result;
  for (const explain::PlanFailure& failure : plan_.failures) {
    const bool hasControl =
        std::any_of(controls_.begin(), controls_.end(),
                    [&](const Control& control) { return whoOf(control) == failure.who; });
    if (hasControl) continue;
    metrics::FailedCall failed;
    failed.call = call_.name;
    failed.code = failure.code;
    failed.subcode = failure.subcode;
    addAttempts(graph(), failure.who, failure.attempts, failed.reasons);
    result.push_back(std::move(failed));
  }
  result.insert(result.end(), leftOut_.begin(), leftOut_.end());
  return result;
}

std::vector<metrics::BoxDrop> Call::unsent() const {
  std::vector<metrics::BoxDrop> drops;
  const auto add = [&](topology::ElementId where, std::int64_t frames) {
    if (frames > 0) drops.push_back({nameOf(where), "ICE has no pair that works", frames});
  };
  std::int64_t byProcessor = 0;
  for (const auto& member : members_) add(member->element, member->flow.unsent);
  for (const Stream& stream : streams_) {
    const auto& publication = members_[stream.from]->publication;
    if (publication) byProcessor += publication->unsent(stream.end);
  }
  if (plan_.mediaProcessor) add(*plan_.mediaProcessor, byProcessor);
  return drops;
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
    metrics::CallParticipant who;
    who.name = nameOf(element);
    who.pstn = call_.participants[i].telephone != topology::Telephone::none;
    const bool tookPart =
        mediaEnd_ > TimePoint{} && members_[i]->joined &&
        std::any_of(controls_.begin(), controls_.end(),
                    [&](const Control& control) { return concerns(control, *members_[i]); });
    if (members_[i]->ending) {
      who.code = members_[i]->ending->code;
      who.subcode = members_[i]->ending->subcode;
    } else if (!tookPart) {
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
  for (const Control& control : controls_) {
    if (!control.session) continue;
    for (const std::size_t side : {0U, 1U}) {
      if (!control.session->isClient(side)) continue;
      const std::string& name = nameOf(side == 0 ? control.near : control.far);
      addEvents(*control.session, side, name, record.events);
      for (metrics::CallParticipant& who : record.participants)
        if (who.name == name) who.steps = stepsOf(*control.session, side);
    }
  }
  addFreezes(record.events);
  for (std::size_t i = 0; i < members_.size(); ++i)
    addLife(*members_[i], record.participants[i], record);
  std::stable_sort(
      record.events.begin(), record.events.end(),
      [](const metrics::CallEvent& a, const metrics::CallEvent& b) { return a.at < b.at; });
  return record;
}

void Call::addFreezes(std::vector<metrics::CallEvent>& events) const {
  if (!video_) return;
  for (const Stream& stream : streams_) {
    const auto* const seen = video_->seen(stream.from, stream.to, Picture::camera);
    if (stream.joined && seen != nullptr)
      sim::addFreezes(*seen->incoming.front(), nameOf(members_[stream.from]->element),
                      nameOf(members_[stream.to]->element), events);
  }
}

// When its media begins, and the end of its call.
void Call::addLife(const Member& member, metrics::CallParticipant& who,
                   metrics::CallRecord& record) const {
  if (who.code == 0 || (member.joined && member.ending)) {
    record.events.push_back({record.mediaStart, who.name, metrics::CallEventKind::media, {}});
    if (!who.steps.empty()) who.steps.push_back({"media", record.mediaStart - record.start});
  }
  const Duration end = member.left     ? member.left->sinceStart()
                       : who.code == 0 ? record.mediaEnd
                                       : record.start;
  record.events.push_back({end, who.name, metrics::CallEventKind::ended,
                           std::to_string(who.code) + "/" + std::to_string(who.subcode)});
}

std::vector<metrics::StreamRecord> Call::finish() {
  for (const auto& member : members_) {
    if (member->participant.outgoing) member->participant.outgoing->tell();
  }
  std::vector<metrics::StreamRecord> result;
  if (fewHeard_)
    recordPooled(result);
  else
    recordPairs(result);
  return result;
}

void Call::recordPairs(std::vector<metrics::StreamRecord>& result) {
  std::vector<bool> hears(members_.size());
  for (Stream& stream : streams_) {
    if (!stream.joined) continue;
    hears[stream.to] = true;
    const std::size_t sound = result.size();
    result.push_back(record(stream));
    for (const Picture picture : kPictures) {
      const auto* const seen = video_ ? video_->seen(stream.from, stream.to, picture) : nullptr;
      if (auto one = videoRecord(seen, picture, result[sound], &stream.end))
        result.push_back(std::move(*one));
    }
  }
  for (std::size_t to = 0; video_ && to < members_.size(); ++to) {
    const VideoCall::Seen* const gallery = hears[to] ? video_->gallery(to) : nullptr;
    if (gallery == nullptr) continue;
    if (auto seen = videoRecord(gallery, Picture::camera, ofOthers(to)))
      result.push_back(std::move(*seen));
  }
}

// Of a large call, by receiver: of each pair, nobody would read it.
void Call::recordPooled(std::vector<metrics::StreamRecord>& result) {
  std::vector<std::vector<Stream*>> heard(members_.size());
  for (Stream& stream : streams_)
    if (stream.joined) heard[stream.to].push_back(&stream);
  for (std::size_t to = 0; to < members_.size(); ++to) {
    if (!members_[to]->joined || !memberControls_[to]) continue;
    metrics::StreamRecord sound = ofOthers(to);
    PooledSound pool;
    for (Stream* const stream : heard[to])
      pool.add(record(*stream), stream->since.sinceStart() - scoredFrom_.sinceStart());
    pool.fill(sound);
    const bool any = !heard[to].empty();
    if (any) result.push_back(sound);
    if (!video_) continue;
    for (std::size_t from = 0; from < members_.size(); ++from) {
      for (const Picture picture : kPictures) {
        auto one = videoRecord(video_->seen(from, to, picture), picture, sound);
        if (!one) continue;
        one->from = nameOf(members_[from]->element);
        result.push_back(std::move(*one));
      }
    }
    if (auto seen = videoRecord(video_->gallery(to), Picture::camera, sound))
      result.push_back(std::move(*seen));
  }
}

metrics::StreamRecord Call::ofOthers(std::size_t to) const {
  metrics::StreamRecord record;
  record.call = call_.name;
  record.from = metrics::kOthers;
  record.to = nameOf(members_[to]->element);
  const explain::MediaPath path = described({*memberControls_[to], 1});
  describePath(graph(), {&path}, record);
  // As others are described, who have a leg to the server besides.
  record.path = path.kind == topology::PathKind::direct
                    ? "media-processor"
                    : "media-processor via " + std::string(explain::name(path.kind));
  record.codec = std::string(media::name(call_.audio.codec));
  record.mosScale = quality::name(quality::traits(scoredAs(call_.audio)).scale);
  return record;
}

const IceSession::PathUse* Call::Control::used(std::size_t side, TimePoint end) const {
  return session ? session->longestUse(side, end) : nullptr;
}

// With why it is no better, as the plan has it.
explain::MediaPath Call::described(const Hop& hop) const {
  const Control& control = controls_[hop.control];
  if (!control.session) return *control.plans[hop.side];
  explain::MediaPath path;
  if (const auto* const used = control.used(hop.side, mediaEnd_)) path = used->found->path;
  const auto* const attempts = attemptsOf(plan_, control.plans[0], whoOf(control));
  const auto planned = attempts != nullptr ? *attempts : std::vector<explain::Attempt>{};
  const auto *const there = control.used(0, mediaEnd_), *const back = control.used(1, mediaEnd_);
  if (there != nullptr && back != nullptr && there->found->path.kind == back->found->path.kind) {
    path.attempts = explain::foundAttempts(
        graph(), {&there->found->path, &there->found->destinations},
        {&back->found->path, &back->found->destinations}, planned,
        [&](topology::PathKind kind) { return missedBy(network_, *control.session, kind); });
    return path;
  }
  for (const explain::Attempt& each : planned)
    if (each.kind < path.kind && !each.chosen) path.attempts.push_back(each);
  path.attempts.push_back({path.kind, true, {}});
  return path;
}

metrics::StreamRecord Call::record(Stream& stream) {
  const topology::ElementId from = members_[stream.from]->element;
  metrics::StreamRecord result;
  result.call = call_.name;
  result.from = nameOf(from);
  result.to = nameOf(members_[stream.to]->element);
  std::vector<explain::MediaPath> plans;
  std::set<const path::Leg*> legs;  // that its media has taken
  TracedPaths traced;
  for (const Hop& hop : stream.hops) {
    const Control& control = controls_[hop.control];
    traced.last.clear();
    plans.push_back(described(hop));
    if (!control.session) {
      const path::Path* const path = control.planned[hop.side];
      legs.insert(path->legs.begin(), path->legs.end());
      traced.described.push_back(path);
      traced.last.push_back(path);
      continue;
    }
    for (const IceSession::PathUse& use : control.session->uses(hop.side)) {
      legs.insert(use.legs->legs.begin(), use.legs->legs.end());
      if (std::find(traced.last.begin(), traced.last.end(), use.legs) == traced.last.end())
        traced.last.push_back(use.legs);
    }
    const auto* const used = control.used(hop.side, mediaEnd_);
    traced.described.push_back(used != nullptr ? used->legs : nullptr);
  }
  std::vector<const explain::MediaPath*> described;
  for (const explain::MediaPath& plan : plans) described.push_back(&plan);
  describePath(graph(), described, result);
  result.codec = std::string(media::name(call_.audio.codec));
  result.mosScale = quality::name(quality::traits(scoredAs(call_.audio)).scale);
  const receiver::StreamReport report = stream.end.finish(fabric().simulator().now());
  fillMeasured(report, result);
  std::int64_t retransmissions = 0;
  for (const path::Leg* const leg : legs) retransmissions += leg->retransmissions();
  result.totals[metrics::MetricId::audio_retransmissions] = static_cast<double>(retransmissions);
  const RoundTripSamples samples = fillRoundTrips(from, result);
  classify(report, samples, result);
  for (std::size_t i = 0; i < report.queueingAt.size(); ++i) {
    if (report.queueingAt[i] == Duration{}) continue;
    result.budget.push_back({metrics::DelayCause::queueing,
                             wiring_.network().linkName(stream.end.places()[i]),
                             report.queueingAt[i]});
  }
  if (wiring_.transit().traced()) {
    fillTrace(report, stream.end.crossings(), traced, wiring_.network(), result);
  }
  return result;
}

std::optional<metrics::StreamRecord> Call::videoRecord(const VideoCall::Seen* seen, Picture picture,
                                                       const metrics::StreamRecord& sound,
                                                       const client::IncomingStream* heard) const {
  if (seen == nullptr) return {};
  metrics::StreamRecord result;
  result.call = sound.call;
  result.from = sound.from;
  result.to = sound.to;
  result.medium = picture == Picture::camera ? "video" : "screen";
  result.path = sound.path;
  result.transport = sound.transport;
  result.attempts = sound.attempts;
  result.legs = sound.legs;
  result.codec = std::string(
      video::name(picture == Picture::camera ? call_.video->codec : call_.share->codec));
  const auto* const samples =
      lipSync_ && heard != nullptr ? lipSync_->of(*heard, *seen->incoming.front()) : nullptr;
  fillVideo(*seen,
            samples != nullptr ? syncOffsets(seen->samples, *samples) : std::vector<double>{},
            picture, sound, result);
  return result;
}

RoundTripSamples Call::fillRoundTrips(topology::ElementId from,
                                      metrics::StreamRecord& record) const {
  RoundTripSamples samples;
  for (const Control& control : controls_) {
    const bool near = control.near == from;
    if (!near && (control.far != from || group())) continue;
    const std::size_t side = near ? 0 : 1;
    record.totals[metrics::MetricId::audio_rtcp_round_trip] = control.traffic->rtcp(side);
    samples.rtcp = control.traffic->rtcpCount(side);
    if (control.session) {
      const client::MeanRoundTrip& checks = control.session->roundTrips(side);
      record.totals[metrics::MetricId::audio_stun_round_trip] = checks.seconds();
      samples.stun = checks.count();
    } else {
      record.totals[metrics::MetricId::audio_stun_round_trip] = control.traffic->stun(side);
      samples.stun = control.traffic->stunCount(side);
    }
  }
  return samples;
}

}  // namespace callflow::sim
