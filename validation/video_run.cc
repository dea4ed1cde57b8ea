#include "validation/video_run.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <type_traits>
#include <variant>

#include "models/wire/header_sizes.h"
#include "src/sim/run.h"
#include "validation/csv.h"

namespace callflow::validation {
namespace {

using metrics::MetricId;

static_assert(std::is_trivially_copyable_v<SimulatedVideo>);

// As tbf's limit was set: what drains in the time, and the bucket's depth.
DataSize roomFor(DataRate rate, Duration queue) {
  return DataSize::bytes(static_cast<std::int64_t>(
      std::llround(static_cast<double>(rate.count()) / 8 * queue.seconds()) + 3000));
}

void setBucket(topology::Topology& topology, const std::optional<DataRate>& rate, Duration queue) {
  auto& shaper = std::get<shaper::Shaper>(topology.devices.front().second.kind);
  for (shaper::Shaping* shaping : {&shaper.up, &shaper.down}) {
    shaping->rate = rate.value_or(DataRate::unlimited());
    shaping->queue.reset();
    if (rate) shaping->queue = roomFor(*rate, queue);
  }
}

void setSteps(topology::Case& input, const VideoCondition& condition, Duration mediaStart) {
  const DataRate usual = *condition.rate;
  for (const auto& [when, rate] :
       {std::pair(kStepDown, *condition.meanwhile), std::pair(kStepUp, usual)}) {
    topology::LinkChange change;
    change.at = mediaStart + when;
    change.device = input.topology.devices.front().first;
    for (topology::LinkChange::Direction* direction : {&change.up, &change.down}) {
      direction->rate = rate;
      direction->queue = roomFor(rate, condition.queue);
    }
    input.events.push_back(change);
  }
}

void addTransfer(topology::Case& input, const VideoCondition& condition, Duration mediaStart) {
  const std::string site = input.topology.sites.front().first;
  const std::string internet(topology::kInternet);
  const bool up = condition.other == VideoCondition::Other::uplink;
  topology::Traffic transfer;
  transfer.name = "transfer";
  transfer.kind = traffic::Transfer{};
  transfer.from = up ? site : internet;
  transfer.to = up ? internet : site;
  transfer.port = 443;
  transfer.start = mediaStart + kTransferFrom;
  transfer.duration = kTransferTo - kTransferFrom;
  input.traffic.push_back(transfer);
}

// From the metric's own unit (bit/s, s) to the measurement's.
double shown(const metrics::Values& values, MetricId id) {
  return values[id] * metrics::metric(id).scale;
}

// Without RTP's headers of `headers` a packet: what the measurement has as received is
// bytesReceived alone, as its lossless rows say, whose sent rates are higher by 24 to 27 B a
// packet.
VideoSecond secondOf(const metrics::Values& values, DataSize headers) {
  VideoSecond second;
  const double packets = values[MetricId::video_packets_received];
  second.target = shown(values, MetricId::video_target_rate);
  second.sent = shown(values, MetricId::video_sent_rate);
  second.received = shown(values, MetricId::video_received_rate) -
                    packets * static_cast<double>(headers.count()) * 8 / 1e3;
  second.available = shown(values, MetricId::video_available_rate);
  second.roundTrip = shown(values, MetricId::video_rtcp_round_trip);
  second.frameRate = shown(values, MetricId::video_frame_rate);
  second.height = shown(values, MetricId::video_frame_height);
  second.freezes = shown(values, MetricId::video_freezes);
  return second;
}

}  // namespace

VideoSeries SimulatedVideo::seriesOf(bool uplink) const {
  const Stream& stream = streams[uplink ? 1 : 0];
  return {stream.series.begin(),
          stream.series.begin() + static_cast<std::ptrdiff_t>(stream.seconds)};
}

topology::Case videoCase(const topology::Case& base, const VideoCondition& condition) {
  topology::Case result = base;
  topology::Site& site = result.topology.sites.front().second;  // client A's
  for (topology::LinkDirection* direction : {&site.uplink->up, &site.uplink->down}) {
    direction->delay = condition.oneWayDelay;
    direction->loss.mean = condition.loss;
    direction->jitter.mean = condition.jitter;
  }
  setBucket(result.topology, condition.rate, condition.queue);
  topology::Call& call = result.calls.front();
  call.duration = condition.length;
  call.paths = {condition.tcp ? topology::PathKind::relayTcp : topology::PathKind::relayUdp};
  const Duration mediaStart = call.start + call.setup;
  if (condition.meanwhile) setSteps(result, condition, mediaStart);
  if (condition.other != VideoCondition::Other::none) addTransfer(result, condition, mediaStart);
  return result;
}

SimulatedVideo simulateVideo(const topology::Scenario& scenario, const VideoCondition& condition,
                             int seed) {
  sim::RunOptions options;
  options.seed = static_cast<std::uint64_t>(seed);
  options.warmUp = scenario.warmUp;
  options.drain = scenario.drain;
  const metrics::RunRecord record =
      sim::simulate(videoCase(scenario.cases.front(), condition), options);
  const DataSize headers =
      wire::kRtpHeader + scenario.cases.front().calls.front().video->rtpExtensions;
  SimulatedVideo result;
  int found = 0;
  for (const metrics::StreamRecord& stream : record.streams) {
    if (stream.medium != "video") continue;
    ++found;
    SimulatedVideo::Stream& into = result.streams[stream.from.ends_with("@a") ? 1 : 0];
    for (const metrics::Window& window : stream.windows) {
      if (into.seconds < kMostVideoSeconds)
        into.series[into.seconds++] = secondOf(window.values, headers);
    }
  }
  if (found != 2) throw std::runtime_error(condition.id + ": the call did not connect");
  for (const metrics::TrafficRecord& other : record.traffic)
    result.otherRate = other.rateOf(other.received) / 1e3;
  return result;
}

}  // namespace callflow::validation
