#include "models/receiver/stream_meter.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <stdexcept>
#include <string>

#include "models/receiver/account.h"
#include "models/receiver/frame_ring.h"
#include "models/receiver/period.h"
#include "models/receiver/rfc3550_jitter.h"
#include "models/receiver/unheard_speech.h"

namespace callflow::receiver {
namespace {

[[noreturn]] void fail(std::int64_t sequence, const std::string& what) {
  throw std::logic_error("StreamMeter: frame " + std::to_string(sequence) + " " + what);
}

}  // namespace

std::unique_ptr<JitterBuffer> makeBuffer(const MeterConfig& config) {
  if (config.frame <= Duration{} || config.window <= Duration{}) {
    throw std::invalid_argument("StreamMeter: frame and window must be longer than nothing");
  }
  auto buffer = std::visit(
      [&](auto parameters) {
        parameters.frame = config.frame;
        return makeJitterBuffer(parameters);
      },
      config.buffer);
  MediaClocks clocks = config.clocks;
  if (std::holds_alternative<FixedBuffer>(config.buffer)) clocks.receiver = clocks.sender;
  if (clocks.sender.slow() == 0 && clocks.receiver.slow() == 0) return buffer;
  return onClocks(std::move(buffer), clocks, config.frame);
}

class StreamMeter::Impl final : public PlayoutListener {
 public:
  explicit Impl(const MeterConfig& config)
      : frames_(config.queueingElements),
        buffer_(makeBuffer(config)),
        scoreFrom_(config.scoreFrom),
        frame_(config.frame),
        beforeSending_(config.frame + quality::traits(config.codec).lookahead),
        trace_(config.trace),
        config_(config),
        account_(config_) {
    report_.queueingAt.resize(config.queueingElements);
  }

  void scoreFrom(TimePoint time) { scoreFrom_ = time; }
  void widen(std::size_t elements) {
    frames_.widen(elements);
    report_.queueingAt.resize(elements);
  }

  void sent(std::int64_t sequence, TimePoint time, DataSize size, FrameKind kind) {
    if (frames_.started() && sequence != frames_.end()) fail(sequence, "is sent out of order");
    frames_.push(sequence, time, kind);
    now_ = std::max(now_, time);
    if (time < scoreFrom_) return;
    if (!account_.begun()) account_.begin(time);
    dataSent_ += size;
    if (account_.sent(time)) closeWindows();
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
    now_ = std::max(now_, time);
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
    if (scored(frames_[carrier])) account_.redundantReceived(frames_[carrier].sent);
    if (!frames_.holds(sequence)) return;  // settled, or from before the stream
    DelayParts parts = network;
    parts[DelayCause::retransmission] += frames_[carrier].sent - frames_[sequence].sent;
    received(sequence, time, parts, queueing, 1, FrameCopy::redundant);
  }

  void dropped(std::int64_t sequence) {
    if (!frames_.holds(sequence) || frames_[sequence].network != NetworkState::onItsWay) {
      fail(sequence, "is lost and was not on its way");
    }
    Frame& frame = frames_[sequence];
    frame.network = NetworkState::lost;
    if (scored(frame)) account_.lost(frame.sent);
    settle();
  }

  void holdBack(Duration least) { buffer_->holdBack(least); }
  Standing standing() const {
    return {buffer_->delay(), newestSent_, newestAt_, heard_, heardDelays_};
  }

  StreamReport finish(std::optional<TimePoint> end) {
    end_ = end ? *end : now_;
    std::int64_t last = frames_.begin() - 1;
    for (std::int64_t sequence = frames_.begin(); sequence < frames_.end(); ++sequence) {
      if (frames_[sequence].there) last = sequence;
    }
    buffer_->finish(last, *this);
    missAtTheEnd();
    missAtFirst();
    while (!frames_.empty()) popFront();
    account_.finish(report_);
    report_.dataSent = dataSent_;
    report_.parts[DelayCause::lookahead] =
        quality::traits(config_.codec).lookahead * report_.totals.played;
    for (std::size_t i = 0; i < kNetworkCauses; ++i) {
      report_.parts[static_cast<DelayCause>(kFirstNetworkCause + i)] = causes_[i];
    }
    report_.targets = targets_.results(config_.frame);
    quality::at(report_.targets, quality::Target::reordering) =
        quality::reorderingResult(reordered_, report_.totals.received);
    report_.reordered = reordered_;
    return std::move(report_);
  }

