#include "src/sim/session.h"

#include <algorithm>
#include <utility>

#include "models/client/profile.h"
#include "models/conference/forwarding.h"
#include "src/sim/audio.h"
#include "src/sim/stream_record.h"

namespace callflow::sim {

namespace {

const client::Profile& clientProfile(const topology::Call& call) {
  return client::profile(call.profile);
}

template <class Buffer>
Buffer adaptingBuffer(const topology::Audio& audio) {
  Buffer result;
  result.frame = audio.frame;
  result.initial = audio.jitterBuffer.delay;
  result.minimum = audio.jitterBuffer.minimum;
  result.maximum = audio.jitterBuffer.maximum;
  return result;
}

}  // namespace

Session::Session(MediaPlane& plane, Network& network, fabric::PeriodicTimers& timers,
                 const topology::Call& call, const explain::CallPlan& plan,
                 const RunOptions& options, SessionObserver& observer)
    : plane_(plane),
      network_(network),
      timers_(timers),
      call_(call),
      plan_(plan),
      draws_(call.name),
      options_(options),
      audio_(call.audio),
      observer_(observer),
      limitLane_(network.fabric().simulator().addLane(*this, 0)) {
  if (call.audio.talk == topology::Talk::conversation) {
    conversation_.emplace(static_cast<std::uint32_t>(call.participants.size()),
                          fabric::streamNumber(draws_.conversation()));
  }
  std::vector<topology::ElementId> participants;
  for (const topology::Participant& who : call.participants) {
    const topology::ElementId participant = network.graph().participant(who).value();
    participants.push_back(participant);
    if (call.clocks == client::Clocks::drawn) {
      clocks_[participant] =
          client::drawClock(draws_.sender(nameOf(participant)), call.audio.frame);
    }
  }
  if (group()) {
    buildGroup(participants);
  } else {
    buildPair(participants[0], participants[1], 0);
    buildPair(participants[1], participants[0], 1);
    buildControl(participants[0], participants[1]);
  }
}

void Session::buildControl(topology::ElementId near, topology::ElementId far) {
  const explain::MediaPath* there = plan_.path(near, far);
  const explain::MediaPath* back = plan_.path(far, near);
  if (there == nullptr || back == nullptr) return;
  auto trips = std::make_unique<RoundTrips>(
      plane_, network_.fabric().simulator(),
      fabric::streamNumber(draws_.control(nameOf(near), nameOf(far))), *this, controls_.size());
  const auto setUp = [&](std::size_t side, topology::ElementId end,
                         const explain::MediaPath& path) {
    ControlEnd& control = trips->end(side);
    const std::uint32_t flow = flowNumber(end, end == near ? far : near);
    control.flow = plane_.addFlow({addLegs(path, flow), flow}, *trips);
    const topology::Element& element = network_.graph().element(end);
    const bool client = element.kind == topology::ElementKind::participant;
    control.checks = client;
    control.sendsMedia = !client || sends(element.name);
  };
  setUp(0, near, *there);
  setUp(1, far, *back);
  Control control;
  control.near = near;
  control.far = far;
  control.trips = std::move(trips);
  control.path = there;
  control.legs = addLegs(*there, flowNumber(near, far));
  for (const LegIndex leg : addLegs(*back, flowNumber(far, near))) control.legs.push_back(leg);
  control.rounds = client::setUpTime(setUpPath(*there, *back), call_.profile);
  controls_.push_back(std::move(control));
}

client::SetUpPath Session::setUpPath(const explain::MediaPath& there,
                                     const explain::MediaPath& back) const {
  const topology::NetworkGraph& graph = network_.graph();
  const auto isRegion = [&](topology::ElementId id) {
    return graph.element(id).kind == topology::ElementKind::azureRegion;
  };
  // Legs of one path are the other's, the other way round.
  const auto roundTrip = [&](std::size_t i) {
    const explain::Leg& answer = back.legs[back.legs.size() - 1 - i];
    return graph.baseDelay(there.legs[i].links) + graph.baseDelay(answer.links);
  };
  client::SetUpPath result;
  std::size_t nearLegs = 0;  // to its own relay, perhaps through a proxy
  for (; nearLegs < there.legs.size() && there.legs[nearLegs].turn; ++nearLegs) {
    if (nearLegs > 0 && isRegion(there.legs[nearLegs].from)) break;
    result.ownRelay += roundTrip(nearLegs);
  }
  for (std::size_t i = there.legs.size(); i > nearLegs && there.legs[i - 1].turn; --i) {
    result.otherRelay += roundTrip(i - 1);
  }
  for (std::size_t i = 0; i < there.legs.size(); ++i) result.ends += roundTrip(i);
  return result;
}

bool Session::sends(const std::string& participant) const {
  if (call_.senders.empty()) return true;
  const std::string name = participant.substr(0, participant.find('@'));
  return std::any_of(call_.senders.begin(), call_.senders.end(), [&](const std::string& sender) {
    return sender == name || sender == participant;
  });
}

const std::string& Session::nameOf(topology::ElementId element) const {
  return network_.graph().element(element).name;
}

std::uint32_t Session::flowNumber(topology::ElementId from, topology::ElementId to) {
  return network_.fabric().flowNumber(draws_.flow(nameOf(from), nameOf(to)));
}

client::Clock Session::clockOf(topology::ElementId participant) const {
  const auto found = clocks_.find(participant);
  return found == clocks_.end() ? client::Clock{} : found->second;
}

receiver::MeterConfig Session::meterConfig(topology::ElementId from, topology::ElementId to) const {
  receiver::MeterConfig config;
  config.codec = scoredAs(call_.audio);
  config.bitrate = audio_.bitrate();
  config.frame = call_.audio.frame;
  config.clocks = {clockOf(from).rate, clockOf(to).rate};
  switch (call_.audio.jitterBuffer.kind) {
    case topology::JitterBufferKind::neteq: {
      auto neteq = adaptingBuffer<receiver::NetEqBuffer>(call_.audio);
      neteq.parameters = clientProfile(call_).neteq;
      neteq.draws = fabric::streamNumber(draws_.flow(nameOf(from), nameOf(to)));
      config.buffer = neteq;
      break;
    }
    case topology::JitterBufferKind::adaptive:
      config.buffer = adaptingBuffer<receiver::AdaptiveBuffer>(call_.audio);
      break;
    case topology::JitterBufferKind::fixed:
      config.buffer = receiver::FixedBuffer{call_.audio.frame, call_.audio.jitterBuffer.delay};
      break;
  }
  return config;
}

std::vector<LegIndex> Session::addLegs(const explain::MediaPath& path, std::uint32_t draws) {
  std::vector<LegIndex> result;
  for (const explain::Leg& leg : path.legs) {
    result.push_back(plane_.addLeg({&leg, call_.tcp, call_.transport, draws}));
    if (std::find(legs_.begin(), legs_.end(), result.back()) == legs_.end()) {
      legs_.push_back(result.back());
    }
  }
  return result;
}

void Session::buildPair(topology::ElementId from, topology::ElementId to, std::uint32_t sender) {
  const explain::MediaPath* path = plan_.path(from, to);
  if (path == nullptr) return;
  const std::uint32_t flow = flowNumber(from, to);
  const std::vector<LegIndex> legs = addLegs(*path, flow);
  if (!sends(nameOf(from))) return;
  const StreamIndex stream = plane_.addStream(meterConfig(from, to), legs);
  streams_.push_back({stream, from, to, {path}, {}});
  addSource(sender, from, plane_.addFlow({legs, flow}, stream));
}

void Session::buildGroup(const std::vector<topology::ElementId>& participants) {
  if (!plan_.mediaProcessor) return;
  const topology::ElementId processor = *plan_.mediaProcessor;
  const auto count = static_cast<std::uint32_t>(participants.size());
  // Everybody's legs exist, whether they send or not: the boxes must be opened for what they
  // receive.
  for (const topology::ElementId who : participants) {
    if (const auto* up = plan_.path(who, processor)) addLegs(*up, flowNumber(who, processor));
    if (const auto* down = plan_.path(processor, who)) addLegs(*down, flowNumber(processor, who));
  }
  for (const topology::ElementId participant : participants) {
    buildControl(participant, processor);
  }
  std::vector<bool> reachable;
  for (const topology::ElementId participant : participants) {
    reachable.push_back(plan_.path(processor, participant) != nullptr);
  }
  for (std::uint32_t s = 0; s < count; ++s) {
    const explain::MediaPath* up = plan_.path(participants[s], processor);
    if (up == nullptr || !sends(nameOf(participants[s]))) continue;
    const std::uint32_t upFlow = flowNumber(participants[s], processor);
    const std::vector<LegIndex> upLegs = addLegs(*up, upFlow);
    std::vector<FlowIndex> forks;
    for (const std::size_t position : conference::receivers(s, reachable)) {
      const topology::ElementId to = participants[position];
      const explain::MediaPath* down = plan_.path(processor, to);
      const std::vector<LegIndex> downLegs = addLegs(*down, flowNumber(processor, to));
      std::vector<LegIndex> all = upLegs;
      all.insert(all.end(), downLegs.begin(), downLegs.end());
      const StreamIndex stream = plane_.addStream(meterConfig(participants[s], to), all);
      forks.push_back(plane_.addFlow({downLegs, flowNumber(participants[s], to)}, stream));
      streams_.push_back({stream, participants[s], to, {up, down}, forks.back()});
    }
    addSource(s, participants[s], plane_.addFlow({upLegs, upFlow}, forks));
  }
}

void Session::start() {
  const TimePoint now = network_.fabric().simulator().now();
  if (controls_.empty()) {
    observer_.onSettled(now + call_.setup + call_.duration);
    return;
  }
  network_.fabric().simulator().pushOutOfOrder(limitLane_,
                                               now + std::max(call_.setup, client::kSetUpLimit), 0);
  plane_.open(legs_, *this);
  onStanding(now);
}

void Session::onStanding(TimePoint now) {
  if (begun_) return;
  bool all = true;
  for (Control& control : controls_) {
    if (!control.ready && plane_.stand(control.legs)) control.ready = now + control.rounds;
    all = all && control.ready.has_value();
  }
  if (all) begin(now);
}

void Session::onRecord(std::uint32_t, std::uint32_t, TimePoint now) {
  if (begun_) return;
  bool any = false;
  for (Control& control : controls_) {
    control.joined = control.ready.has_value();
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

void Session::leaveOut(const Control& control) {
  const topology::NetworkGraph& graph = network_.graph();
  const auto whose = [&](const Stream& stream) {
    return !group() || stream.from == control.near || stream.to == control.near;
  };
  for (Stream& stream : streams_) {
    if (!stream.joined || !whose(stream)) continue;
    stream.joined = false;
    if (!group()) continue;
    for (const Source& source : sources_) plane_.removeFork(source.flow, stream.fork);
  }
  std::erase_if(sources_,
                [&](const Source& source) { return !group() || source.from == control.near; });
  metrics::FailedCall failed;
  failed.call = call_.name;
  failed.code = explain::PlanFailure{}.code;
  failed.subcode = explain::PlanFailure{}.subcode;
  const std::string who =
      graph.element(control.near).name + (group() ? "" : " and " + graph.element(control.far).name);
  failed.reasons.push_back(who + ": " + std::string(explain::name(control.path->kind)) +
                           ": not connected " + toText(client::kSetUpLimit) +
                           " after the call's start");
  leftOut_.push_back(std::move(failed));
}

// `setup` is for what is not simulated, signaling and people; what the path takes may be longer.
void Session::begin(TimePoint now) {
  begun_ = true;
  mediaStart_ = std::max(now, TimePoint::at(call_.start + call_.setup));
  for (const Control& control : controls_) {
    if (control.joined) mediaStart_ = std::max(mediaStart_, *control.ready);
  }
  linkReports();
  TimePoint mediaEnd = mediaStart_ + call_.duration;
  for (const Source& source : sources_) {
    const std::int64_t frames = audio_.packetsIn(call_.duration);
    mediaEnd = std::max(mediaEnd, mediaStart_ + source.clock.phase + source.period * frames);
  }
  for (const Stream& stream : streams_)
    plane_.scoreFrom(stream.index, mediaStart_ + options_.warmUp);
  for (const Control& control : controls_) {
    if (!control.joined) continue;
    control.trips->start(mediaStart_, mediaEnd, mediaStart_ + options_.warmUp);
  }
  for (std::uint32_t i = 0; i < sources_.size(); ++i) {
    sources_[i].reported = mediaStart_;
    timers_.start(mediaStart_ + sources_[i].clock.phase, sources_[i].period, *this, i);
  }
  observer_.onSettled(mediaEnd);
}

void Session::addSource(std::uint32_t participant, topology::ElementId from, FlowIndex flow) {
  const std::uint64_t draws = fabric::streamNumber(draws_.sender(nameOf(from)));
  const client::Clock clock = clockOf(from);
  sources_.push_back({participant, from, flow, media::AudioSender(audio_, call_.audio, draws),
                      client::InBandFec(clientProfile(call_).fec, call_.audio, draws), clock,
                      clock.rate.lasts(call_.audio.frame)});
}

// Who reports what to whom.
void Session::linkReports() {
  for (Control& control : controls_) {
    for (std::size_t i = 0; i < sources_.size(); ++i) {
      if (sources_[i].from == control.near) control.sources[0] = i;
      if (sources_[i].from == control.far) control.sources[1] = i;
    }
  }
  for (std::uint32_t i = 0; i < streams_.size(); ++i) {
    Stream& stream = streams_[i];
    for (std::size_t s = 0; s < sources_.size(); ++s) {
      if (sources_[s].from == stream.from) stream.source = s;
    }
    for (Control& control : controls_) {
      if (!stream.joined) continue;
      if (control.near == stream.to) control.incoming[0].push_back(i);
      if (control.far == stream.to) control.incoming[1].push_back(i);
    }
  }
}

// Participants report the streams that come to them; a media processor passes on to a sender what
// all its receivers have reported of it.
void Session::fillReport(std::size_t pair, std::size_t side, std::size_t most,
                         std::vector<ReportBlock>& blocks) {
  Control& control = controls_[pair];
  if (group() && side == 1) {
    if (!control.sources[0]) return;
    client::LossReport& told = sources_[*control.sources[0]].told;
    blocks.push_back({0, std::exchange(told, {})});
    return;
  }
  const std::vector<std::uint32_t>& incoming = control.incoming.at(side);
  std::size_t& next = control.next.at(side);
  for (std::size_t i = 0; i < std::min(most, incoming.size()); ++i) {
    const std::uint32_t stream = incoming[next++ % incoming.size()];
    blocks.push_back({stream, plane_.lossReporter(streams_[stream].index).next()});
  }
}

void Session::onReport(std::size_t pair, std::size_t side, const std::vector<ReportBlock>& blocks,
                       TimePoint now) {
  const Control& control = controls_[pair];
  for (const ReportBlock& block : blocks) {
    if (group() && side == 0) {
      report(sources_[*control.sources[0]], block.loss, now);
    } else if (Source& source = sources_[streams_[block.stream].source]; group()) {
      source.told.lost += block.loss.lost;
      source.told.expected += block.loss.expected;
    } else {
      report(source, block.loss, now);
    }
  }
}

void Session::report(Source& source, const client::LossReport& loss, TimePoint now) const {
  if (loss.expected <= 0) return;
  source.fec.report(std::max<std::int64_t>(0, loss.lost), loss.expected, now - source.reported);
  source.reported = now;
}

bool Session::onTick(std::uint32_t index, TimePoint now) {
  Source& source = sources_[index];
  const bool speech = !conversation_ || conversation_->talks(source.participant, now - mediaStart_);
  const bool fec = audio_.codec() == media::AudioCodec::opus &&
                   call_.audio.fec == topology::Fec::automatic && source.fec.next();
  if (const auto packet = source.sender.next(speech, fec)) {
    plane_.send(source.flow, ++source.sent, *packet);
  }
  return ++source.frames < audio_.packetsIn(call_.duration);
}

std::vector<metrics::FailedCall> Session::failures() const {
  std::vector<metrics::FailedCall> result;
  for (const explain::PlanFailure& failure : plan_.failures) {
    metrics::FailedCall failed;
    failed.call = call_.name;
    failed.code = failure.code;
    failed.subcode = failure.subcode;
    for (const explain::Attempt& attempt : failure.attempts) {
      failed.reasons.push_back(failure.who + ": " + std::string(explain::name(attempt.kind)) +
                               ": " + attempt.reason);
    }
    result.push_back(std::move(failed));
  }
  result.insert(result.end(), leftOut_.begin(), leftOut_.end());
  return result;
}

std::vector<metrics::StreamRecord> Session::finish(bool traced) {
  std::vector<metrics::StreamRecord> result;
  for (const Stream& stream : streams_) {
    if (stream.joined) result.push_back(record(stream, traced));
  }
  return result;
}

metrics::StreamRecord Session::record(const Stream& stream, bool traced) {
  metrics::StreamRecord result;
  result.call = call_.name;
  result.from = network_.graph().element(stream.from).name;
  result.to = network_.graph().element(stream.to).name;
  describePath(network_.graph(), stream.paths, result);
  result.codec = std::string(media::name(call_.audio.codec));
  result.mosScale = quality::name(quality::traits(scoredAs(call_.audio)).scale);
  const receiver::StreamReport report = plane_.finish(stream.index);
  fillMeasured(report, result);
  result.totals[metrics::MetricId::retransmissions] =
      static_cast<double>(plane_.retransmissions(stream.index));
  RoundTripSamples samples;
  for (const Control& control : controls_) {
    const bool near = control.near == stream.from;
    if (!near && (control.far != stream.from || stream.paths.size() > 1)) continue;
    const std::size_t side = near ? 0 : 1;
    result.totals[metrics::MetricId::stun_round_trip] = control.trips->stun(side);
    result.totals[metrics::MetricId::rtcp_round_trip] = control.trips->rtcp(side);
    samples = {control.trips->stunCount(side), control.trips->rtcpCount(side)};
  }
  classify(report, samples, result);
  for (std::size_t i = 0; i < report.queueingAt.size(); ++i) {
    if (report.queueingAt[i] == Duration{}) continue;
    result.budget.push_back({metrics::DelayCause::queueing, plane_.queueingElement(stream.index, i),
                             report.queueingAt[i]});
  }
  if (traced) fillTrace(report, plane_.crossings(stream.index), result);
  return result;
}

}  // namespace callflow::sim
