// Which packets of a participant's sound go on where only the loudest do, and under which numbers:
// their receivers see a stream without gaps. Pure.
#pragma once

#include <cstdint>
#include <deque>

namespace callflow::conference {

class Gate {
 public:
  struct Passage {
    std::int64_t number = 0;  // 0: it does not go on
    bool first = false;       // after a pause
    bool last = false;        // before one
  };
  // What becomes of a packet. Those of which it was not asked before are decided upon now, with
  // all before them: they go on if it is open, and of those behind one more, which tells receivers
  // that nothing follows (LiveKit: silent frames when a track is muted, pkg/sfu/downtrack.go).
  Passage pass(std::int64_t sequence, bool open);
  // Of one that went on, by its number; 0: it is forgotten.
  std::int64_t sequenceOf(std::int64_t number) const;

 private:
  // More than a minute's.
  static constexpr std::size_t kRemembered = 4096;

  std::deque<Passage> passages_;
  std::int64_t first_ = 1;  // sequence of the first of these
  std::int64_t numbers_ = 0;
  bool flowing_ = false;
};

}  // namespace callflow::conference
