// NetEq: buffer, 10 ms clock, and the bookkeeping of what is decoded, made up and stretched. The
// target is DelayManager's, the decision decide()'s, the fading Expansion's.
#include <algorithm>
#include <cmath>

#include "models/fabric/random.h"
#include "models/receiver/arrival_history.h"
#include "models/receiver/delay_manager.h"
#include "models/receiver/expansion.h"
#include "models/receiver/frame_store.h"
#include "models/receiver/jitter_buffer.h"
#include "models/receiver/playout_policy.h"

namespace callflow::receiver {
namespace {

// libwebrtc, modules/audio_coding/neteq/neteq_impl.cc.
constexpr Duration kTick = Duration::ms(10);            // kOutputSizeMs
constexpr Duration kStretchInput = Duration::ms(30);    // sound that stretching works on
constexpr Duration kStretchSpacing = Duration::ms(50);  // kMinTimescaleInterval ticks
constexpr std::size_t kCapacity = 200;                  // max_packets_in_buffer
constexpr Duration kSample = Duration::us(125);         // pitch is looked for at 8 kHz
constexpr Duration kOverlap = kSample * 5;              // expand.cc: overlap_length_

class NetEqJitterBuffer final : public JitterBuffer {
 public:
  explicit NetEqJitterBuffer(const NetEqBuffer& config)
      : frame_(config.frame),
        stretchRule_(config.parameters.stretch),
        random_("neteq", config.draws),
        phase_(config.phase ? *config.phase : Duration::ns(draw(kTick.count()))),
        delays_(config.parameters, config.initial),
        config_(config) {
    setTarget();
  }

  Arrival arrived(const ArrivedFrame& frame, PlayoutListener& listener) override {
    if (!started_) start(frame);
    while (nextTick_ < frame.received) step(listener);
    const TimePoint stamp = nextTick_ - kTick;  // the tick that it came after
    Arrival result = Arrival::late;
    bool flushed = false;
    if (frame.sequence >= next_ || moveStartTo(frame)) {
      flushed = frames_.count() >= kCapacity;
      if (flushed) flush(frame, listener);
      result = frames_.insert(frame.sequence, {frame.sent, stamp, frame.kind, frame.copy});
      if (result == Arrival::buffered && beginsPause(frame.kind)) {
        ++comfortNoiseHeld_;
      }
    }
    if (flushed) return result;
    // A late frame tells as much about the network as any.
    if (const auto delay = history_.insert(frame.sequence, frame.sent, stamp)) {
      delays_.update(delay->relative, delay->reordered, stamp);
      setTarget();
    }
    return result;
  }

  void advance(TimePoint now, PlayoutListener& listener) override {
    while (started_ && nextTick_ < now) step(listener);
  }

  void finish(std::int64_t last, PlayoutListener& listener) override {
    while (!frames_.empty()) step(listener);
    for (; started_ && next_ <= last; ++next_) {
      listener.concealed(next_, soundEnd_, frame_, {});
      soundEnd_ += frame_;
    }
  }

  Duration target() const override { return target_; }

  // libwebrtc: NetEqDelayConstraints::SetMinimumDelay().
  void holdBack(Duration least) override {
    heldBack_ = least;
    synchronized_ = true;
    setTarget();
  }
  // libwebrtc: NetEqImpl::FilteredCurrentDelayMs().
  std::optional<Duration> delay() const override {
    return synchronized_ && started_ ? std::optional(level_ + sound_) : std::nullopt;
  }

 private:
  void start(const ArrivedFrame& frame) {
    started_ = true;
    next_ = frame.sequence;
    mediaEnd_ = frame.sent;
    const std::int64_t passed =
        (frame.received.sinceStart() - phase_ + kTick - Duration::ns(1)) / kTick;
    nextTick_ = TimePoint::at(phase_ + kTick * passed);
    restart();
  }

  // As after a flush and at the beginning: the next frame held is played at once.
  void restart() {
    resync_ = true;
    stretchFrom_ = nextTick_ + kStretchSpacing + kTick;
    justStretched_ = false;
    history_.reset();
    delays_.reset(config_.parameters);
    setTarget();
  }

