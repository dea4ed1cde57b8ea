#include "src/sim/session.h"

#include <algorithm>
#include <utility>

#include "models/client/profile.h"
#include "models/conference/forwarding.h"
#include "src/sim/audio.h"
#include "src/sim/stream_record.h"

namespace callflow::sim {

namespace {

// libwebrtc: RTCP interval of audio (call/audio_receive_stream.h, rtcp_sender.cc), in the mean.
constexpr Duration reportInterval = Duration::s(5);

const client::Profile& clientProfile(const topology::Call& call) {
  return client::profile(call.profile);
}

template <class Buffer>
Buffer adaptingBuffer(const topology::Audio& audio) {
  Buffer result;
  result.frame = audio.frame;
  result.initial = audio.jitter_buffer.delay;
  result.minimum = audio.jitter_buffer.minimum;
  result.maximum = audio.jitter_buffer.maximum;
  return result;
}

}  // namespace

Session::Session(MediaPlane& plane, Network& network, fabric::PeriodicTimers& timers,
                 const topology::Call& call, const explain::CallPlan& plan,
                 const RunOptions& options)
    : plane_(plane),
      network_(network),
      timers_(timers),
      call_(call),
      plan_(plan),
      draws_(call.name),
      options_(options),
      audio_(call.audio),
      mediaStart_(TimePoint::at(call.start + call.setup)) {
  if (call.audio.talk == topology::Talk::conversation) {
    conversation_.emplace(static_cast<std::uint32_t>(call.participants.size()),
                          fabric::streamNumber(draws_.conversation()));
  }
  std::vector<topology::ElementId> participants;
  for (const topology::Participant& who : call.participants) {
    participants.push_back(network.graph().participant(who).value());
  }
  if (call.kind == topology::CallKind::group) {
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
      fabric::streamNumber(draws_.control(nameOf(near), nameOf(far))));
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
  controls_.push_back({near, far, std::move(trips)});
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

receiver::MeterConfig Session::meterConfig(topology::ElementId from, topology::ElementId to) const {
  receiver::MeterConfig config;
  config.codec = scoredAs(call_.audio);
  config.bitrate = audio_.bitrate();
  config.frame = call_.audio.frame;
  switch (call_.audio.jitter_buffer.kind) {
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
      config.buffer = receiver::FixedBuffer{call_.audio.frame, call_.audio.jitter_buffer.delay};
      break;
  }
  config.scoreFrom = mediaStart_ + options_.warmUp;
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
  streams_.push_back({stream, from, to, {path}});
  addSource(sender, nameOf(from), plane_.addFlow({legs, flow}, stream), {stream});
}

void Session::buildGroup(const std::vector<topology::ElementId>& participants) {
  if (!plan_.media_processor) return;
  const topology::ElementId processor = *plan_.media_processor;
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
    std::vector<StreamIndex> ends;
    for (const std::size_t position : conference::receivers(s, reachable)) {
      const topology::ElementId to = participants[position];
      const explain::MediaPath* down = plan_.path(processor, to);
      const std::vector<LegIndex> downLegs = addLegs(*down, flowNumber(processor, to));
      std::vector<LegIndex> all = upLegs;
      all.insert(all.end(), downLegs.begin(), downLegs.end());
      const StreamIndex stream = plane_.addStream(meterConfig(participants[s], to), all);
      streams_.push_back({stream, participants[s], to, {up, down}});
      ends.push_back(stream);
      forks.push_back(plane_.addFlow({downLegs, flowNumber(participants[s], to)}, stream));
    }
    addSource(s, nameOf(participants[s]), plane_.addFlow({upLegs, upFlow}, forks), ends);
  }
}

void Session::start() {
  plane_.open(legs_);
  for (const Control& control : controls_) {
    control.trips->start(mediaStart_, mediaEnd(), mediaStart_ + options_.warmUp);
  }
  for (std::uint32_t i = 0; i < sources_.size(); ++i) {
    timers_.start(mediaStart_, call_.audio.frame, *this, i);
  }
}

void Session::addSource(std::uint32_t participant, const std::string& name, FlowIndex flow,
                        std::vector<StreamIndex> streams) {
  const std::uint64_t draws = fabric::streamNumber(draws_.sender(name));
  sources_.push_back({.participant = participant,
                      .flow = flow,
                      .streams = std::move(streams),
                      .sender = {audio_, call_.audio, draws},
                      .fec = {clientProfile(call_).fec, draws},
                      .nextReport = mediaStart_ + reportInterval});
}

// What RTCP receiver reports tell the sender of loss.
void Session::takeReports(Source& source, TimePoint now) const {
  std::int64_t lost = 0;
  std::int64_t expected = 0;
  for (const StreamIndex stream : source.streams) {
    const receiver::StreamMeter& meter = plane_.meter(stream);
    lost += meter.packetsLost();
    expected += meter.packetsLost() + meter.packetsReceived();
  }
  source.fec.report(lost - source.reportedLost, expected - source.reportedExpected, reportInterval);
  source.reportedLost = lost;
  source.reportedExpected = expected;
  source.nextReport = now + reportInterval;
}

bool Session::onTick(std::uint32_t index, TimePoint now) {
  Source& source = sources_[index];
  if (now >= source.nextReport) takeReports(source, now);
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
  return result;
}

std::vector<metrics::StreamRecord> Session::finish(bool traced) {
  std::vector<metrics::StreamRecord> result;
  for (const Stream& stream : streams_) result.push_back(record(stream, traced));
  return result;
}

metrics::StreamRecord Session::record(const Stream& stream, bool traced) {
  metrics::StreamRecord result;
  result.call = call_.name;
  result.from = network_.graph().element(stream.from).name;
  result.to = network_.graph().element(stream.to).name;
  describePath(network_.graph(), stream.paths, result);
  result.codec = std::string(media::name(call_.audio.codec));
  result.mos_scale = quality::name(quality::traits(scoredAs(call_.audio)).scale);
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
