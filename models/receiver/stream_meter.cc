#include "models/receiver/stream_meter.h"

#include <algorithm>
#include <cmath>
#include <deque>
#include <limits>
#include <optional>
#include <stdexcept>
#include <string>

#include "models/quality/recency.h"
#include "models/receiver/frame_ring.h"
#include "models/receiver/period.h"
#include "models/receiver/rfc3550_jitter.h"

namespace callflow::receiver {
namespace {

std::unique_ptr<JitterBuffer> makeBuffer(const MeterConfig& config) {
  if (config.frame <= Duration{} || config.window <= Duration{}) {
    throw std::invalid_argument("StreamMeter: frame and window must be longer than nothing");
  }
  return std::visit(
      [&](auto parameters) {
        parameters.frame = config.frame;
        return makeJitterBuffer(parameters);
      },
      config.buffer);
}

[[noreturn]] void fail(std::int64_t sequence, const std::string& what) {
  throw std::logic_error("StreamMeter: frame " + std::to_string(sequence) + " " + what);
}

}  // namespace

class StreamMeter::Impl final : public PlayoutListener {
 public:
  explicit Impl(const MeterConfig& config)
      : config_(config),
        lookahead_(quality::traits(config.codec).lookahead),
        buffer_(makeBuffer(config)),
        frames_(config.queueingElements) {
    report_.queueingAt.resize(config.queueingElements);
  }

  void sent(std::int64_t sequence, TimePoint time, DataSize size, FrameKind kind) {
    if (frames_.started() && sequence != frames_.end()) fail(sequence, "is sent out of order");
    frames_.push(sequence, time, kind);
    if (time < config_.scoreFrom) return;
    if (!origin_) {
      origin_ = time;
      open_.emplace_back();
    }
    report_.dataSent += size;
    const std::int64_t window = windowOf(time);
    if (window >= firstOpen_ + static_cast<std::int64_t>(open_.size())) {
      while (window >= firstOpen_ + static_cast<std::int64_t>(open_.size())) open_.emplace_back();
      closeSettledWindows();
    }
    lastScored_ = time;
    totals_.sent();
    at(window).sent();
  }

  void received(std::int64_t sequence, TimePoint time, const DelayParts& network,
                std::span<const QueueingAt> queueing, std::int32_t copies, FrameCopy copy) {
    if (sequence < frames_.begin() && frames_.started()) return;  // a copy of a settled frame
    if (!frames_.holds(sequence)) fail(sequence, "is received and was not sent");
    const bool primary = copy == FrameCopy::primary;
    if (primary) {
      if (frames_[sequence].network == NetworkState::received) return;
      if (frames_[sequence].network == NetworkState::lost)
        fail(sequence, "is received after its loss");
      countOnTheWire(sequence, time);
    }
    const Frame& before = frames_[sequence];
    const TimePoint sentAt = before.sent;
    checkDelays(sequence, time - sentAt, network, queueing);
    // The frame is still not `there` in what the buffer reports from here: all that is older than
    // its arrival. Nothing reported can take it out of the ring.
    const Arrival arrival = buffer_->arrived({sequence, sentAt, time, before.kind, copy}, *this);
    Frame& frame = frames_[sequence];
    const bool taken = arrival == Arrival::buffered || arrival == Arrival::replaced;
    if (taken || (primary && !frame.there)) {
      keepDelays(sequence, network, queueing);
      frame.received = time;
      frame.copies = copies;
    }
    if (taken) {
      frame.there = true;
      frame.copy = copy;
    }
    if (primary) frame.network = NetworkState::received;
    if (primary && scored(frame)) count(frame, time, arrival);
    settle();
  }

  void receivedWithin(std::int64_t carrier, std::int64_t sequence, TimePoint time,
                      const DelayParts& network, std::span<const QueueingAt> queueing) {
    if (!frames_.holds(carrier)) return;  // a copy of a settled frame
    if (scored(frames_[carrier])) {
      totals_.redundantReceived();
      at(windowOf(frames_[carrier].sent)).redundantReceived();
    }
    if (!frames_.holds(sequence)) return;  // settled, or from before the stream
    DelayParts parts = network;
    parts[DelayCause::retransmission] += frames_[carrier].sent - frames_[sequence].sent;
    received(sequence, time, parts, queueing, 1, FrameCopy::redundant);
  }

