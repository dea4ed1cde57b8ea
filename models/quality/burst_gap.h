// RFC 3611 4.7.2: bursts, in which so much is missing that it is heard as one disturbance, and the
// gaps between them.
#pragma once

#include <cstdint>

namespace callflow::quality {

struct BurstGap {
  double burstDensity = 0;  // share of packets missing within bursts; 0 without bursts
  double gapDensity = 0;    // outside of them; 0 without gaps
  double burstLength = 0;   // packets, mean; 0 without bursts
  double gapLength = 0;
};

// The gap before a burst, and the burst; in packets. A burst of none: a gap at the end.
struct GapAndBurst {
  std::int64_t gap = 0, gapMissing = 0;
  std::int64_t burst = 0, burstMissing = 0;
};

// Fed packet by packet in order of sending. By the definition: a burst begins and ends with a
// missing packet and never has `gmin` packets in a row between; a packet missing alone belongs to a
// gap.
class BurstGapCounter {
 public:
  explicit BurstGapCounter(std::int64_t gmin = 16) : gmin_(gmin) {}  // RFC 3611: 16 recommended

  // True if with this packet a burst turned out to be over: lastBurst() is a new one.
  bool add(bool missing);
  BurstGap result() const;
  const GapAndBurst& lastBurst() const { return last_; }

  // What has come after lastBurst(), if it ended now: perhaps a burst, and a gap at the end.
  struct Rest {
    GapAndBurst burst;  // all zero: none
    GapAndBurst gap;
  };
  Rest rest() const;

 private:
  struct Sum {
    std::int64_t count = 0, packets = 0, missing = 0;
  };
  // The candidate is over: a burst if it has two missing packets or more.
  static bool endCandidate(BurstGapCounter& of);
  void endGap();

  std::int64_t gmin_;
  Sum bursts_, gaps_;     // that are over
  std::int64_t gap_ = 0;  // packets of the gap that is not over
  std::int64_t gapMissing_ = 0;
  std::int64_t candidate_ = 0;  // packets from its first missing one to its last
  std::int64_t candidateMissing_ = 0;
  std::int64_t received_ = 0;  // since then
  GapAndBurst last_;
};

}  // namespace callflow::quality
