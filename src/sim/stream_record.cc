#include "src/sim/stream_record.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "models/path/flow.h"
#include "models/quality/classifier.h"
#include "models/quality/e_model.h"

namespace callflow::sim {

namespace {

using metrics::MetricId;

metrics::PlayoutSound sound(const receiver::PlayoutEvent& event) {
  switch (event.kind) {
    case receiver::PlayoutEventKind::played:
      return event.copy == receiver::FrameCopy::redundant ? metrics::PlayoutSound::recovered
                                                          : metrics::PlayoutSound::played;
    case receiver::PlayoutEventKind::concealed:
      return metrics::PlayoutSound::concealed;
    case receiver::PlayoutEventKind::paused:
      return metrics::PlayoutSound::paused;
    case receiver::PlayoutEventKind::stretched:
      return metrics::PlayoutSound::stretched;
  }
  return metrics::PlayoutSound::played;
}

double share(std::int64_t part, std::int64_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

double share(Duration part, Duration whole) {
  return share(part.count(), whole.count());
}

metrics::Values values(const receiver::PeriodStats& stats) {
  metrics::Values v;
  v[MetricId::audio_mos] = stats.score.mos;
  v[MetricId::audio_mos_listening] = stats.score.mosListening;
  v[MetricId::audio_r_factor] = stats.score.r;
  v[MetricId::audio_r_factor_listening] = stats.score.rListening;
  v[MetricId::audio_r_factor_recency] = stats.rRecency;
  v[MetricId::audio_mos_recency] = stats.mosRecency;
  v[MetricId::audio_delay_impairment] = stats.score.idd;
  v[MetricId::audio_equipment_impairment] = stats.score.ieEff;
  v[MetricId::audio_burst_ratio] = stats.burstRatio;
  v[MetricId::audio_burst_density] = stats.burstDensity;
  v[MetricId::audio_gap_density] = stats.gapDensity;
  v[MetricId::audio_burst_duration] = stats.burstDuration;
  v[MetricId::audio_gap_duration] = stats.gapDuration;
  // What is still on its way at the end is neither lost nor late; if that is all, nothing is known
  // of it.
  const std::int64_t settled = stats.sent - stats.inFlight;
  const bool none = settled == 0 && stats.sent > 0;
  v[MetricId::audio_lost_ratio] = none ? std::nan("") : share(stats.lost, settled);
  v[MetricId::audio_discarded_ratio] = none ? std::nan("") : share(stats.discarded, settled);
  v[MetricId::audio_concealed_ratio] = stats.concealedRatio;
  const Duration sound = stats.soundPlayed;
  v[MetricId::audio_silent_concealed_ratio] = share(stats.silentConcealed, sound);
  v[MetricId::audio_concealment_events] = static_cast<double>(stats.concealmentRuns);
  v[MetricId::audio_decelerated_ratio] = share(stats.inserted, sound);
  v[MetricId::audio_accelerated_ratio] = share(stats.removed, sound);
  v[MetricId::audio_interruption_duration] = stats.interruptionDuration.seconds();
  v[MetricId::audio_interruptions] = static_cast<double>(stats.interruptions);
  v[MetricId::audio_longest_interruption] = stats.longestInterruption.seconds();
  v[MetricId::audio_one_way_delay_mean] = stats.delayMean;
  v[MetricId::audio_one_way_delay_p50] = stats.delayP50;
  v[MetricId::audio_one_way_delay_p95] = stats.delayP95;
  v[MetricId::audio_one_way_delay_p99] = stats.delayP99;
  v[MetricId::audio_one_way_delay_max] = stats.delayMax;
  v[MetricId::audio_jitter] = stats.jitter;
  v[MetricId::audio_jitter_mean] = stats.jitterMean;
  v[MetricId::audio_jitter_buffer_delay] = stats.jitterBufferDelay;
  v[MetricId::audio_jitter_buffer_target] = stats.jitterBufferTarget;
  v[MetricId::audio_jitter_buffer_minimum] = stats.jitterBufferMinimum;
  v[MetricId::audio_mouth_to_ear_delay] = stats.mouthToEar;
  v[MetricId::audio_packets_sent] = static_cast<double>(stats.sent);
  v[MetricId::audio_packets_received] = static_cast<double>(stats.received);
  v[MetricId::audio_packets_lost] = static_cast<double>(stats.lost);
  v[MetricId::audio_packets_discarded] = static_cast<double>(stats.discarded);
  v[MetricId::audio_packets_in_flight_at_end] = static_cast<double>(stats.inFlight);
  v[MetricId::audio_packets_recovered] = static_cast<double>(stats.recovered);
  v[MetricId::audio_fec_packets_received] = static_cast<double>(stats.redundantReceived);
  return v;
}

}  // namespace

void describePath(const topology::NetworkGraph& graph,
                  const std::vector<const explain::MediaPath*>& paths,
                  metrics::StreamRecord& record) {
  topology::PathKind least = topology::PathKind::direct;
  record.transport = "udp";
  for (const explain::MediaPath* path : paths) {
    least = std::max(least, path->kind);
    for (const explain::Attempt& attempt : path->attempts) {
      record.attempts.push_back({std::string(explain::name(attempt.kind)), attempt.chosen,
                                 explain::words(graph, attempt)});
    }
    for (const explain::Leg& leg : path->legs) {
      metrics::Leg described;
      described.from = graph.element(leg.from).name;
      described.to = graph.element(leg.to).name;
      described.transport = explain::name(leg.transport);
      described.nodes.push_back(described.from);
      for (const topology::DirectedLinkId link : leg.links) {
        described.nodes.push_back(graph.element(graph.link(link).to).name);
      }
      for (const explain::FlowLabel label : leg.flows)
        described.flows.emplace_back(explain::name(label));
      if (leg.ice) {
        described.connectivityIce = explain::name(leg.ice->connectivity);
        described.fromType = explain::name(leg.ice->from);
        described.toType = explain::name(leg.ice->to);
      }
      if (leg.relayed) described.relay = toText(*leg.relayed);
      if (leg.transport == explain::Transport::tcp) record.transport = "tcp";
      record.legs.push_back(std::move(described));
    }
  }
  if (paths.size() == 1) {
    record.path = explain::name(least);
  } else {
    record.path = "media-processor";
    if (least != topology::PathKind::direct) {
      record.path += " via " + std::string(explain::name(least));
    }
  }
}

void fillMeasured(const receiver::StreamReport& report, metrics::StreamRecord& record) {
  record.totals = values(report.totals);
  for (const receiver::WindowStats& window : report.windows) {
    record.windows.push_back({window.start, values(window.stats)});
  }
  for (const quality::RangeRow& row : quality::allRanges()) {
    if (report.totals.score.outOfRange.has(row.flag)) record.outOfRange.emplace_back(row.name);
  }
  record.played = report.totals.played;
  record.totalDelay = report.totalDelay;
  for (std::size_t i = 0; i < metrics::kDelayCauseCount; ++i) {
    const Duration sum = report.parts[static_cast<receiver::DelayCause>(i)];
    const auto cause = static_cast<metrics::DelayCause>(i);
    if (sum == Duration{} || cause == metrics::DelayCause::queueing) continue;
    record.budget.push_back({cause, "", sum});
  }
  record.delayHistogram = report.delayHistogram;
}

namespace {

void judgeTargets(quality::TargetResults results, Duration roundTrip, std::int64_t roundTrips,
                  metrics::StreamRecord& record) {
  using quality::Target;
  quality::at(results, Target::roundTrip) = quality::roundTripResult(roundTrip, roundTrips);
  int missed = 0;
  for (std::size_t i = 0; i < quality::kTargetCount; ++i) {
    const quality::TargetRow& row = quality::row(static_cast<Target>(i));
    const quality::TargetResult& result = results[i];
    const bool isTime = row.time > Duration{};
    record.targets.push_back({std::string(row.name), isTime ? "s" : "ratio",
                              isTime ? row.time.seconds() : row.share.value(), row.window,
                              result.windows, result.missed, result.packets, result.worst});
    if (result.missed > 0) ++missed;
  }
  metrics::Values& v = record.totals;
  const auto windows = [&](Target target) {
    return static_cast<double>(quality::at(results, target).windows);
  };
  const auto fill = [&](Target target, MetricId share, MetricId worst) {
    v[share] = quality::at(results, target).missedShare();
    v[worst] = quality::at(results, target).worst;
  };
  v[MetricId::audio_windows_200ms] = windows(Target::burstLoss);
  fill(Target::burstLoss, MetricId::audio_loss_200ms_missed, MetricId::audio_loss_200ms_max);
  v[MetricId::audio_windows_15s] = windows(Target::loss);
  fill(Target::loss, MetricId::audio_loss_15s_missed, MetricId::audio_loss_15s_max);
  fill(Target::jitter, MetricId::audio_jitter_15s_missed, MetricId::audio_jitter_15s_max);
  fill(Target::oneWayDelay, MetricId::audio_one_way_delay_15s_missed,
       MetricId::audio_one_way_delay_15s_max);
  v[MetricId::audio_reordered_ratio] = quality::at(results, Target::reordering).worst;
  v[MetricId::audio_targets_missed] = missed;
}

metrics::LegCrossing described(const path::Crossing& crossing, const network::Network& network) {
  metrics::LegCrossing result;
  result.leg = crossing.leg;
  result.copy = crossing.copy;
  result.sent = crossing.sent;
  result.arrived = crossing.arrived;
  result.delivered = crossing.delivered;
  if (crossing.lost()) {
    result.lostAt = network.place(crossing.lostOn, crossing.lostAt);
    if (crossing.atSocket) result.lostAt += " socket";
  }
  return result;
}

}  // namespace

void classify(const receiver::StreamReport& report, const RoundTripSamples& samples,
              metrics::StreamRecord& record) {
  const auto duration = [&](MetricId id) {
    const double seconds = record.totals[id];
    return std::isnan(seconds) ? Duration::ns(-1) : Duration::fromSeconds(seconds);
  };
  quality::StreamFigures figures;
  figures.roundTrip = duration(MetricId::audio_rtcp_round_trip);
  std::int64_t roundTrips = samples.rtcp;
  if (figures.roundTrip < Duration{}) {
    figures.roundTrip = duration(MetricId::audio_stun_round_trip);
    roundTrips = samples.stun;
  }
  judgeTargets(report.targets, figures.roundTrip, roundTrips, record);
  figures.jitter = duration(MetricId::audio_jitter_mean);
  figures.jitterBuffer = duration(MetricId::audio_jitter_buffer_delay);
  figures.lossRatio = record.totals[MetricId::audio_lost_ratio];
  figures.concealedRatio = record.totals[MetricId::audio_concealed_ratio];
  // Against the same codec without loss.
  const quality::Score& score = report.totals.score;
  figures.listeningMosLoss =
      quality::mosFromR(score.scale, score.rListening + score.ieEff - score.ie) -
      score.mosListening;
  const auto poorBecause = [&](quality::Classifier classifier) {
    std::vector<metrics::Exceeded> out;
    for (const quality::Exceeded& one : quality::poorBecause(classifier, figures))
      out.push_back({std::string{one.rule}, one.value, one.limit, std::string{one.unit}});
    return out;
  };
  record.poorByDashboard = poorBecause(quality::Classifier::callQualityDashboard);
  record.poorByInsights = poorBecause(quality::Classifier::azureInsights);
  record.poorByDiagnostics = poorBecause(quality::Classifier::azureDiagnostics);
  record.totals[MetricId::audio_poor_by_dashboard] = record.poorByDashboard.empty() ? 0 : 1;
  record.totals[MetricId::audio_poor_by_insights] = record.poorByInsights.empty() ? 0 : 1;
  record.totals[MetricId::audio_poor_by_diagnostics] = record.poorByDiagnostics.empty() ? 0 : 1;
}

namespace {

// When a frame came to its receiver: at the end of one of these paths.
std::optional<TimePoint> arrivalOf(const std::vector<path::Crossing>& crossings,
                                   const std::vector<const path::Path*>& last) {
  std::optional<TimePoint> arrival;
  for (const path::Path* const path : last) {
    std::optional<std::int32_t> first;  // of its legs
    for (const path::Crossing& crossing : crossings) {
      if (crossing.path != path) continue;
      first = std::min(first.value_or(crossing.leg), crossing.leg);
      const auto end = *first + static_cast<std::int32_t>(path->legs.size());
      if (crossing.leg + 1 == end && crossing.delivered != TimePoint::max())
        arrival = crossing.arrived;
    }
  }
  return arrival;
}

}  // namespace

void fillTrace(const receiver::StreamReport& report,
               const std::map<std::int64_t, std::vector<path::Crossing>>& crossings,
               const TracedPaths& paths, const network::Network& network,
               metrics::StreamRecord& record) {
  for (const receiver::FrameStory& story : report.trace) {
    metrics::FrameTrace frame;
    frame.sequence = story.sequence;
    frame.sent = story.sent;
    frame.received = story.received;
    frame.played = story.played;
    frame.jitterBufferTarget = story.target;
    frame.fate = story.fate;
    frame.copies = story.copies;
    frame.firstTransmission = TimePoint::max();
    frame.arrived = TimePoint::max();
    if (const auto found = crossings.find(story.sequence); found != crossings.end()) {
      for (const path::Crossing& crossing : found->second) {
        if (std::find(paths.described.begin(), paths.described.end(), crossing.path) !=
            paths.described.end())
          frame.crossings.push_back(described(crossing, network));
        if (crossing.leg == 0 && crossing.copy == 1) frame.firstTransmission = crossing.sent;
      }
      frame.arrived = arrivalOf(found->second, paths.last).value_or(TimePoint::max());
    }
    record.trace.push_back(std::move(frame));
  }
  for (const receiver::PlayoutEvent& event : report.playout) {
    record.playout.push_back(
        {sound(event), event.sequence,
         event.kind == receiver::PlayoutEventKind::stretched ? TimePoint::max() : event.at,
         event.length, event.silent});
  }
}

}  // namespace callflow::sim