  std::int64_t packetsReceived() const { return packetsReceived_; }
  std::int64_t packetsLost() const { return packetsLost_; }

  void dropped(std::int64_t sequence) {
    if (!frames_.holds(sequence) || frames_[sequence].network != NetworkState::onItsWay) {
      fail(sequence, "is lost and was not on its way");
    }
    Frame& frame = frames_[sequence];
    frame.network = NetworkState::lost;
    ++packetsLost_;
    if (scored(frame)) {
      totals_.lost();
      at(windowOf(frame.sent)).lost();
    }
    settle();
  }

  StreamReport finish() {
    std::int64_t last = frames_.begin() - 1;
    for (std::int64_t sequence = frames_.begin(); sequence < frames_.end(); ++sequence) {
      if (frames_[sequence].network != NetworkState::onItsWay) last = sequence;
    }
    buffer_->finish(last, *this);
    // If the buffer never got anything: nothing came out, at no time.
    giveUpBefore(last + 1, TimePoint::max());
    while (!frames_.empty()) popFront();
    while (!open_.empty()) closeFrontWindow();
    report_.totals = totals_.finish(config_, Period::JitterOf::largest);
    scoreTotals();
    report_.targets = targets_.results(config_.frame);
    quality::at(report_.targets, quality::Target::reordering) =
        quality::reorderingResult(reordered_, report_.totals.received);
    report_.reordered = reordered_;
    dropShortLastWindow();
    report_.delayHistogram = totals_.delays().bins();
    return std::move(report_);
  }

  // PlayoutListener

  void played(std::int64_t sequence, TimePoint time, const Aim& aim) override {
    giveUpBefore(sequence, time);
    playoutFrom_ = sequence + 1;
    playing_ = true;
    Frame& frame = frames_[sequence];
    frame.playout = PlayoutState::played;
    frame.played = time;
    frame.target = aim.target;
    const bool noise = frame.kind == FrameKind::comfort_noise;
    note({noise ? PlayoutEventKind::paused : PlayoutEventKind::played,
          sequence,
          time,
          config_.frame,
          {},
          frame.copy});
    run_ = Duration{};
    if (!scored(frame)) return;

    const Duration inBuffer = time - frame.received;
    const Duration mouthToEar = config_.frame + lookahead_ + (time - frame.sent);
    Period& window = at(windowOf(frame.sent));
    totals_.played(inBuffer, mouthToEar, aim);
    window.played(inBuffer, mouthToEar, aim);
    if (frame.copy != FrameCopy::primary) {
      totals_.recovered();
      window.recovered();
    }
    DelayParts& parts = report_.parts;
    parts[DelayCause::packetization] += config_.frame;
    parts[DelayCause::lookahead] += lookahead_;
    parts[DelayCause::jitter_buffer] += inBuffer;
    const auto row = frames_.row(sequence);
    for (std::size_t i = 0; i < networkCauses; ++i) {
      parts[static_cast<DelayCause>(firstNetworkCause + i)] += row[i];
    }
    for (std::size_t i = 0; i < report_.queueingAt.size(); ++i) {
      report_.queueingAt[i] += row[networkCauses + i];
    }
    report_.totalDelay += mouthToEar;
  }

  void concealed(std::int64_t sequence, TimePoint time, Duration length, Duration silent) override {
    if (!frames_.holds(sequence)) return;  // the source has stopped: nothing is missing
    giveUpBefore(sequence, time);
    conceal(sequence, time, length, silent);
    // One that is there is only waited for, and played next.
    Frame& frame = frames_[sequence];
    if (!frame.there) {
      frame.playout = PlayoutState::givenUp;
      playoutFrom_ = sequence + 1;
    }
  }

