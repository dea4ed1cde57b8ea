// What a receiver of video asks of the sender.
#pragma once

#include <cstdint>
#include <vector>

namespace callflow::video_receiver {

struct Requests {
  std::vector<std::int64_t> nack;  // sequence numbers to be sent again, rising (RFC 4585 6.2.1)
  bool keyFrame = false;           // a picture loss indication (RFC 4585 6.3.1)

  bool any() const { return keyFrame || !nack.empty(); }
  // Keeps the memory.
  void clear() {
    nack.clear();
    keyFrame = false;
  }
};

}  // namespace callflow::video_receiver
