// How much a receiver that behaves like Linux 6.1's lets its peer send: the window grows with the
// segments that come, up to what the buffer holds, and the buffer with what the application reads
// in a round trip (net/ipv4/tcp_input.c: tcp_grow_window(), tcp_rcv_space_adjust()). A machine
// without a clock.
#pragma once

#include <cstdint>
#include <optional>

#include "src/units/units.h"

namespace callflow::transport {

class ReceiveWindow {
 public:
  // In order, a smaller segment does not let the window grow.
  static constexpr std::int64_t kWorthGrowing = 128;  // bytes

  // `largest`: the window that SO_RCVBUF allows, for good; nothing: the buffer grows.
  explicit ReceiveWindow(std::optional<DataSize> largest);

  // A data segment of `length` bytes came whose acknowledgement echoes what was sent `ago`
  // (negative: it echoes nothing new). `fullSize`: length of a full segment, as far as seen.
  void roundTripEchoed(std::int64_t length, std::int64_t fullSize, Duration ago);
  // It was in order; all before `next` is there.
  void roundTripByWindow(std::int64_t next, TimePoint now);
  // It was queued. True if the window may grow by it.
  bool queued(std::int64_t length, std::int64_t fullSize);
  // The application has read all before `next`.
  void read(std::int64_t next, TimePoint now);

  // Bytes beyond `next` that are offered now. What was offered before is never taken back.
  std::int64_t offer(std::int64_t next);
  // As last offered.
  std::int64_t offered() const { return offered_; }
  // Zero: not known yet.
  Duration roundTrip() const { return roundTrip_; }

 private:
  bool fixed_;
  std::int64_t clamp_;     // the window never exceeds it
  std::int64_t goal_;      // what the window has grown to; the kernel's rcv_ssthresh
  std::int64_t buffer_;    // memory
  std::int64_t grain_;     // windows are multiples of it (RFC 7323 2.3)
  std::int64_t edge_ = 0;  // of what was offered
  std::int64_t offered_;

  Duration roundTrip_;
  std::int64_t windowful_ = 0;  // the round trip ends when all before it is there
  TimePoint windowfulSince_ = TimePoint::max();
  std::int64_t readInTrip_;  // most that was read in a round trip
  std::int64_t readBefore_ = 0;
  TimePoint readSince_;
};

}  // namespace callflow::transport
