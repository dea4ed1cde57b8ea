#include "models/quality/burst_gap.h"

namespace callflow::quality {

bool BurstGapCounter::add(bool missing) {
  if (candidateMissing_ == 0) {
    if (missing) {
      candidate_ = candidateMissing_ = 1;
    } else {
      ++gap_;
    }
    return false;
  }
  if (missing) {
    candidate_ += received_ + 1;
    ++candidateMissing_;
    received_ = 0;
    return false;
  }
  return ++received_ == gmin_ && endCandidate(*this);
}

bool BurstGapCounter::endCandidate(BurstGapCounter& of) {
  const bool burst = of.candidateMissing_ > 1;
  if (burst) {
    of.last_ = {of.gap_, of.gapMissing_, of.candidate_, of.candidateMissing_};
    of.endGap();
    ++of.bursts_.count;
    of.bursts_.packets += of.candidate_;
    of.bursts_.missing += of.candidateMissing_;
  } else if (of.candidateMissing_ == 1) {
    of.gap_ += 1;
    of.gapMissing_ += 1;
  }
  of.gap_ += of.received_;
  of.candidate_ = of.candidateMissing_ = of.received_ = 0;
  return burst;
}

void BurstGapCounter::endGap() {
  if (gap_ == 0) return;
  ++gaps_.count;
  gaps_.packets += gap_;
  gaps_.missing += gapMissing_;
  gap_ = gapMissing_ = 0;
}

BurstGapCounter::Rest BurstGapCounter::rest() const {
  BurstGapCounter whole = *this;
  Rest rest;
  if (endCandidate(whole)) rest.burst = whole.last_;
  rest.gap = {whole.gap_, whole.gapMissing_, 0, 0};
  return rest;
}

BurstGap BurstGapCounter::result() const {
  BurstGapCounter whole = *this;
  endCandidate(whole);
  whole.endGap();
  const auto share = [](std::int64_t part, std::int64_t of) {
    return of == 0 ? 0.0 : static_cast<double>(part) / static_cast<double>(of);
  };
  return {share(whole.bursts_.missing, whole.bursts_.packets),
          share(whole.gaps_.missing, whole.gaps_.packets),
          share(whole.bursts_.packets, whole.bursts_.count),
          share(whole.gaps_.packets, whole.gaps_.count)};
}

}  // namespace callflow::quality