  void setTarget() {
    // Never more than three quarters of what the buffer can hold.
    const Duration most = frame_ * (static_cast<std::int64_t>(kCapacity) * 3 / 4);
    const Duration least = std::max(config_.minimum, heldBack_);
    target_ = std::min(most, std::clamp(delays_.target(), least, std::max(least, config_.maximum)));
  }

  // Before anything is played, a frame from before the first that came takes its place.
  bool moveStartTo(const ArrivedFrame& frame) {
    if (played_) return false;
    next_ = frame.sequence;
    return true;
  }

  void flush(const ArrivedFrame& frame, PlayoutListener& listener) {
    while (!frames_.empty()) {
      const std::int64_t head = frames_.head();
      frames_.takeHead();
      listener.discarded(head);
    }
    comfortNoiseHeld_ = 0;
    next_ = frame.sequence;
    restart();
  }

  // One tick of the clock: 10 ms of sound leave.
  void step(PlayoutListener& listener) {
    const TimePoint now = nextTick_;
    nextTick_ += kTick;
    if (justStretched_) {
      stretchFrom_ = now + kStretchSpacing;
      justStretched_ = false;
    }
    if (stretchRule_ == StretchRule::bufferLevel || synchronized_) filterLevel();
    // Nothing can happen while there is sound and no frame could be stretched.
    if (sound_ < kTick || (!frames_.empty() && !resync_ && mayAct(now))) operate(now, listener);
    sound_ -= kTick;
    if (last_ == PlayoutMode::voice) {
      noiseSince_ = TimePoint::max();
    } else if (noiseSince_ == TimePoint::max()) {
      noiseSince_ = now;
    }
  }

  // A cheap test that leaves the decision to decide().
  bool mayAct(TimePoint now) const {
    return now >= stretchFrom_ || last_ != PlayoutMode::voice ||
           stretchRule_ == StretchRule::bufferLevel ||
           history_.delayAt(mediaEnd_ - sound_, now) >= target_ * 4;
  }

  void operate(TimePoint now, PlayoutListener& listener) {
    act(now, listener);
    if (sound_ < kTick) expand();  // frames shorter than a kTick, and the next is not there
  }

  void act(TimePoint now, PlayoutListener& listener) {
    if (resync_ && !frames_.empty()) {
      resync_ = false;
      last_ = played_ ? last_ : PlayoutMode::voice;
      decode(now, sound_, kTick, listener);
      return;
    }
    const Operation operation = decision(now);
    switch (operation) {
      case Operation::normal:
        if (sound_ < kTick) decode(now, sound_, kTick, listener);
        return;
      case Operation::expand:
        if (sound_ < kTick) expand();
        return;
      case Operation::comfortNoise:
        if (sound_ < kTick) pause(now);
        return;
      case Operation::merge:
        merge(now, listener);
        return;
      case Operation::accelerate:
        accelerate(now, listener);
        return;
      case Operation::preemptive:
        preempt(now, listener);
        return;
    }
  }

  Operation decision(TimePoint now) {
    PlayoutStatus status;
    status.last = last_;
    status.ended = ended_;
    status.target = target_;
    if (noiseSince_ != TimePoint::max()) status.generated = now - noiseSince_;
    if (frames_.empty()) return decide(status, stretchRule_);
    const HeldFrame& head = frames_.at(frames_.head());
    const HeldFrame& newest = frames_.at(frames_.newest());
    status.frameHeld = true;
    status.leap = head.sent - mediaEnd_;
    status.span = newest.sent - head.sent + (now - newest.stored);
    status.comfortNoiseHeld = comfortNoiseHeld_ > 0;
    status.faded = expansion_.faded();
    status.stretchAllowed = now >= stretchFrom_;
    status.playoutDelay = history_.delayAt(mediaEnd_ - sound_, now);
    status.largestDelay = history_.largest();
    status.level = level_;
    const Operation operation = decide(status, stretchRule_);
    const bool alters = operation == Operation::merge || operation == Operation::accelerate ||
                        operation == Operation::preemptive;
    return alters && beginsPause(head.kind) ? Operation::normal : operation;
  }

