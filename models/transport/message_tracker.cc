#include "models/transport/message_tracker.h"

#include <algorithm>

namespace callflow::transport {

void MessageTracker::written(MessageToken token, DataSize size, TimePoint now) {
  bytesWritten_ += size.count();
  Message message;
  message.end = bytesWritten_;
  message.times.token = token;
  message.times.written = now;
  messages_.push_back(message);
}

bool MessageTracker::transmitted(ByteRange bytes, TimePoint now) {
  for (std::size_t i = firstEndingAfter(bytes.begin); i < messages_.size(); ++i) {
    Message& message = messages_[i];
    if (message.end > bytes.end) break;
    if (message.times.copies++ == 0) message.times.firstTransmission = now;
  }
  const bool again = bytes.end <= highestSent_;
  highestSent_ = std::max(highestSent_, bytes.end);
  return again;
}

std::size_t MessageTracker::firstEndingAfter(std::int64_t offset) const {
  const auto it = std::upper_bound(
      messages_.begin(), messages_.end(), offset,
      [](std::int64_t value, const Message& message) { return value < message.end; });
  return static_cast<std::size_t>(it - messages_.begin());
}

}  // namespace callflow::transport
