// Where what happens to a stream is entered: in its totals, and in the window that it belongs to.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "models/quality/recency.h"
#include "models/receiver/period.h"
#include "models/receiver/stream_meter.h"
#include "src/units/units.h"

namespace callflow::receiver {

// A window holds the packets that were sent in it, and the sound that was heard in it: what waited
// for minutes is heard late, and the silence until then belongs to the windows in which it was.
// Sound that is heard after the last packet was sent counts with the last window.
//
// Windows stay open while something may still be entered in them: until their packets are settled,
// and until what was heard is known beyond them.
class Account {
 public:
  explicit Account(const MeterConfig& config);  // must outlive it
  Account(const Account&) = delete;
  Account& operator=(const Account&) = delete;

  // The first scored packet was sent.
  void begin(TimePoint origin);
  bool begun() const { return origin_.has_value(); }
  TimePoint origin() const { return *origin_; }
  std::int64_t windowOf(TimePoint time) const { return (time - *origin_) / window_; }

  // Packets, by when they were sent. True if it is the first of a window.
  bool sent(TimePoint at);
  void received(TimePoint sent, Duration delay, double jitter) {
    sumOfJitter_ += jitter;
    at(sent).received(delay, jitter);
  }
  void lost(TimePoint sent) { at(sent).lost(); }
  void discarded(TimePoint sent) { at(sent).discarded(); }
  void redundantReceived(TimePoint sent) { at(sent).redundantReceived(); }

  // Sound, by when it was heard; in that order. What was heard before the first scored packet was
  // sent is not counted.
  void played(TimePoint from, Duration inBuffer, Duration mouthToEar, const Aim& aim,
              bool recovered);
  // `silent`: the last part of `length`. Follows what was concealed before it, if nothing else was
  // heard between: the two are one run. Times cannot tell, for `length` is a length of sound, which
  // lasts as long as the receiver's clock takes to play it: a slow one leaves some ns between.
  void concealed(TimePoint from, Duration length, Duration silent);
  // What was concealed is over: the sender made a pause, of which nobody told.
  void endRun();
  void paused(TimePoint from, Duration length);
  // While what was played last sounds.
  void stretched(Duration change);
  // Silence that turned out to have been before all of this.
  void silentAtFirst(TimePoint from, Duration length);

  // When what was heard ends, as far as is known.
  TimePoint heardUntil() const { return heardUntil_; }
  // Packets sent before this are settled.
  void closeWindows(TimePoint settled);

  // Once. Totals, windows and histogram; of the sums, those that totals have as well.
  void finish(StreamReport& report);

 private:
  struct Run {  // of made-up sound, as if it were played by a true clock
    TimePoint from;
    Duration length;
    std::int64_t frames = 0;  // entered as missing so far
    TimePoint to() const { return from + length; }
  };

  Period& at(TimePoint time) { return time >= from_ && time < to_ ? *last_ : find(time); }
  Period& find(TimePoint time);
  // Calls enter(window, its part) for the windows that what lasts from `from` to `to` falls into.
  template <class Enter>
  void split(TimePoint from, TimePoint to, Enter&& enter);
  void heard(Period& window, bool itself);
  void entireHeard();
  void enterRun(const Run& run);
  void enterSilence(TimePoint from, Duration length, Duration silent, bool newRun);
  void closeFront();
  void score(StreamReport& report);
  void addSegment(const quality::GapAndBurst& frames);
  void dropShortLastWindow();

  std::optional<TimePoint> origin_;
  TimePoint lastSent_;
  // The window that was asked for last, and its time.
  Period* last_ = nullptr;
  TimePoint from_, to_;
  TimePoint heardUntil_;
  TimePoint lastPlayed_;
  double sumOfJitter_ = 0;
  std::int64_t heardItself_ = 0;  // frames in a row that totals_ has not been told of
  Run run_;                       // since something else was heard last
  const MeterConfig& config_;
  const Duration window_;
  const Duration frame_;
  std::deque<Period> open_;  // windows from firstOpen_ on
  std::int64_t firstOpen_ = 0;
  std::vector<WindowStats> closed_;
  Period totals_;  // of the closed windows; runs and bursts of all
  std::int64_t lastConcealedIn_ = 0;
  quality::RecencyModel recency_;  // of the bursts that are over
};

}  // namespace callflow::receiver
