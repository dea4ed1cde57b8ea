// Measures one audio stream, one direction: what was sent, what came, what the listener heard of it
// and how good that was.
#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <variant>
#include <vector>

#include "models/quality/network_targets.h"
#include "models/quality/score.h"
#include "models/receiver/clocked_buffer.h"
#include "models/receiver/delay_causes.h"
#include "models/receiver/frame_fate.h"
#include "models/receiver/jitter_buffer.h"
#include "src/units/units.h"

namespace callflow::receiver {

struct MeterConfig {
  quality::Codec codec = quality::Codec::opus;
  DataRate bitrate;
  double tandem = 0;  // quality::ScoreInput
  Duration frame = Duration::ms(20);
  std::variant<FixedBuffer, AdaptiveBuffer, NetEqBuffer> buffer;  // its `frame` is taken from above
  MediaClocks
      clocks;  // a fixed buffer, which cannot follow a clock, has its receiver on the sender's
  TimePoint scoreFrom;  // frames sent earlier (warm-up) pass the buffer but are not counted
  Duration window =
      Duration::s(10);  // the length of the listening tests behind the E-model's parameters
  std::size_t queueingElements = 0;  // indices that QueueingAt may have
  bool trace = false;                // keep every frame's story
};

// The buffer that such a meter has, by its clocks.
std::unique_ptr<JitterBuffer> makeBuffer(const MeterConfig& config);

// Figures of one window, or of the whole scored stream. What is said of packets (sent to discarded,
// delays, jitter) is of those SENT in the window, whenever they come; what is said of sound is of
// what was HEARD in it, whenever it was sent.
struct PeriodStats {
  std::int64_t sent = 0;       // = received + lost + inFlight
  std::int64_t received = 0;   // each frame once
  std::int64_t lost = 0;       // dropped by the network
  std::int64_t inFlight = 0;   // neither, when the stream was finished
  std::int64_t discarded = 0;  // received too late to be played, or thrown away by a full buffer
  std::int64_t played = 0;
  std::int64_t recovered = 0;          // of these: from another packet than the one sent in
  std::int64_t redundantReceived = 0;  // redundant copies that came, needed or not
  Duration concealed;                  // sound made up in place of, or while waiting for, frames
  Duration silentConcealed;            // of this: mere noise, because the made-up voice had faded
  std::int64_t concealmentRuns = 0;
  std::int64_t interruptions = 0;  // runs of at least 150 ms that began in the period
  Duration interruptionDuration;   // what was heard in the period of such runs
  Duration longestInterruption;    // the most that was heard in it of one run, of whatever length
  Duration inserted,
      removed;            // by stretching; sound heard = played + concealed + inserted - removed
  Duration comfortNoise;  // played in pauses of the sender; not in the sum above

  Duration soundPlayed;  // all that came out: the sum above, and comfort noise

  // Of received frames, sent to received. Percentiles are nearest-rank in bins of 0.1 ms, given as
  // the mean of the bin's values: exact to 0.1 ms, and exact where a bin has one value.
  double delayMean = 0, delayP50 = 0, delayP95 = 0, delayP99 = 0, delayMax = 0;  // s; NaN if none
  double jitter =
      0;  // s, RFC 3550 6.4.1: after the window's last arrival; over the stream its largest
  double jitterMean = 0;  // s, of its values after each arrival

  // Of played frames; NaN if none.
  double jitterBufferDelay = 0;    // s, mean: received to played
  double mouthToEar = 0;           // s, mean: capture to played
  double jitterBufferTarget = 0;   // s, mean: what the buffer aimed at when it let them go
  double jitterBufferMinimum = 0;  // s, mean: the same without bounds that were set

