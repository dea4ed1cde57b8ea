// Classes of traffic that share one rate: strict ones first, in their order, then the others by
// weighted deficit round robin (Shreedhar and Varghese, 1995); each up to its ceiling.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "models/shaper/discipline.h"
#include "models/shaper/token_bucket.h"

namespace callflow::shaper {

class Classes {
 public:
  // `name` tells the random draws of their queues from those of other shapers.
  Classes(const Shaping& shaping, const std::string& name);

  std::size_t count() const { return classes_.size(); }
  std::size_t of(const fabric::Packet& packet) const;
  const TrafficClass& parameters(std::size_t number) const { return classes_[number].parameters; }

  // Another rate, depth and bound of queues from now on.
  void change(const Shaping& shaping, TimePoint now);

  void put(std::size_t number, const Waiting& packet, TimePoint now, Drops& drops);

  // The packet that goes next, still to be taken.
  struct Next {
    const Waiting* packet = nullptr;
    std::size_t number = 0;              // of its class
    TimePoint until = TimePoint::max();  // without a packet: when one may go that waits now
  };
  Next next(TimePoint now, Drops& drops);
  // It goes now.
  Waiting take(const Next& next, TimePoint now);

  // Of what is not queued: whether its class has room for it, which it takes up if so.
  bool admits(std::size_t number, DataSize size, TimePoint now);

 private:
  struct Class {
    TrafficClass parameters;
    std::unique_ptr<Queue> queue;
    std::optional<TokenBucket> ceiling;
    std::optional<Waiting> head;  // has left the queue to be looked at
    bool holds = false;           // the queue has something, which it perhaps drops
    bool empty() const { return !head && !holds; }
    std::int64_t quantum = 0, deficit = 0;
  };

  static void setCeiling(Class& which, const Shaping& shaping, TimePoint now);
  // When this class may send its first packet; max if it has none.
  TimePoint ready(Class& which, TimePoint now, Drops& drops);
  void nextTurn();

  std::vector<Class> classes_;
  std::vector<std::size_t> strict_, weighted_;
  std::size_t turn_ = 0;  // in weighted_
  bool granted_ = false;  // whose turn it is has got its quantum
  int holding_ = 0;       // classes that have something
};

}  // namespace callflow::shaper
