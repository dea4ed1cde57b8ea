#include "models/transport/stream_contents.h"

#include <algorithm>

namespace callflow::transport {
namespace {

// More than what any sender has on its way (net.ipv4.tcp_wmem's largest buffer is 4 MiB), in its
// queue before that, or anywhere late in the network.
constexpr std::int64_t kKept = 16 << 20;

}  // namespace

void StreamContents::written(const StreamHandler& handler, End from, MessageToken token,
                             DataSize size) {
  Message message;
  message.begin = writtenTo_;
  message.end = writtenTo_ += size.count();
  if (handler.endsStream(token)) {
    end_ = message.begin;
    return;
  }
  handler.writeMessage(from, token, size, message.known);
  messages_.push_back(std::move(message));
  while (writtenTo_ - messages_.front().end > kKept) messages_.pop_front();
}

void StreamContents::copy(ByteRange bytes, wire::Bytes& out) const {
  const std::size_t begin = out.size();
  auto message = std::partition_point(messages_.begin(), messages_.end(),
                                      [&](const Message& each) { return each.end <= bytes.begin; });
  for (; message != messages_.end() && message->begin < bytes.end; ++message) {
    const auto known = message->begin + static_cast<std::int64_t>(message->known.size());
    const std::int64_t first = std::max(bytes.begin, message->begin);
    const std::int64_t last = std::min({bytes.end, message->end, known});
    if (first >= last) continue;
    out.resize(begin + static_cast<std::size_t>(first - bytes.begin));
    out.append(message->known, static_cast<std::size_t>(first - message->begin),
               static_cast<std::size_t>(last - message->begin));
  }
  out.resize(begin + static_cast<std::size_t>(bytes.end - bytes.begin));
}

}  // namespace callflow::transport