  void paused(std::int64_t sequence, TimePoint time, Duration length) override {
    if (!frames_.holds(sequence) || !scored(frames_[sequence])) return;
    note({PlayoutEventKind::paused, sequence, time, length, {}, {}});
    run_ = Duration{};
    totals_.paused(length);
    at(windowOf(frames_[sequence].sent)).paused(length);
  }

  void stretched(std::int64_t sequence, Duration change) override {
    note({PlayoutEventKind::stretched, sequence, {}, change, {}, {}});
    const Frame& frame = frames_[sequence];
    if (!scored(frame)) return;
    totals_.stretched(change);
    at(windowOf(frame.sent)).stretched(change);
  }

  void discarded(std::int64_t sequence) override {
    Frame& frame = frames_[sequence];
    frame.playout = PlayoutState::givenUp;
    if (scored(frame)) countDiscarded(frame);
  }

 private:
  // What was heard of scored frames.
  void note(const PlayoutEvent& event) {
    if (config_.trace && scored(frames_[event.sequence])) report_.playout.push_back(event);
  }

  bool scored(const Frame& frame) const { return origin_ && frame.sent >= *origin_; }
  std::int64_t windowOf(TimePoint time) const { return (time - *origin_) / config_.window; }
  Period& at(std::int64_t window) { return open_[static_cast<std::size_t>(window - firstOpen_)]; }

  void countOnTheWire(std::int64_t sequence, TimePoint time) {
    Frame& frame = frames_[sequence];
    frame.transit = time - frame.sent;
    frame.change = jitter_.arrival(frame.sent, time);
    ++packetsReceived_;
    if (sequence < newestReceived_) {
      if (scored(frame)) ++reordered_;
    } else {
      newestReceived_ = sequence;
    }
  }

  void count(const Frame& frame, TimePoint time, Arrival arrival) {
    Period& window = at(windowOf(frame.sent));
    totals_.received(time - frame.sent, jitter_.seconds());
    window.received(time - frame.sent, jitter_.seconds());
    // One whose place another copy has taken is no loss to the listener.
    if (arrival == Arrival::late && frame.playout != PlayoutState::played) countDiscarded(frame);
  }

  void checkDelays(std::int64_t sequence, Duration total, const DelayParts& network,
                   std::span<const QueueingAt> queueing) const {
    Duration sum;
    for (std::size_t i = 0; i < networkCauses; ++i) {
      sum += network[static_cast<DelayCause>(firstNetworkCause + i)];
    }
    if (sum != total || network.sum() != total) {
      fail(sequence, "took " + std::to_string(total.count()) + " ns, but its causes add up to " +
                         std::to_string(network.sum().count()) + " ns, " +
                         std::to_string(sum.count()) + " ns of them in the network");
    }
    for (const QueueingAt& part : queueing) {
      if (part.element >= config_.queueingElements) fail(sequence, "queued at an unknown element");
    }
  }

  void keepDelays(std::int64_t sequence, const DelayParts& network,
                  std::span<const QueueingAt> queueing) {
    const auto row = frames_.row(sequence);
    std::fill(row.begin() + networkCauses, row.end(), Duration{});
    for (std::size_t i = 0; i < networkCauses; ++i) {
      row[i] = network[static_cast<DelayCause>(firstNetworkCause + i)];
    }
    for (const QueueingAt& part : queueing) row[networkCauses + part.element] += part.wait;
  }

  // Frames before `sequence` whose turn will not come any more. Before anything is played they were
  // never in the buffer's sight, but they are missing all the same, as if concealed up to `until`;
  // later they are those that a full buffer passed over.
  void giveUpBefore(std::int64_t sequence, TimePoint until) {
    for (playoutFrom_ = std::max(playoutFrom_, frames_.begin()); playoutFrom_ < sequence;
         ++playoutFrom_) {
      Frame& frame = frames_[playoutFrom_];
      if (frame.playout != PlayoutState::open) continue;
      frame.playout = PlayoutState::givenUp;
      if (playing_) continue;
      const bool heard = until != TimePoint::max();
      conceal(playoutFrom_, heard ? until - config_.frame * (sequence - playoutFrom_) : until,
              config_.frame, {});
    }
  }