  // Takes frames that follow each other until there is `required` of new sound; it starts when
  // `lead` more has been played.
  Duration decode(TimePoint now, Duration lead, Duration required, PlayoutListener& listener) {
    Duration decoded;
    bool more = true;
    const Aim aim{target_, delays_.target()};
    while (more && decoded < required) {
      const std::int64_t sequence = frames_.head();
      const HeldFrame frame = frames_.takeHead();
      const TimePoint at = now + lead + decoded;
      reportGap(sequence, at, listener);
      listener.played(sequence, at, aim);
      lastPlayed_ = sequence;
      played_ = true;
      next_ = sequence + 1;
      decoded += frame_;
      soundEnd_ = at + frame_;
      if (beginsPause(frame.kind)) {
        --comfortNoiseHeld_;
        last_ = PlayoutMode::comfortNoise;
        noiseSince_ = now;
        ended_ = frame.kind == FrameKind::end;
        pauseEnd_ = soundEnd_;
        mediaEnd_ = frame.sent;  // its sound stands in for what follows: the clock does not advance
        break;
      }
      last_ = PlayoutMode::voice;
      quiet_ = frame.kind == FrameKind::quiet;
      mediaEnd_ = frame.sent + frame_;
      more = !frames_.empty() && frames_.at(frames_.head()).sent == mediaEnd_;
    }
    sound_ = lead + decoded;
    return decoded;
  }

  // Makes up sound until there is enough for a tick.
  void expand() {
    if (last_ != PlayoutMode::madeUp) {
      expansion_.begin(period());
      noiseOnly_ = last_ == PlayoutMode::comfortNoise;
      silent_ = Duration{};
    }
    while (sound_ < kTick) {
      expansion_.extend();
      sound_ += expansion_.period();
      if (noiseOnly_ || expansion_.silent()) silent_ += expansion_.period();
    }
    last_ = PlayoutMode::madeUp;
  }

  void pause(TimePoint now) {
    while (sound_ < kTick) sound_ += frame_;
    pauseEnd_ = now + sound_;
    last_ = PlayoutMode::comfortNoise;
  }

  // The next frame is laid over made-up sound where the two agree best: that ends earlier or later
  // by up to a period. merge.cc looks within 15 ms, from where a whole tick will be filled. What is
  // laid over counts from the sound that was heard last, while sound_ leaves out the overlap that
  // the buffer keeps for the next cross-fade: so it may start that much before `now`.
  void merge(TimePoint now, PlayoutListener& listener) {
    const HeldFrame& head = frames_.at(frames_.head());
    const bool justCame = head.stored + kTick >= now;  // not played before it was there
    const Duration earliest = std::max(
        {justCame ? Duration{} : -kOverlap, soundEnd_ - now, std::max(sound_, kTick) - frame_});
    const Duration latest = std::max(earliest, expansion_.period() - kOverlap);
    // Where one of the two is quiet, nothing correlates, and the first place is taken as the best.
    const bool quiet = quiet_ || head.kind == FrameKind::quiet;
    const std::int64_t choices = quiet ? 0 : (latest - earliest) / kSample;
    const Duration lead = earliest + kSample * draw(choices + 1);
    // What was made up beyond that is thrown away; if it was noise, that part of it.
    silent_ = std::max(Duration{}, silent_ - std::max(Duration{}, sound_ - lead));
    decode(now, lead, kTick, listener);
  }

  void accelerate(TimePoint now, PlayoutListener& listener) {
    if (sound_ < kStretchInput) {
      if (sound_ >= kTick && frame_ >= kStretchInput) return;  // would hold too much
      const bool first = sound_ < kTick * 2 && frame_ < kStretchInput;
      decode(now, sound_, first ? kTick * 2 : kTick, listener);
      if (first || sound_ < kStretchInput || last_ != PlayoutMode::voice) return;
    }
    stretch(-1, listener);
  }

  void preempt(TimePoint now, PlayoutListener& listener) {
    const bool enough = sound_ >= kStretchInput || (sound_ >= kTick && frame_ >= kStretchInput);
    if (!enough) {
      const bool both = sound_ < kTick * 2 && frame_ < kStretchInput;
      decode(now, sound_, both ? kTick * 2 : kTick, listener);
      if (last_ != PlayoutMode::voice) return;
    }
    stretch(1, listener);
  }

