#include "src/sim/video_record.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "models/quality/freeze_score.h"
#include "models/quality/g1070.h"
#include "models/quality/video_classifier.h"

namespace callflow::sim {

namespace {

using client::VideoSample;
using metrics::MetricId;

// As long as the clips of listening and viewing tests are.
constexpr Duration kStretch = Duration::s(10);

double per(double part, double whole) {
  return whole > 0 ? part / whole : std::nan("");
}

double bits(DataSize size) {
  return static_cast<double>(size.count()) * 8;
}

// What is measured between two samples; `last`: the rates that held are those at its end.
metrics::Values between(const VideoSample& a, const VideoSample& b) {
  metrics::Values v;
  const double time = (b.watched - a.watched).seconds();
  const auto count = [](std::int64_t x, std::int64_t y) { return static_cast<double>(y - x); };
  v[MetricId::video_received_rate] = per(bits(b.received.bytes - a.received.bytes), time);
  v[MetricId::video_sent_rate] = per(bits(b.sent.bytes - a.sent.bytes), time);
  v[MetricId::video_retransmitted_rate] =
      per(bits(b.sent.retransmittedBytes - a.sent.retransmittedBytes), time);
  v[MetricId::video_parity_rate] = per(bits(b.sent.parityBytes - a.sent.parityBytes), time);
  v[MetricId::video_target_rate] = static_cast<double>(b.sent.target.count());
  v[MetricId::video_available_rate] = static_cast<double>(b.sent.available.count());
  const double decoded = count(a.received.framesDecoded, b.received.framesDecoded);
  v[MetricId::video_frame_rate] = per(decoded, time);
  v[MetricId::video_harmonic_frame_rate] = per((b.received.gaps - a.received.gaps).seconds(),
                                               b.received.squaredGaps - a.received.squaredGaps);
  v[MetricId::video_frame_height] = b.received.resolution.height;
  const double encoded = count(a.sent.framesEncoded, b.sent.framesEncoded);
  // What a server sends on nobody has told it of.
  const double quantizers = count(a.sent.quantizers, b.sent.quantizers);
  v[MetricId::video_quantizer] = per(quantizers, quantizers > 0 ? encoded : 0);
  v[MetricId::video_resolution_changes] =
      count(a.received.resolutionChanges, b.received.resolutionChanges);
  v[MetricId::video_frames_sent] = encoded;
  v[MetricId::video_frames_decoded] = decoded;
  v[MetricId::video_frames_dropped] = count(a.received.framesDropped, b.received.framesDropped);
  v[MetricId::video_key_frames_decoded] =
      count(a.received.keyFramesDecoded, b.received.keyFramesDecoded);
  v[MetricId::video_freezes] = count(a.received.freezes, b.received.freezes);
  v[MetricId::video_freeze_duration] = (b.received.frozen - a.received.frozen).seconds();
  v[MetricId::video_freeze_ratio] = std::min(per(v[MetricId::video_freeze_duration], time), 1.0);
  v[MetricId::video_capture_to_render] =
      per((b.received.captureToRender - a.received.captureToRender).seconds(),
          count(a.received.framesRendered, b.received.framesRendered));
  v[MetricId::video_jitter_buffer_delay] =
      per((b.received.inJitterBuffer - a.received.inJitterBuffer).seconds(), decoded);
  const double packets = count(a.sent.packets, b.sent.packets);
  v[MetricId::video_pacer_delay] = per((b.sent.waited - a.sent.waited).seconds(), packets);
  v[MetricId::video_packets_sent] = packets;
  v[MetricId::video_packets_received] = count(a.received.packets, b.received.packets);
  v[MetricId::video_packets_lost] = count(a.sent.lostPackets, b.sent.lostPackets);
  v[MetricId::video_lost_ratio] = per(v[MetricId::video_packets_lost], packets);
  v[MetricId::video_packets_recovered] =
      count(a.received.recoveredPackets, b.received.recoveredPackets);
  v[MetricId::video_nacks] = count(a.received.nacks, b.received.nacks);
  v[MetricId::video_plis] = count(a.received.keyFrameRequests, b.received.keyFrameRequests);
  v[MetricId::video_rtcp_round_trip] =
      per((b.roundTrips - a.roundTrips).seconds(), count(a.roundTripCount, b.roundTripCount));
  return v;
}

double vqBetween(const VideoSample& a, const VideoSample& b) {
  const Duration time = b.watched - a.watched;
  if (time == Duration{}) return std::nan("");
  quality::G1070Video input;
  input.bitrate = rateOf(b.received.decodedBytes - a.received.decodedBytes, time);
  input.framesPerSecond =
      static_cast<double>(b.received.framesDecoded - a.received.framesDecoded) / time.seconds();
  const video::Resolution size = b.received.resolution;
  if (size.pixels() > 0) input.pixels = size.pixels();
  return quality::g1070Video(input).vq;
}

// The figures of a screen have rows of their own, in the same order.
void asScreen(metrics::Values& values) {
  constexpr auto kFirst = static_cast<std::size_t>(MetricId::video_vq);
  constexpr auto kScreen = static_cast<std::size_t>(MetricId::screen_vq);
  for (std::size_t i = kFirst; i < kScreen; ++i) {
    double& value = values[static_cast<MetricId>(i)];
    values[static_cast<MetricId>(i + kScreen - kFirst)] = std::exchange(value, std::nan(""));
  }
}

// Means over stretches of the call.
void judgePicture(const std::vector<VideoSample>& samples, metrics::Values& totals) {
  double vq = 0, strict = 0, lenient = 0, time = 0;
  for (std::size_t from = 0; from + 1 < samples.size();) {
    std::size_t to = from + 1;
    while (to + 1 < samples.size() && samples[to].at < samples[from].at + kStretch) ++to;
    const double length = (samples[to].at - samples[from].at).seconds();
    const double of = vqBetween(samples[from], samples[to]);
    // Of several streams together, of one of them in the mean.
    const double streams = (samples[to].watched - samples[from].watched).seconds() / length;
    const Duration still = samples[to].received.frozen - samples[from].received.frozen;
    const quality::FreezeScore frozen = quality::freezeScore(
        of, streams > 1 ? Duration::fromSeconds(still.seconds() / streams) : still);
    vq += of * length;
    strict += frozen.strict * length;
    lenient += frozen.lenient * length;
    time += length;
    from = to;
  }
  totals[MetricId::video_vq] = vq / time;
  totals[MetricId::video_vq_freeze_strict] = strict / time;
  totals[MetricId::video_vq_freeze_lenient] = lenient / time;
}

void judgeBoth(const metrics::StreamRecord& sound, metrics::Values& totals) {
  const double toEar = sound.totals[MetricId::audio_mouth_to_ear_delay];
  const double toEye = totals[MetricId::video_capture_to_render];
  if (std::isnan(toEar) || std::isnan(toEye)) return;
  quality::G1070Speech speech;
  speech.loss = Ratio::fromDouble(sound.totals[MetricId::audio_concealed_ratio]);
  speech.oneWayDelay = Duration::fromSeconds(toEar);
  quality::G1070Multimedia both;
  both.sq = quality::g1070Speech(speech);
  both.vq = totals[MetricId::video_vq];
  both.speechDelay = speech.oneWayDelay;
  both.videoDelay = Duration::fromSeconds(toEye);
  totals[MetricId::video_mmq] = quality::g1070Multimedia(both).mmq;
}

void addHeights(const std::vector<std::pair<int, Duration>>& of,
                std::vector<std::pair<int, Duration>>& all) {
  for (const auto& one : of) {
    const auto known = std::find_if(all.begin(), all.end(),
                                    [&](const auto& each) { return each.first == one.first; });
    if (known != all.end())
      known->second += one.second;
    else
      all.push_back(one);
  }
}

// NaN where there is no verdict.
double isPoor(quality::VideoVerdict verdict) {
  if (verdict == quality::VideoVerdict::unclassified) return std::nan("");
  return verdict == quality::VideoVerdict::poor ? 1 : 0;
}

void classify(Duration length, Picture picture, metrics::StreamRecord& record) {
  metrics::Values& v = record.totals;
  quality::VideoFigures figures;
  figures.framesPerSecond = v[MetricId::video_frame_rate];
  figures.height = v[MetricId::video_frame_height];
  figures.length = length;
  figures.framesLost =
      std::max(0.0, 1 - per(v[MetricId::video_frames_decoded], v[MetricId::video_frames_sent]));
  figures.lossAfterRepair = 0;  // all that is missing is asked for, until it is of no use
  // A slide that stands is none.
  if (picture == Picture::camera)
    figures.frozenInAMinute =
        Duration::fromSeconds(v[MetricId::video_freeze_duration] / length.seconds() * 60);
  const auto judge = [&](quality::VideoClassifier classifier, MetricId metric,
                         std::vector<metrics::Exceeded>& because) {
    const quality::VideoClass result = quality::classifyVideo(
        classifier,
        picture == Picture::camera ? quality::VideoKind::camera : quality::VideoKind::screenShare,
        figures);
    v[metric] = isPoor(result.verdict);
    for (const quality::Exceeded& one : result.because)
      because.push_back({std::string{one.rule}, one.value, one.limit, std::string{one.unit}});
  };
  judge(quality::VideoClassifier::callQualityDashboard, MetricId::video_poor_by_dashboard,
        record.poorByDashboard);
  judge(quality::VideoClassifier::azureDiagnostics, MetricId::video_poor_by_diagnostics,
        record.poorByDiagnostics);
}

}  // namespace

void fillVideo(const VideoCall::Seen& seen, const std::vector<double>& offsets, Picture picture,
               const metrics::StreamRecord& sound, metrics::StreamRecord& record) {
  const std::vector<VideoSample>& samples = seen.samples;
  if (samples.size() < 2) return;
  const VideoSample &first = samples.front(), &last = samples.back();
  double target = 0, available = 0;
  for (std::size_t i = 1; i < samples.size(); ++i) {
    metrics::Window window{samples[i - 1].at - first.at, between(samples[i - 1], samples[i])};
    window.values[MetricId::video_vq] = vqBetween(samples[i - 1], samples[i]);
    const double time = (samples[i].at - samples[i - 1].at).seconds();
    target += window.values[MetricId::video_target_rate] * time;
    available += window.values[MetricId::video_available_rate] * time;
    record.windows.push_back(std::move(window));
  }
  metrics::Values& v = record.totals;
  v = between(first, last);
  const Duration length = last.at - first.at;
  if (last.watched == first.watched) return;
  v[MetricId::video_target_rate] = target / length.seconds();
  v[MetricId::video_available_rate] = available / length.seconds();
  std::vector<std::pair<int, Duration>> heights;
  Duration longest;
  receiver::DelayHistogram delays;
  for (const client::IncomingVideo* const each : seen.incoming) {
    addHeights(each->heights(), heights);
    longest = std::max(longest, each->longestFreeze());
    delays.add(each->delays());
  }
  const auto most =
      std::max_element(heights.begin(), heights.end(),
                       [](const auto& a, const auto& b) { return a.second < b.second; });
  v[MetricId::video_frame_height] = most == heights.end() ? std::nan("") : most->first;
  v[MetricId::video_longest_freeze] = longest.seconds();
  if (delays.count() > 0) {
    v[MetricId::video_one_way_delay_mean] =
        delays.sum().seconds() / static_cast<double>(delays.count());
    v[MetricId::video_one_way_delay_p95] = delays.percentile(0.95).seconds();
  }
  record.delayHistogram = delays.bins();
  judgePicture(samples, v);
  judgeBoth(sound, v);
  fillSync(offsets, record);
  classify(last.watched - first.watched, picture, record);
  if (picture == Picture::camera) return;
  asScreen(v);
  for (metrics::Window& window : record.windows) asScreen(window.values);
}

void addFreezes(const client::IncomingVideo& seen, const std::string& from, const std::string& to,
                std::vector<metrics::CallEvent>& events) {
  constexpr Duration kTold = Duration::ms(100);
  for (const client::IncomingVideo::Freeze& each : seen.freezes()) {
    const Duration length = kTold * ((each.to - each.from + kTold / 2) / kTold);
    events.push_back({each.from.sinceStart(), to, metrics::CallEventKind::freeze,
                      "video of " + from + ", " + toText(length)});
  }
}

}  // namespace callflow::sim
