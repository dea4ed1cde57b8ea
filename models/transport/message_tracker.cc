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
  // Nearly always it is the first that is kept (of what arrives in order) or the last (of what is
  // sent as it is written).
  const std::size_t count = messages_.size();
  if (count == 0 || messages_.front().end > offset) return 0;
  if (messages_.back().end <= offset) return count;
  if (messages_[count - 2].end <= offset) return count - 1;  // there are two, as these differ
  const auto it = std::upper_bound(
      messages_.begin(), messages_.end(), offset,
      [](std::int64_t value, const Message& message) { return value < message.end; });
  return static_cast<std::size_t>(it - messages_.begin());
}

}  // namespace callflow::transport