  void conceal(std::int64_t sequence, TimePoint time, Duration length, Duration silent) {
    const Frame& frame = frames_[sequence];
    if (!scored(frame)) return;
    note({PlayoutEventKind::concealed, sequence, time, length, silent, {}});
    const std::int64_t window = windowOf(frame.sent);
    const bool newRun = run_ == Duration{};
    totals_.concealed(length, silent, newRun);
    at(window).concealed(length, silent, newRun || window != lastConcealedIn_);
    lastConcealedIn_ = window;
    if (newRun) runBeganIn_ = window;
    run_ += length;
    totals_.runGrew(run_, length);
    at(runBeganIn_).runGrew(run_, length);
  }

  void countDiscarded(const Frame& frame) {
    totals_.discarded();
    at(windowOf(frame.sent)).discarded();
  }

  void settle() {
    while (!frames_.empty() && frames_[frames_.begin()].settled()) popFront();
  }

  void popFront() {
    if (config_.trace) report_.trace.push_back(story(frames_.begin()));
    const Frame& frame = frames_[frames_.begin()];
    if (scored(frame) && frame.network == NetworkState::received) {
      targets_.received(frame.sent, frame.transit, frame.change);
    } else if (scored(frame) && frame.network == NetworkState::lost) {
      targets_.lost(frame.sent);
    }
    const bool known = frame.network != NetworkState::onItsWay || frame.there;
    if (scored(frame) && known) {
      const bool heard = frame.playout == PlayoutState::played;
      if (totals_.settled(heard)) addSegment(totals_.burstGap().lastBurst());
      anySettled_ = true;
      at(windowOf(frame.sent)).settled(heard);
    }
    frames_.pop();
  }

  FrameStory story(std::int64_t sequence) {
    const Frame& frame = frames_[sequence];
    FrameStory out{.sequence = sequence,
                   .sent = frame.sent,
                   .received = frame.received,
                   .played = frame.played,
                   .fate = FrameFate::lost,
                   .target = frame.target,
                   .copies = frame.copies,
                   .network = {}};
    if (frame.network == NetworkState::onItsWay && !frame.there) {
      out.fate = FrameFate::in_flight;
    } else if (frame.network == NetworkState::received || frame.there) {
      out.fate = frame.playout == PlayoutState::played ? FrameFate::played : FrameFate::late;
      const auto row = frames_.row(sequence);
      for (std::size_t i = 0; i < networkCauses; ++i) {
        out.network[static_cast<DelayCause>(firstNetworkCause + i)] = row[i];
      }
    }
    return out;
  }

  // A window is over when all its frames are settled, and no run that began in it may still grow.
  void closeSettledWindows() {
    const std::int64_t oldest =
        scored(frames_[frames_.begin()]) ? windowOf(frames_[frames_.begin()].sent) : firstOpen_;
    while (firstOpen_ < oldest && (run_ == Duration{} || runBeganIn_ != firstOpen_)) {
      closeFrontWindow();
    }
  }

  void closeFrontWindow() {
    if (open_.front().sentCount() > 0) {
      report_.windows.push_back(
          {config_.window * firstOpen_, open_.front().finish(config_, Period::JitterOf::end)});
    }
    open_.pop_front();
    ++firstOpen_;
  }

  // The E-model's parameters come from listening tests of about a window's length, so the stream's
  // rating is the mean of its windows' ratings, each with the weight of its frames.
  void scoreTotals() {
    double weight = 0;
    quality::Score mean = report_.totals.score;
    mean.r = mean.rListening = mean.mos = mean.mosListening = mean.idd = mean.ieEff = 0;
    for (const WindowStats& window : report_.windows) {
      const quality::Score& score = window.stats.score;
      if (std::isnan(score.r)) continue;
      const auto frames = static_cast<double>(window.stats.sent);
      weight += frames;
      mean.r += frames * score.r;
      mean.rListening += frames * score.rListening;
      mean.mos += frames * score.mos;
      mean.mosListening += frames * score.mosListening;
      mean.idd += frames * score.idd;
      mean.ieEff += frames * score.ieEff;
      mean.outOfRange |= score.outOfRange;
    }
    if (weight == 0) return;
    for (double* part :
         {&mean.r, &mean.rListening, &mean.mos, &mean.mosListening, &mean.idd, &mean.ieEff}) {
      *part /= weight;
    }
    report_.totals.score = mean;
    if (anySettled_) scoreRecency();
  }