  // PlayoutListener

  void played(std::int64_t sequence, TimePoint time, const Aim& aim) override {
    giveUpBefore(sequence, time);
    playoutFrom_ = sequence + 1;
    unheard_.clear();
    Frame& frame = frames_[sequence];
    if (!playing_ && scored(frame)) {
      if (!firstSound_) firstSound_ = time;
      firstWait_ = time - frame.received;
    }
    playing_ = true;
    frame.playout = PlayoutState::played;
    frame.played = time;
    frame.target = aim.target;
    const bool noise = beginsPause(frame.kind);
    note({noise ? PlayoutEventKind::paused : PlayoutEventKind::played,
          sequence,
          time,
          frame_,
          {},
          frame.copy});
    playoutDelay_ = time - frame.sent;
    smallestPlayoutDelay_ = std::min(smallestPlayoutDelay_, playoutDelay_);
    lastPlayedIsScored_ = scored(frame);
    if (!lastPlayedIsScored_) return;

    const Duration inBuffer = time - frame.received;
    const Duration mouthToEar = beforeSending_ + playoutDelay_;
    account_.played(time, inBuffer, mouthToEar, aim, frame.copy != FrameCopy::primary);
    ++heard_;
    heardDelays_ += mouthToEar;
    for (std::size_t i = 0; i < kNetworkCauses; ++i) causes_[i] += frame.causes[i];
    if (!frame.queued) return;
    const auto waits = frames_.waits(sequence);
    for (std::size_t i = 0; i < waits.size(); ++i) report_.queueingAt[i] += waits[i];
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
    for (std::int64_t k = std::max(playoutFrom_, frames_.begin()); k < sequence; ++k) {
      if (frames_[k].playout == PlayoutState::open) missed(frames_[k]);
    }
    for (const UnheardSpeech::Span& span : unheard_.within(time, time + length, playoutDelay_)) {
      pause(sequence, time, span.from - time);
      conceal(sequence, span.from, span.to - span.from, span.to - span.from);
      length -= span.to - time;
      time = span.to;
    }
    unheard_.clear();
    pause(sequence, time, length);
  }

  void stretched(std::int64_t sequence, Duration change) override {
    if (!lastPlayedIsScored_) return;
    note({PlayoutEventKind::stretched, sequence, {}, change, {}, {}});
    account_.stretched(change);
  }

  void discarded(std::int64_t sequence) override {
    Frame& frame = frames_[sequence];
    frame.playout = PlayoutState::givenUp;
    missed(frame);
    if (scored(frame)) account_.discarded(frame.sent);
  }

 private:
  // What was heard of scored frames.
  void note(const PlayoutEvent& event) {
    if (trace_ && scored(frames_[event.sequence])) report_.playout.push_back(event);
  }

  bool scored(const Frame& frame) const {
    return account_.begun() && frame.sent >= account_.origin();
  }

  void countOnTheWire(std::int64_t sequence, TimePoint time) {
    Frame& frame = frames_[sequence];
    frame.transit = time - frame.sent;
    smallestTransit_ = std::min(smallestTransit_, frame.transit);
    frame.change = jitter_.arrival(frame.sent, time);
    if (sequence < newestReceived_) {
      if (scored(frame)) ++reordered_;
    } else {
      newestReceived_ = sequence;
      newestSent_ = frame.sent;
      newestAt_ = time;
    }
  }

  void count(const Frame& frame, TimePoint time, Arrival arrival) {
    account_.received(frame.sent, time - frame.sent, jitter_.seconds());
    // One whose place another copy has taken is no loss to the listener.
    if (arrival == Arrival::late && frame.playout != PlayoutState::played) {
      account_.discarded(frame.sent);
    }
  }

