// Maps the bytes of one direction of a stream to the messages in them, and remembers when each
// message was written, sent, sent again, arrived and delivered. Pure bookkeeping: no clock, no
// ns-3.
#pragma once

#include <cstdint>
#include <deque>

#include "models/transport/stream.h"

namespace callflow::transport {

// Half-open range of stream bytes, counted from the first byte of application data.
struct ByteRange {
  std::int64_t begin = 0;
  std::int64_t end = 0;
};

class MessageTracker {
 public:
  // Appends a message of `size` bytes (at least 1) to the stream.
  void written(MessageToken token, DataSize size, TimePoint now);

  // A segment with these bytes goes out. Returns true if every byte of it had been sent before.
  bool transmitted(ByteRange bytes, TimePoint now);

  // A segment sent at `sent` has reached the receiver. Calls completed(token) for each message
  // whose last byte is in it and had not arrived before.
  template <class Completed>
  void arrived(ByteRange bytes, TimePoint sent, TimePoint now, Completed&& completed) {
    for (std::size_t i = firstEndingAfter(bytes.begin); i < messages_.size(); ++i) {
      Message& message = messages_[i];
      if (message.end > bytes.end) break;
      if (message.hasArrived) continue;
      message.hasArrived = true;
      message.times.copySent = sent;
      message.times.arrived = now;
      completed(message.times.token);
    }
  }

  // Calls visit(token) for each message, not delivered yet, whose last byte is in the segment.
  template <class Visit>
  void forEachEndingIn(ByteRange bytes, Visit&& visit) const {
    for (std::size_t i = firstEndingAfter(bytes.begin); i < messages_.size(); ++i) {
      if (messages_[i].end > bytes.end) break;
      visit(messages_[i].times.token);
    }
  }

  // The receiver has read the stream up to byte `end`. Calls deliver(Delivery) for each message now
  // whole.
  template <class Deliver>
  void delivered(std::int64_t end, TimePoint now, Deliver&& deliver) {
    while (!messages_.empty() && messages_.front().end <= end) {
      Delivery times = messages_.front().times;
      times.delivered = now;
      messages_.pop_front();
      deliver(times);
    }
  }

 private:
  struct Message {
    std::int64_t end = 0;  // stream offset just behind its last byte
    Delivery times;
    bool hasArrived = false;
  };
  std::size_t firstEndingAfter(std::int64_t offset) const;

  std::deque<Message> messages_;  // not delivered yet, in stream order
  std::int64_t bytesWritten_ = 0;
  std::int64_t highestSent_ = 0;
};

}  // namespace callflow::transport
