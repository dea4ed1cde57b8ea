// What is in one direction of a byte stream, for those who capture its segments: any of its bytes
// may be sent again.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>

#include "models/transport/message_tracker.h"
#include "models/transport/stream.h"
#include "models/wire/bytes.h"
#include "src/units/units.h"

namespace callflow::transport {

class StreamContents {
 public:
  // The handler sends a message next: asks it what is in it.
  void written(const StreamHandler& handler, End from, MessageToken token, DataSize size);
  // Appends these bytes; where nobody knows them, zeros.
  void copy(ByteRange bytes, wire::Bytes& out) const;
  // The byte that stands for the end of the stream, once that is sent.
  std::optional<std::int64_t> end() const { return end_; }

 private:
  struct Message {
    std::int64_t begin = 0, end = 0;
    wire::Bytes known;  // its beginning
  };

  std::deque<Message> messages_;
  std::int64_t writtenTo_ = 0;
  std::optional<std::int64_t> end_;
};

}  // namespace callflow::transport