  void stretch(int direction, PlayoutListener& listener) {
    if (random_.uniform() >= config_.sound.stretchSuccess) return;
    const Duration change = period() * direction;
    sound_ += change;
    soundEnd_ += change;
    listener.stretched(lastPlayed_, change);
    level_ -= std::max(Duration{}, change);
    justStretched_ = true;
  }

  // What sounded between the last frame and the one that starts at `at`. Made-up sound goes to the
  // frames given up, one length each, and the rest to the one that is played after all.
  void reportGap(std::int64_t sequence, TimePoint at, PlayoutListener& listener) {
    if (!played_ || at <= soundEnd_) return;
    if (pauseEnd_ > soundEnd_) {
      const Duration length = std::min(pauseEnd_, at) - soundEnd_;
      listener.paused(sequence, soundEnd_, length);
      soundEnd_ += length;
    }
    Duration madeUp = at - soundEnd_;
    // Sound fades to its end: the silent part comes last.
    Duration voiced = std::max(Duration{}, madeUp - silent_);
    while (madeUp > Duration{}) {
      const Duration length = next_ < sequence ? std::min(frame_, madeUp) : madeUp;
      const Duration heard = std::min(voiced, length);
      listener.concealed(next_, soundEnd_, length, length - heard);
      voiced -= heard;
      madeUp -= length;
      soundEnd_ += length;
      if (next_ < sequence) ++next_;
    }
    silent_ = Duration{};
  }

  // libwebrtc, buffer_level_filter.cc: once a kTick, slower the larger the target.
  void filterLevel() {
    if (last_ != PlayoutMode::voice) return;
    const std::int64_t keep = target_ <= Duration::ms(20)    ? 251
                              : target_ <= Duration::ms(60)  ? 252
                              : target_ <= Duration::ms(140) ? 253
                                                             : 254;
    Duration span;
    if (!frames_.empty()) {
      span = frames_.at(frames_.newest()).sent - frames_.at(frames_.head()).sent + frame_;
    }
    level_ = Duration::ns((level_.count() * keep + span.count() * (256 - keep)) / 256);
  }

  std::int64_t draw(std::int64_t choices) {
    return static_cast<std::int64_t>(random_.uniform() * static_cast<double>(choices));
  }
  Duration period() {
    const SoundTraits& sound = config_.sound;
    return sound.shortestPeriod +
           kSample * draw((sound.longestPeriod - sound.shortestPeriod) / kSample + 1);
  }

  // What every frame touches stands first: with many streams it comes from memory anew.
  TimePoint nextTick_;
  std::int64_t next_ = 0;                    // lower sequences are late
  Duration sound_;                           // made, and not yet out
  Duration target_;                          // within the bounds
  TimePoint mediaEnd_;                       // end of what is decoded, on the media clock
  TimePoint stretchFrom_;                    // not allowed before
  bool ended_ = false;                       // what stands for a pause is FrameKind::end
  TimePoint noiseSince_ = TimePoint::max();  // of made-up sound or comfort noise
  Duration frame_;
  StretchRule stretchRule_;
  PlayoutMode last_ = PlayoutMode::voice;
  bool started_ = false;
  bool played_ = false;
  bool resync_ = false;  // the next frame held is played whatever came before
  bool justStretched_ = false;
  bool noiseOnly_ = false;
  bool quiet_ = false;  // what is decoded ends so, and what is made up after it
  bool synchronized_ = false;
  TimePoint soundEnd_;  // end of the last frame's sound
  TimePoint pauseEnd_;  // end of the last comfort noise
  Duration silent_;     // made up since the last frame as mere noise
  std::int64_t lastPlayed_ = 0;
  std::int64_t comfortNoiseHeld_ = 0;
  Duration level_;
  Duration heldBack_;  // by audio-video synchronization
  FrameStore frames_;
  ArrivalHistory history_;
  fabric::RandomStream random_;
  Duration phase_;  // of the clock: ticks are at phase + n * 10 ms
  Expansion expansion_;
  DelayManager delays_;
  NetEqBuffer config_;
};

}  // namespace

std::unique_ptr<JitterBuffer> makeJitterBuffer(const NetEqBuffer& parameters) {
  return std::make_unique<NetEqJitterBuffer>(parameters);
}

}  // namespace callflow::receiver