  void checkDelays(std::int64_t sequence, Duration total, const DelayParts& network,
                   std::span<const QueueingAt> queueing) const {
    Duration sum;
    for (std::size_t i = 0; i < kNetworkCauses; ++i) {
      sum += network[static_cast<DelayCause>(kFirstNetworkCause + i)];
    }
    if (sum != total || network.sum() != total) {
      fail(sequence, "took " + std::to_string(total.count()) + " ns, but its causes add up to " +
                         std::to_string(network.sum().count()) + " ns, " +
                         std::to_string(sum.count()) + " ns of them in the network");
    }
    for (const QueueingAt& part : queueing) {
      if (part.element >= report_.queueingAt.size()) fail(sequence, "queued at an unknown element");
    }
  }

  void keepDelays(std::int64_t sequence, const DelayParts& network,
                  std::span<const QueueingAt> queueing) {
    Frame& frame = frames_[sequence];
    for (std::size_t i = 0; i < kNetworkCauses; ++i) {
      frame.causes[i] = network[static_cast<DelayCause>(kFirstNetworkCause + i)];
    }
    frame.queued = !queueing.empty();
    if (!frame.queued) return;
    const auto waits = frames_.waits(sequence);
    std::fill(waits.begin(), waits.end(), Duration{});
    for (const QueueingAt& part : queueing) waits[part.element] += part.wait;
  }

  // Frames before `sequence` whose turn will not come any more. Before anything is played they were
  // never in the buffer's sight, but they are missing all the same, as if concealed up to `until`;
  // later they are those that a full buffer passed over, and those that fell into a pause.
  void giveUpBefore(std::int64_t sequence, TimePoint until) {
    for (playoutFrom_ = std::max(playoutFrom_, frames_.begin()); playoutFrom_ < sequence;
         ++playoutFrom_) {
      Frame& frame = frames_[playoutFrom_];
      if (frame.playout != PlayoutState::open) continue;
      frame.playout = PlayoutState::givenUp;
      if (playing_) continue;
      conceal(playoutFrom_, until - config_.frame * (sequence - playoutFrom_), config_.frame, {});
    }
  }

  void conceal(std::int64_t sequence, TimePoint time, Duration length, Duration silent) {
    if (!scored(frames_[sequence])) return;
    note({PlayoutEventKind::concealed, sequence, time, length, silent, {}});
    if (!firstSound_) firstSound_ = std::max(time, account_.origin());
    account_.concealed(time, length, silent);
  }

  void pause(std::int64_t sequence, TimePoint time, Duration length) {
    if (length == Duration{}) return;
    note({PlayoutEventKind::paused, sequence, time, length, {}, {}});
    account_.paused(time, length);
  }

  void missed(const Frame& frame) {
    if (!beginsPause(frame.kind) && scored(frame)) unheard_.add(frame.sent, config_.frame);
  }

  // After the last frame that was played. What was lost is missing for sure. What is still on its
  // way is neither lost nor late, but where it should have been heard by now, nothing was: the
  // listener goes by the shortest delay of the stream, so that a backlog that is still being
  // played leaves no gap.
  void missAtTheEnd() {
    bool waiting = false;
    TimePoint silentUntil;
    for (std::int64_t k = std::max(playoutFrom_, frames_.begin()); k < frames_.end(); ++k) {
      Frame& frame = frames_[k];
      if (frame.playout != PlayoutState::open || !scored(frame)) continue;
      waiting = waiting || frame.network == NetworkState::onItsWay;
      if (!waiting) frame.playout = PlayoutState::givenUp;
      if (beginsPause(frame.kind)) continue;
      const Duration delay = !playing_ ? Duration{}
                             : waiting ? smallestPlayoutDelay_
                                       : playoutDelay_;
      const TimePoint due = frame.sent + delay;
      TimePoint from = waiting ? std::max(due, account_.heardUntil()) : due;
      // A sender's clock that goes slow leaves no sound between its frames.
      if (from > silentUntil && from - silentUntil < config_.frame / 2) from = silentUntil;
      const TimePoint until = waiting ? std::min(due + config_.frame, end_) : due + config_.frame;
      if (from >= until) continue;
      // A pause is a frame or longer, what the clocks are off far less.
      if (from - account_.heardUntil() >= config_.frame / 2) account_.endRun();
      conceal(k, from, until - from, until - from);
      silentUntil = until;
    }
  }

