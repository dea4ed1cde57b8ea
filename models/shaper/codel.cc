#include "models/shaper/codel.h"

namespace callflow::shaper {
namespace {

constexpr int kTickShift = 10;  // 1024 ns
constexpr int kRootShift = 16;  // what an inverse root of 16 bits lacks of a fraction of 32
// A queue of less than a full packet is no standing queue.
constexpr std::int64_t kFullPacket = 1500;

std::uint32_t ticks(Duration time) {
  return static_cast<std::uint32_t>(time.count() >> kTickShift);
}

std::uint32_t ticks(TimePoint when) {
  return ticks(when.sinceStart());
}

// Around the end of the counter.
bool before(std::uint32_t a, std::uint32_t b) {
  return static_cast<std::int32_t>(a - b) < 0;
}

}  // namespace

Codel::Codel(const CodelParameters& parameters)
    : target_(ticks(parameters.target)), interval_(ticks(parameters.interval)) {}

// One step of Newton's method towards 1 / sqrt(count_): x (3 - count x^2) / 2.
void Codel::newton() {
  const std::uint32_t root = std::uint32_t{inverseRoot_} << kRootShift;
  const auto square = static_cast<std::uint32_t>((std::uint64_t{root} * root) >> 32);
  std::uint64_t value = (std::uint64_t{3} << 32) - std::uint64_t{count_} * square;
  value >>= 2;  // room for the product
  value = (value * root) >> (32 - 2 + 1);
  inverseRoot_ = static_cast<std::uint16_t>(value >> kRootShift);
}

Codel::Ticks Codel::later(Ticks from) const {
  const std::uint32_t root = std::uint32_t{inverseRoot_} << kRootShift;
  return from + static_cast<Ticks>((std::uint64_t{interval_} * root) >> 32);
}

// Whether this packet, which has just left the line, and those before it have waited too long for a
// whole interval.
bool Codel::mustDrop(const std::optional<Waiting>& packet, const Line& line, TimePoint now) {
  if (!packet || before(ticks(now - packet->arrived), target_) || line.bytes() < kFullPacket) {
    firstAbove_ = 0;
    return false;
  }
  if (firstAbove_ == 0) {
    firstAbove_ = ticks(now) + interval_;
    return false;
  }
  return before(firstAbove_, ticks(now));
}

std::optional<Waiting> Codel::dropAndPop(const Waiting& packet, Line& line, Drops& drops) {
  drops.push_back({packet, DropReason::early});
  return line.pop();
}

std::optional<Waiting> Codel::take(Line& line, TimePoint now, Drops& drops) {
  std::optional<Waiting> packet = line.pop();
  if (!packet) {
    dropping_ = false;
    return packet;
  }
  const Ticks at = ticks(now);
  const bool drop = mustDrop(packet, line, now);
  if (dropping_) {
    dropping_ = drop;
    while (dropping_ && !before(at, next_)) {
      ++count_;
      newton();
      packet = dropAndPop(*packet, line, drops);
      dropping_ = mustDrop(packet, line, now);
      if (dropping_) next_ = later(next_);
    }
  } else if (drop) {
    packet = dropAndPop(*packet, line, drops);
    mustDrop(packet, line, now);
    dropping_ = true;
    // Soon after the last time, it goes on from the rate of drops that had mended it.
    constexpr Ticks kRecently = 16;  // intervals
    const auto since = static_cast<std::int32_t>(count_ - lastCount_);
    if (since > 1 && before(at - next_, kRecently * interval_)) {
      count_ = static_cast<std::uint32_t>(since);
      newton();
    } else {
      count_ = 1;
      inverseRoot_ = 0xffff;
    }
    lastCount_ = count_;
    next_ = later(at);
  }
  return packet;
}

}  // namespace callflow::shaper
