// What became of the packets of a stream, until somebody reads it.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "models/fabric/packet.h"
#include "models/receiver/delay_causes.h"
#include "src/units/units.h"

namespace callflow::client {

// A packet that came, or that will never come.
struct Arrival {
  TimePoint time;
  std::int64_t sequence = 0;
  bool lost = false;
  // The rest only if it came.
  bool carriesPrevious = false;
  std::int32_t copies = 1;
  receiver::DelayParts parts;
  std::vector<fabric::Wait> waits;
};

// In the order in which it happened. An entry takes some 40 bytes, one behind the other: a packet
// that comes touches one cache line here, where the meter and the jitter buffer that it is for are
// spread over forty.
class ArrivalLog {
 public:
  void addArrival(TimePoint time, std::int64_t sequence, bool carriesPrevious, std::int32_t copies,
                  const receiver::DelayParts& parts, std::span<const fabric::Wait> waits);
  void addLoss(TimePoint time, std::int64_t sequence);

  class Reader {
   public:
    explicit Reader(const ArrivalLog& log) : log_(log) {}
    // Whether there is a next entry: it is `entry` then.
    bool next(Arrival& entry);

   private:
    const ArrivalLog& log_;
    std::size_t read_ = 0;  // of its words
  };
  void clear() { words_.clear(); }

 private:
  std::vector<std::uint64_t> words_;
};

}  // namespace callflow::client