  double concealedRatio = 0;  // concealed / (concealed + played), by time
  // RFC 3611 4.7.2 with Gmin 16, of what was heard, frame by frame: the frame or sound made up.
  // Durations in s, means; 0 if none.
  double burstDensity = 0, gapDensity = 0, burstDuration = 0, gapDuration = 0;
  double burstRatio = 1;  // mean run * (1 - concealedRatio), at least 1 (G.107 7-30)
  // Of the whole stream only: as remembered at its end (models/quality/recency.h), with its mean
  // delay impairment. NaN in windows.
  double rRecency = std::numeric_limits<double>::quiet_NaN();
  double mosRecency = std::numeric_limits<double>::quiet_NaN();
  // From concealedRatio, burstRatio and mouthToEar; where nothing was played, of silence. NaN only
  // if nothing was heard and nothing missed. Over the stream r and mos, with and without delay, idd
  // and ieEff are the means of the windows, weighted by frames sent.
  quality::Score score;
};

struct WindowStats {
  Duration start;  // since the first scored frame was sent
  PeriodStats stats;
};

// TimePoint::max() stands for never.
struct FrameStory {
  std::int64_t sequence = 0;
  TimePoint sent;
  TimePoint received = TimePoint::max();
  TimePoint played = TimePoint::max();
  FrameFate fate = FrameFate::lost;
  Duration target;  // of the jitter buffer, if played
  std::int32_t copies = 1;
  DelayParts network;  // as given to received()
};

enum class PlayoutEventKind : std::uint8_t {
  played,     // the frame starts to sound
  concealed,  // sound is made up, in place of the frame or while waiting for it
  paused,     // comfort noise: before the frame, or the frame, if it announces a pause
  stretched,  // while the frame is played, sound is inserted or (negative) removed
};

// What the listener heard, one after the other without gap or overlap on the receiver's clock:
// times are true, lengths those of the sound.
struct PlayoutEvent {
  PlayoutEventKind kind = PlayoutEventKind::played;
  std::int64_t sequence = 0;
  TimePoint at;                         // not of `stretched`
  Duration length;                      // of played, and of a frame of comfort noise: a frame
  Duration silent;                      // concealed: the last part of it, mere noise
  FrameCopy copy = FrameCopy::primary;  // played: what it was played from
};

struct StreamReport {
  PeriodStats totals;
  std::vector<WindowStats>
      windows;  // a last one shorter than half a window is left out, unless it is the only one
  // Sums over played frames, exact: parts.sum() == totalDelay.
  DelayParts parts;
  Duration totalDelay;  // capture to played
  std::vector<Duration>
      queueingAt;  // per element, of parts[queueing]; what no element was named for is not in it
  std::vector<std::pair<std::int32_t, std::int64_t>> delayHistogram;  // bins of 0.1 ms, ascending
  DataSize dataSent;
  std::int64_t reordered = 0;         // packets received after one sent later (RFC 4737)
  quality::TargetResults targets;     // the round trip is the caller's to judge
  std::vector<FrameStory> trace;      // in order of sequence, warm-up included
  std::vector<PlayoutEvent> playout;  // in order of playout, of what totals count; if traced
};

// How a stream stands after what was told of it last, for audio-video synchronization.
struct Standing {
  // JitterBuffer::delay() of what came last, and when that was sent and came: none while nothing
  // has come, or if it cannot be held back.
  std::optional<Duration> delay;
  TimePoint sent, received;
  // Scored frames that were played, and their delays from mouth to ear, summed up.
  std::int64_t played = 0;
  Duration mouthToEar;
};

// Memory is bounded by what is on its way and by the number of windows, not by frames (unless
// traced); every call is O(1), amortized.
class StreamMeter {
 public:
  explicit StreamMeter(const MeterConfig& config);
  ~StreamMeter();
  StreamMeter(StreamMeter&&) noexcept;
  StreamMeter& operator=(StreamMeter&&) noexcept;

  // Frames may wait at so many elements from now on, no fewer than before.
  void widen(std::size_t elements);
  // Instead of MeterConfig::scoreFrom, before the first frame is sent.
  void scoreFrom(TimePoint time);
  // Calls come in order of time. Sequences are consecutive, the first is free. std::logic_error if
  // a caller breaks these rules or if the parts of a delay do not add up to it.
  void sent(std::int64_t sequence, TimePoint time, DataSize size,
            FrameKind kind = FrameKind::speech);
  // The frame is handed to the receiver. `network` has the network's causes only (send_wait to
  // head_of_line) and adds up to time - sent. `queueing` splits its queueing part. `copies`:
  // transmissions over TCP, for the trace. Duplicates are ignored. A packet that is sent once more
  // (`copy` repeated) may come after the loss of the first; the time between the two counts as
  // retransmission.
  void received(std::int64_t sequence, TimePoint time, const DelayParts& network,
                std::span<const QueueingAt> queueing = {}, std::int32_t copies = 1,
                FrameCopy copy = FrameCopy::primary);
  // The packet of the frame `carrier`, which is handed to the receiver now, brings the frame
  // `sequence` as well, in less quality (in-band FEC, RED). To be called before received(carrier),
  // with the network's delays of the carrier; that the carrier was sent later counts as
  // retransmission.
  void receivedWithin(std::int64_t carrier, std::int64_t sequence, TimePoint time,
                      const DelayParts& network, std::span<const QueueingAt> queueing = {});
  // The network lost the packet that the frame was sent in (its primary copy; the loss of another
  // copy is nobody's business): it will never come. A packet that has neither come nor been lost
  // when the stream is finished counts as in flight.
  void dropped(std::int64_t sequence);
  // JitterBuffer::holdBack().
  void holdBack(Duration least);
  Standing standing() const;
  // The simulation is over, at `end` (default: the last event): plays what is in the buffer and
  // settles all frames. Frames on their way are in flight, neither lost nor late; but if nothing
  // was heard where they should have been, up to `end`, that was silence. Once.
  StreamReport finish(std::optional<TimePoint> end = std::nullopt);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace callflow::receiver
