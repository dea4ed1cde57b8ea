#include "src/sim/relay_line.h"

#include <utility>

namespace callflow::sim {

RelayLine::RelayLine(Wiring& wiring, const topology::Call& call, Ends ends, Stands stands,
                     Receive atServer, Receive atClient)
    : wiring_(wiring),
      ends_(std::move(ends)),
      stands_(std::move(stands)),
      there_(*this, std::move(atServer)),
      back_(*this, std::move(atClient)) {
  const path::Path& there = wiring_.path(ends_.there, call, ends_.thereDraws);
  const path::Path& back = wiring_.path(ends_.back, call, ends_.backDraws);
  there_.flow = {&there, &there_, ends_.thereDraws, 0, false};
  back_.flow = {&back, &back_, ends_.backDraws, 0, false};
  legs_ = there.legs;
  legs_.insert(legs_.end(), back.legs.begin(), back.legs.end());
}

void RelayLine::open() {
  wiring_.open(legs_, *this);
}

void RelayLine::onStanding(TimePoint) {
  for (const path::Leg* const leg : legs_)
    if (!leg->stands()) return;
  if (std::exchange(established_, true)) return;
  stands_(true);
}

void RelayLine::onClosed(TimePoint) {
  if (std::exchange(established_, false)) stands_(false);
}

// Whole words, as STUN and ChannelData over TCP are: the frame of a leg to a relay counts a
// ChannelData header that these have in their bytes already.
void RelayLine::send(Way& way, const stun::Bytes& bytes) {
  const DataSize size =
      DataSize::bytes(static_cast<std::int64_t>(bytes.size())) - media::wire::kChannelDataHeader;
  way.waiting.push_back(bytes);
  wiring_.transit().send(way.flow, static_cast<std::int64_t>(way.waiting.size()) - 1, size);
}

void RelayLine::Way::onArrival(path::FrameHandle handle, TimePoint) {
  const auto sequence = static_cast<std::size_t>(line_.wiring_.transit()[handle].sequence);
  line_.wiring_.transit().release(handle);
  const stun::Bytes bytes = std::exchange(waiting[sequence], {});
  receive_(bytes);
}

void RelayLine::Way::onLost(path::FrameHandle handle) {
  waiting[static_cast<std::size_t>(line_.wiring_.transit()[handle].sequence)].clear();
}

}  // namespace callflow::sim