  // Before the first frame that was played: what was sent without getting through.
  void missAtFirst() {
    if (!firstWait_) return;
    const TimePoint due = account_.origin() + smallestTransit_ + *firstWait_;
    firstWait_.reset();
    const Duration length = *firstSound_ - due;
    if (length < kInterruptionLength) return;
    if (config_.trace) {
      report_.playout.insert(report_.playout.begin(),
                             {PlayoutEventKind::concealed, report_.playout.front().sequence, due,
                              length, length, FrameCopy::primary});
    }
    account_.silentAtFirst(due, length);
  }

  void closeWindows() {
    // How late the first sound was shows when others have come sooner.
    if (firstWait_ && now_ - *firstSound_ < Duration::s(1)) return;
    missAtFirst();
    const Frame& oldest = frames_[frames_.begin()];
    account_.closeWindows(scored(oldest) ? oldest.sent : account_.origin());
  }

  void settle() {
    while (!frames_.empty() && frames_[frames_.begin()].settled()) popFront();
  }

  void popFront() {
    if (trace_) report_.trace.push_back(story(frames_.begin()));
    const Frame& frame = frames_[frames_.begin()];
    if (scored(frame) && frame.network == NetworkState::received) {
      targets_.received(frame.sent, frame.transit, frame.change);
    } else if (scored(frame) && frame.network == NetworkState::lost) {
      targets_.lost(frame.sent);
    } else if (scored(frame)) {
      targets_.onItsWay(frame.sent, end_ - frame.sent);  // only at the end is it popped like this
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
      out.fate = FrameFate::inFlight;
    } else if (frame.network == NetworkState::received || frame.there) {
      out.fate = frame.playout == PlayoutState::played ? FrameFate::played : FrameFate::late;
      for (std::size_t i = 0; i < kNetworkCauses; ++i) {
        out.network[static_cast<DelayCause>(kFirstNetworkCause + i)] = frame.causes[i];
      }
    }
    return out;
  }

  // What every frame touches stands first: with many streams it comes from memory anew.
  FrameRing frames_;
  std::unique_ptr<JitterBuffer> buffer_;
  TimePoint now_;  // of what was told last
  TimePoint scoreFrom_;
  Duration frame_;
  Duration beforeSending_;  // capture of a frame, and the encoder's lookahead
  DataSize dataSent_;
  Rfc3550Jitter jitter_;
  std::array<Duration, kNetworkCauses> causes_{};  // sums over played frames
  bool trace_;
  bool playing_ = false;
  // All frames before it have been played or given up.
  std::int64_t playoutFrom_ = std::numeric_limits<std::int64_t>::min();
  // From sending to playout: of the frame played last, and the smallest.
  Duration playoutDelay_, smallestPlayoutDelay_ = Duration::max();
  bool lastPlayedIsScored_ = false;
  Duration smallestTransit_ = Duration::max();
  std::optional<TimePoint> firstSound_;  // of scored frames
  std::optional<Duration> firstWait_;    // of the first frame in the buffer, if nothing was before
  UnheardSpeech unheard_;                // since something was played
  std::int64_t newestReceived_ = std::numeric_limits<std::int64_t>::min();
  TimePoint newestSent_, newestAt_;  // of this one
  std::int64_t heard_ = 0;           // scored frames
  Duration heardDelays_;
  std::int64_t reordered_ = 0;  // scored packets received after one sent later

  const MeterConfig config_;
  Account account_;
  quality::NetworkTargets targets_;
  StreamReport report_;
  TimePoint end_;  // of the simulation
};

StreamMeter::StreamMeter(const MeterConfig& config) : impl_(std::make_unique<Impl>(config)) {}
StreamMeter::~StreamMeter() = default;
StreamMeter::StreamMeter(StreamMeter&&) noexcept = default;
StreamMeter& StreamMeter::operator=(StreamMeter&&) noexcept = default;

void StreamMeter::widen(std::size_t elements) {
  impl_->widen(elements);
}

void StreamMeter::scoreFrom(TimePoint time) {
  impl_->scoreFrom(time);
}

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

void StreamMeter::dropped(std::int64_t sequence) {
  impl_->dropped(sequence);
}

void StreamMeter::holdBack(Duration least) {
  impl_->holdBack(least);
}

Standing StreamMeter::standing() const {
  return impl_->standing();
}

StreamReport StreamMeter::finish(std::optional<TimePoint> end) {
  return impl_->finish(end);
}

}  // namespace callflow::receiver
