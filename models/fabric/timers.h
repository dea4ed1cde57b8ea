// Timers of constant period, as media sources need them: one lane a period.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "models/fabric/simulator.h"
#include "src/units/units.h"

namespace callflow::fabric {

class TickHandler {
 public:
  virtual ~TickHandler() = default;
  // Returns whether the timer goes on. `index` is what the timer was started with.
  virtual bool onTick(std::uint32_t index, TimePoint now) = 0;
};

class PeriodicTimers : public LaneClient {
 public:
  explicit PeriodicTimers(FabricSimulator& simulator) : simulator_(simulator) {}
  PeriodicTimers(const PeriodicTimers&) = delete;
  PeriodicTimers& operator=(const PeriodicTimers&) = delete;

  // Ticks at `first` (not in the past) and every `period` (over 0) from then on.
  void start(TimePoint first, Duration period, TickHandler& handler, std::uint32_t index);
  std::size_t running() const { return timers_.size() - free_.size(); }

  void onRecord(std::uint32_t channel, std::uint32_t payload, TimePoint now) override;

 private:
  struct Timer {
    TickHandler* handler = nullptr;
    std::uint32_t index = 0;
  };
  struct Period {
    Duration length;
    LaneId lane{};
  };

  FabricSimulator& simulator_;
  std::map<Duration, std::uint32_t> channels_;
  std::vector<Period> periods_;  // by channel
  std::vector<Timer> timers_;
  std::vector<std::uint32_t> free_;
};

}  // namespace callflow::fabric
