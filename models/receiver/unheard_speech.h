// Speech that was sent while the listener heard the comfort noise of a pause.
#pragma once

#include <algorithm>
#include <vector>

#include "models/receiver/period.h"
#include "src/units/units.h"

namespace callflow::receiver {

// Comfort noise goes on until the next frame is there. If an outage begins in a pause, that is
// minutes in which the sender has perhaps spoken, paused and spoken again: the listener missed
// words and heard noise. What comes too late, but is heard, only makes the pause longer.
class UnheardSpeech {
 public:
  struct Span {
    TimePoint from, to;
  };

  // A frame that is never played, by when it was sent.
  void add(TimePoint sent, Duration frame) {
    // Frames follow each other to what the sender's clock is off.
    if (!spans_.empty() && sent > spans_.back().from && sent - spans_.back().to < frame / 2 &&
        spans_.back().to - sent < frame / 2) {
      spans_.back().to = sent + frame;
    } else {
      spans_.push_back({sent, sent + frame});
    }
  }
  void clear() { spans_.clear(); }

  // What of it should have been heard from `from` to `until`, so long after it was sent. Nothing if
  // it is less than an interruption.
  std::vector<Span> within(TimePoint from, TimePoint until, Duration delay) const {
    std::vector<Span> sorted = spans_;
    std::sort(sorted.begin(), sorted.end(),
              [](const Span& a, const Span& b) { return a.from < b.from; });
    std::vector<Span> missed;
    Duration together;
    for (const Span& span : sorted) {
      const Span due{std::max(from, span.from + delay), std::min(until, span.to + delay)};
      if (due.from >= due.to) continue;
      missed.push_back(due);
      together += due.to - due.from;
      from = due.to;
    }
    if (together < kInterruptionLength) missed.clear();
    return missed;
  }

 private:
  std::vector<Span> spans_;
};

}  // namespace callflow::receiver
