// ns-3's simulator with a second, cheaper kind of event beside its own: records in lanes.
#pragma once

#include <ns3/event-id.h>
#include <ns3/object-factory.h>
#include <ns3/ptr.h>
#include <ns3/simulator-impl.h>

#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <vector>

#include "models/fabric/calendar.h"
#include "src/units/units.h"

namespace callflow::fabric {

enum class LaneId : std::uint32_t {};

// Gets the records of its lanes.
class LaneClient {
 public:
  virtual ~LaneClient() = default;
  // A record is due. `channel` is what the lane was made with, `payload` what was pushed.
  virtual void onRecord(std::uint32_t channel, std::uint32_t payload, TimePoint now) = 0;
};

// One clock and one order over ns-3's events and lane records: by time, and at equal times by the
// order in which they were scheduled, whichever kind they are.
//
// A lane is a FIFO: the times pushed to one must not decrease. What a record costs depends neither
// on the number of lanes nor on that of the records that wait (calendar.h).
//
// Single-threaded. ns-3's events live in a map of its own; a Scheduler given to ns3::Simulator is
// not used.
class FabricSimulator : public ns3::SimulatorImpl {
 public:
  static ns3::TypeId GetTypeId();
  FabricSimulator();
  ~FabricSimulator() override;

  // ---- lanes
  LaneId addLane(LaneClient& client, std::uint32_t channel);
  // `at` must be neither in the past nor before the lane's last record.
  void push(LaneId lane, TimePoint at, std::uint32_t payload);
  // For records that keep to no order: dispatched like those of the lane.
  void pushOutOfOrder(LaneId lane, TimePoint at, std::uint32_t payload);
  // Takes out the records of a lane whose payload `leaves` names, in whatever order they wait.
  // Looks at all that waits, of all lanes: for rare changes.
  void withdraw(LaneId lane, const std::function<bool(std::uint32_t)>& leaves);
  // No record waits but such as keep to no order.
  bool empty(LaneId lane) const { return lanes_[static_cast<std::uint32_t>(lane)].waiting == 0; }
  TimePoint now() const { return TimePoint::at(Duration::ns(now_)); }

  // ---- ns3::SimulatorImpl
  void Destroy() override;
  bool IsFinished() const override;
  void Stop() override;
  void Stop(const ns3::Time& delay) override;
  ns3::EventId Schedule(const ns3::Time& delay, ns3::EventImpl* event) override;
  void ScheduleWithContext(std::uint32_t context, const ns3::Time& delay,
                           ns3::EventImpl* event) override;
  ns3::EventId ScheduleNow(ns3::EventImpl* event) override;
  ns3::EventId ScheduleDestroy(ns3::EventImpl* event) override;
  void Remove(const ns3::EventId& id) override;
  void Cancel(const ns3::EventId& id) override;
  bool IsExpired(const ns3::EventId& id) const override;
  void Run() override;
  ns3::Time Now() const override;
  ns3::Time GetDelayLeft(const ns3::EventId& id) const override;
  ns3::Time GetMaximumSimulationTime() const override;
  void SetScheduler(ns3::ObjectFactory factory) override;
  std::uint32_t GetSystemId() const override;
  std::uint32_t GetContext() const override;
  std::uint64_t GetEventCount() const override;

 private:
  struct Lane {
    LaneClient* client = nullptr;
    std::uint32_t channel = 0;
    std::uint32_t waiting = 0;  // in order
    std::int64_t last = 0;      // when the last of these is due
  };
  struct EventKey {
    std::int64_t time = 0;
    std::uint64_t order = 0;
    auto operator<=>(const EventKey&) const = default;
  };
  struct Event {
    ns3::EventImpl* impl = nullptr;
    std::uint32_t context = 0;
  };
  using Events = std::map<EventKey, Event>;
  static constexpr std::uint32_t kLoose = 0x80000000;  // in an entry's tag, beside the lane

  void DoDispose() override;
  ns3::EventId insert(std::int64_t delay, std::uint32_t context, ns3::EventImpl* event);
  Events::iterator find(const ns3::EventId& id);
  void noteNextEvent();
  bool laneIsNext();
  void dispatchLane();
  void dispatchEvent();
  void clear();

  std::int64_t now_ = 0;
  std::uint64_t order_ = 0;         // given to the next event or record
  std::uint64_t currentOrder_ = 0;  // of the one being dispatched
  std::uint32_t currentContext_ = 0;
  bool stop_ = false;
  std::uint64_t eventCount_ = 0;

  std::vector<Lane> lanes_;
  Calendar calendar_;

  Events events_;
  std::int64_t nextEventTime_ = 0;  // of the first of events_; the largest time if there is none
  std::uint64_t nextEventOrder_ = 0;
  std::list<ns3::EventId> destroyEvents_;
};

// Makes a FabricSimulator ns-3's simulator for as long as this object lives. Nothing may have used
// ns3::Simulator before, and one session may exist at a time.
class SimulatorSession {
 public:
  SimulatorSession();
  ~SimulatorSession();
  SimulatorSession(const SimulatorSession&) = delete;
  SimulatorSession& operator=(const SimulatorSession&) = delete;

  FabricSimulator& simulator() { return *simulator_; }

 private:
  ns3::Ptr<FabricSimulator> simulator_;
};

}  // namespace callflow::fabric