  void addSegment(const quality::GapAndBurst& packets) {
    recency_.add(quality::segmentOf(packets, config_.frame, quality::traits(config_.codec).scale,
                                    quality::parameters(config_.codec, config_.bitrate)));
  }

  void scoreRecency() {
    const auto rest = totals_.burstGap().rest();
    if (rest.burst.burst > 0) addSegment(rest.burst);
    if (rest.gap.gap > 0) addSegment(rest.gap);
    const quality::Score& score = report_.totals.score;
    PeriodStats& totals = report_.totals;
    totals.rRecency = quality::bestR(score.scale) - recency_.result().end - score.idd;
    totals.mosRecency = quality::mosFromR(score.scale, totals.rRecency);
  }

  void dropShortLastWindow() {
    if (report_.windows.size() < 2) return;
    const Duration covered =
        lastScored_ + config_.frame - (*origin_ + report_.windows.back().start);
    if (covered * 2 < config_.window) report_.windows.pop_back();
  }

  MeterConfig config_;
  Duration lookahead_;
  std::unique_ptr<JitterBuffer> buffer_;
  FrameRing frames_;
  Rfc3550Jitter jitter_;
  StreamReport report_;

  std::optional<TimePoint> origin_;  // first scored frame
  TimePoint lastScored_;
  Period totals_;
  std::deque<Period> open_;  // windows from firstOpen_ on
  std::int64_t firstOpen_ = 0;

  std::int64_t packetsReceived_ = 0, packetsLost_ = 0;
  bool playing_ = false;
  // All frames before it have been played or given up.
  std::int64_t playoutFrom_ = std::numeric_limits<std::int64_t>::min();
  Duration run_;  // scored sound made up since the last frame was played
  std::int64_t runBeganIn_ = 0;
  std::int64_t lastConcealedIn_ = 0;
  std::int64_t newestReceived_ = std::numeric_limits<std::int64_t>::min();
  std::int64_t reordered_ = 0;  // scored packets received after one sent later
  quality::NetworkTargets targets_;
  quality::RecencyModel recency_;  // of the bursts that are over
  bool anySettled_ = false;        // of the scored frames
};

StreamMeter::StreamMeter(const MeterConfig& config) : impl_(std::make_unique<Impl>(config)) {}
StreamMeter::~StreamMeter() = default;
StreamMeter::StreamMeter(StreamMeter&&) noexcept = default;
StreamMeter& StreamMeter::operator=(StreamMeter&&) noexcept = default;

void StreamMeter::sent(std::int64_t sequence, TimePoint time, DataSize size, FrameKind kind) {
  impl_->sent(sequence, time, size, kind);
}

void StreamMeter::received(std::int64_t sequence, TimePoint time, const DelayParts& network,
                           std::span<const QueueingAt> queueing, std::int32_t copies,
                           FrameCopy copy) {
  impl_->received(sequence, time, network, queueing, copies, copy);
}

void StreamMeter::receivedWithin(std::int64_t carrier, std::int64_t sequence, TimePoint time,
                                 const DelayParts& network, std::span<const QueueingAt> queueing) {
  impl_->receivedWithin(carrier, sequence, time, network, queueing);
}

std::int64_t StreamMeter::packetsReceived() const {
  return impl_->packetsReceived();
}

std::int64_t StreamMeter::packetsLost() const {
  return impl_->packetsLost();
}

void StreamMeter::dropped(std::int64_t sequence) {
  impl_->dropped(sequence);
}

StreamReport StreamMeter::finish() {
  return impl_->finish();
}

}  // namespace callflow::receiver
