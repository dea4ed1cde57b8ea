// The receiving half of a TCP that behaves like Linux 6.1's: what is there, and when to acknowledge
// it (net/ipv4/tcp_input.c, RFC 9293 3.8.6.3, RFC 2018, RFC 2883). A machine without a clock. The
// application reads at once.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "models/transport/kernel_ticks.h"
#include "models/transport/receive_window.h"
#include "models/transport/tcp_segment.h"
#include "src/units/units.h"

namespace callflow::transport {

class TcpReceiver {
 public:
  explicit TcpReceiver(const Tcp& parameters);

  // A segment has arrived. Nothing is acknowledged yet. `rto` is of the same end's sender.
  void receive(const TcpSegment& segment, TimePoint now, Duration rto);
  // To be asked after receive() and after what the acknowledgement in the same segment set off: is
  // an acknowledgement to be sent now? `rtt` is the sender's of the same end.
  bool mustAcknowledge(TimePoint now, Duration rtt);
  // How many blocks of selective acknowledgement the next segment has.
  std::int32_t selectiveBlocks() const {
    return static_cast<std::int32_t>(std::min<std::size_t>(
        std::size_t{kMostSelectiveBlocks}, islands_.size() + (hasDuplicate_ ? 1 : 0)));
  }
  // Fills in what any segment sent now acknowledges, and takes note that it does.
  void acknowledge(TcpSegment& segment);
  // This end sends data of its own.
  void noteSent(TimePoint now);

  TimePoint timer() const { return std::min(delayedAt_, compressedAt_); }
  // The timer is due: is an acknowledgement to be sent?
  bool onTimer(TimePoint now, Duration rto);

  // All bytes before it have been read by the application.
  std::int64_t next() const { return next_; }

 private:
  void add(ByteRange range);
  void quicken();
  bool timeToDelay(TimePoint now, Duration rtt);

  Tcp parameters_;
  KernelTicks ticks_;
  ReceiveWindow window_;
  TimePoint lastEchoed_ = TimePoint::max();  // round trips are taken once from each echo
  std::int64_t next_ = 0;
  std::int64_t acknowledgedTo_ = 0;
  std::vector<ByteRange> islands_;  // beyond a hole, the last that grew first
  ByteRange duplicate_;
  bool hasDuplicate_ = false;
  TimePoint echo_ = TimePoint::max();  // RFC 7323 4.3: the timestamp to echo; none yet

  bool scheduled_ = false;  // an acknowledgement is owed
  bool atOnce_ = false;     // RFC 5681 4.2: a hole was filled
  bool pushed_ = false;     // a segment that ended a write came
  bool pushedTwice_ = false;
  std::int64_t segmentSize_ = 536;  // of full segments, as far as seen
  std::int32_t quick_ = 0;          // acknowledgements still to be sent at once
  bool interactive_ = false;        // data goes both ways: acknowledgements ride on it
  Duration patience_;               // for delayed acknowledgements; 0 before the first data
  TimePoint lastReceived_;
  TimePoint delayedAt_ = TimePoint::max();
  Ticks delayedTick_ = 0;

  std::int64_t duplicatesFor_ = -1;
  std::int32_t duplicates_ = 0;
  TimePoint compressedAt_ = TimePoint::max();
};

}  // namespace callflow::transport
