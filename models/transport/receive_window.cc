#include "models/transport/receive_window.h"

#include <algorithm>
#include <bit>

#include "models/transport/tcp_segment.h"

namespace callflow::transport {

namespace {

constexpr std::int64_t kInitialBuffer = 131'072;    // net.ipv4.tcp_rmem, the second
constexpr std::int64_t kLargestBuffer = 6'291'456;  // and the third
// Half of the memory is for overhead (net.ipv4.tcp_adv_win_scale = 1).
constexpr std::int64_t kOfMemory = 2;
// What a segment costs whose data lies in one page fragment: up to 2304 bytes with its headers and
// its sk_buff. In the measurements the window stops growing between the 307th and the 370th small
// packet, which is so for costs of more than 1392 and at most 2784 bytes.
constexpr std::int64_t kMemoryOfSegment = 2304;
// The same of the largest segment, such that half of it is the data: 23 times 128 bytes.
constexpr std::int64_t kMemoryOfFullSegment = 2944;
constexpr std::int64_t kInitialSegments = 10;

// Windows are counted in units such that the largest buffer fits in 16 bits.
std::int64_t grainFor(std::int64_t most) {
  const auto bits = std::bit_width(static_cast<std::uint64_t>(most)) - 1;
  return std::int64_t{1} << std::clamp<int>(static_cast<int>(bits) - 15, 0, 14);
}

}  // namespace

ReceiveWindow::ReceiveWindow(std::optional<DataSize> largest)
    : fixed_(largest.has_value()),
      // One segment is kept back for the application where nobody set the buffer.
      clamp_(largest ? largest->count() : kInitialBuffer / kOfMemory - kMaximumSegment),
      goal_(std::min(clamp_, std::int64_t{65'535} / kMaximumSegment * kMaximumSegment)),
      buffer_(clamp_ * kOfMemory),
      grain_(grainFor(largest ? largest->count() : kLargestBuffer)),
      offered_(goal_),
      readInTrip_(std::min(goal_, kInitialSegments * kMaximumSegment)) {}

void ReceiveWindow::roundTripEchoed(std::int64_t length, std::int64_t fullSize, Duration ago) {
  if (length < fullSize || ago < Duration{}) return;
  // The clock of timestamps has milliseconds, of which at least one passes.
  const Duration sample = std::max(Duration::ms(1), Duration::ms(ago / Duration::ms(1)));
  roundTrip_ = roundTrip_ == Duration{} ? sample : roundTrip_ + (sample - roundTrip_) / 8;
}

void ReceiveWindow::roundTripByWindow(std::int64_t next, TimePoint now) {
  if (windowfulSince_ != TimePoint::max()) {
    if (next < windowful_) return;
    const Duration sample = std::max(now - windowfulSince_, Duration::us(1));
    // Far too long where the sender has little to send: the least counts.
    if (roundTrip_ == Duration{} || sample < roundTrip_) roundTrip_ = sample;
  }
  windowful_ = next + offered_;
  windowfulSince_ = now;
}

bool ReceiveWindow::queued(std::int64_t length, std::int64_t fullSize) {
  const std::int64_t room = clamp_ - goal_;
  if (room <= 0) return false;
  std::int64_t step = 0;
  if (kMemoryOfSegment / kOfMemory <= length) {
    step = 2 * kMaximumSegment;
  } else {
    // Small segments waste memory: the larger the window, the less of that may be.
    std::int64_t share = kMemoryOfSegment / kOfMemory / 2;
    for (std::int64_t limit = kLargestBuffer / kOfMemory / 2; goal_ <= limit; limit /= 2) {
      if (share <= length) {
        step = 2 * fullSize;
        break;
      }
      share /= 2;
    }
  }
  if (step == 0) return false;
  goal_ += std::min(room, std::max(step, 2 * length));
  return true;
}

void ReceiveWindow::read(std::int64_t next, TimePoint now) {
  if (roundTrip_ == Duration{} || now - readSince_ < roundTrip_) return;
  const std::int64_t copied = next - readBefore_;
  if (copied > readInTrip_) {
    if (!fixed_) {
      std::int64_t window = 2 * copied + 16 * kMaximumSegment;
      window += window * (copied - readInTrip_) / readInTrip_ * 2;
      const std::int64_t memory =
          std::min(window / kMaximumSegment * kMemoryOfFullSegment, kLargestBuffer);
      if (memory > buffer_) {
        buffer_ = memory;
        clamp_ = memory / kOfMemory;
      }
    }
    readInTrip_ = copied;
  }
  readBefore_ = next;
  readSince_ = now;
}

std::int64_t ReceiveWindow::offer(std::int64_t next) {
  const std::int64_t wanted = (std::min(goal_, buffer_ / kOfMemory) + grain_ - 1) / grain_ * grain_;
  edge_ = std::max(edge_, next + wanted);
  offered_ = edge_ - next;
  return offered_;
}

}  // namespace callflow::transport
