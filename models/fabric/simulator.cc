#include "models/fabric/simulator.h"

#include <ns3/assert.h>
#include <ns3/simulator.h>

#include <algorithm>
#include <limits>
#include <stdexcept>

#include "models/fabric/ns3_time.h"

namespace callflow::fabric {
namespace {

constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();

}  // namespace

ns3::TypeId FabricSimulator::GetTypeId() {
  static const ns3::TypeId kId = ns3::TypeId("callflow::FabricSimulator")
                                     .SetParent<ns3::SimulatorImpl>()
                                     .AddConstructor<FabricSimulator>();
  return kId;
}

FabricSimulator::FabricSimulator()
    : order_(ns3::EventId::VALID),
      currentContext_(ns3::Simulator::NO_CONTEXT),
      nextEventTime_(kNever) {}

FabricSimulator::~FabricSimulator() {
  clear();
}

// ---- lanes --------------------------------------------------------------------------------------

LaneId FabricSimulator::addLane(LaneClient& client, std::uint32_t channel) {
  if (lanes_.size() >= kLoose) throw std::length_error("too many lanes");
  lanes_.push_back({&client, channel});
  return LaneId{static_cast<std::uint32_t>(lanes_.size() - 1)};
}

void FabricSimulator::push(LaneId lane, TimePoint at, std::uint32_t payload) {
  const auto tag = static_cast<std::uint32_t>(lane);
  Lane& entered = lanes_[tag];
  if (at.count() < now_) throw std::invalid_argument("a lane record in the past");
  if (entered.waiting > 0 && at.count() < entered.last) {
    throw std::invalid_argument("a lane record before the last one of its lane");
  }
  ++entered.waiting;
  entered.last = at.count();
  calendar_.push({at.count(), static_cast<std::uint32_t>(order_++), tag, payload});
}

void FabricSimulator::pushOutOfOrder(LaneId lane, TimePoint at, std::uint32_t payload) {
  if (at.count() < now_) throw std::invalid_argument("a lane record in the past");
  const std::uint32_t tag = static_cast<std::uint32_t>(lane) | kLoose;
  calendar_.push({at.count(), static_cast<std::uint32_t>(order_++), tag, payload});
}

void FabricSimulator::withdraw(LaneId lane, const std::function<bool(std::uint32_t)>& leaves) {
  const auto tag = static_cast<std::uint32_t>(lane);
  Lane& left = lanes_[tag];
  left = {left.client, left.channel};
  calendar_.withdraw([&](const Calendar::Entry& entry) {
    if ((entry.tag & ~kLoose) != tag) return false;
    if (leaves(entry.payload)) return true;
    if (entry.tag == tag) {
      ++left.waiting;
      left.last = std::max(left.last, entry.time);
    }
    return false;
  });
}

bool FabricSimulator::laneIsNext() {
  if (!calendar_.readyBy(nextEventTime_)) return false;
  const Calendar::Entry& first = calendar_.front();
  if (first.time != nextEventTime_) return first.time < nextEventTime_;
  // A record keeps only the lower half of its number; it is never 2^32 numbers old.
  const std::uint64_t order = order_ - static_cast<std::uint32_t>(order_ - first.order);
  return events_.empty() || order < nextEventOrder_;
}

void FabricSimulator::dispatchLane() {
  const Calendar::Entry first = calendar_.front();
  calendar_.pop();
  now_ = first.time;
  currentOrder_ = order_ - static_cast<std::uint32_t>(order_ - first.order);
  Lane& lane = lanes_[first.tag & ~kLoose];
  if ((first.tag & kLoose) == 0) --lane.waiting;
  lane.client->onRecord(lane.channel, first.payload, now());
}

// ---- ns-3's events ------------------------------------------------------------------------------

void FabricSimulator::noteNextEvent() {
  nextEventTime_ = events_.empty() ? kNever : events_.begin()->first.time;
  nextEventOrder_ = events_.empty() ? 0 : events_.begin()->first.order;
}

ns3::EventId FabricSimulator::insert(std::int64_t delay, std::uint32_t context,
                                     ns3::EventImpl* event) {
  NS_ASSERT_MSG(delay >= 0, "an event in the past");
  // The lowest numbers mean something else in an ns3::EventId, also after the lower half has
  // wrapped.
  if (static_cast<std::uint32_t>(order_) < ns3::EventId::VALID) order_ += ns3::EventId::VALID;
  const EventKey key{now_ + delay, order_++};
  events_.emplace(key, Event{event, context});
  noteNextEvent();
  return ns3::EventId(ns3::Ptr<ns3::EventImpl>(event, true), static_cast<std::uint64_t>(key.time),
                      context, static_cast<std::uint32_t>(key.order));
}

FabricSimulator::Events::iterator FabricSimulator::find(const ns3::EventId& id) {
  const auto time = static_cast<std::int64_t>(id.GetTs());
  for (auto at = events_.lower_bound({time, 0}); at != events_.end() && at->first.time == time;
       ++at) {
    if (at->second.impl == id.PeekEventImpl()) return at;
  }
  return events_.end();
}

void FabricSimulator::dispatchEvent() {
  const auto first = events_.begin();
  const EventKey key = first->first;
  const Event event = first->second;
  events_.erase(first);
  noteNextEvent();
  now_ = key.time;
  calendar_.passTo(now_);
  currentOrder_ = key.order;
  currentContext_ = event.context;
  event.impl->Invoke();
  event.impl->Unref();
  currentContext_ = ns3::Simulator::NO_CONTEXT;
}

ns3::EventId FabricSimulator::Schedule(const ns3::Time& delay, ns3::EventImpl* event) {
  return insert(delay.GetTimeStep(), currentContext_, event);
}

void FabricSimulator::ScheduleWithContext(std::uint32_t context, const ns3::Time& delay,
                                          ns3::EventImpl* event) {
  insert(delay.GetTimeStep(), context, event);
}

ns3::EventId FabricSimulator::ScheduleNow(ns3::EventImpl* event) {
  return insert(0, currentContext_, event);
}

ns3::EventId FabricSimulator::ScheduleDestroy(ns3::EventImpl* event) {
  const ns3::EventId id(ns3::Ptr<ns3::EventImpl>(event, false), static_cast<std::uint64_t>(now_),
                        ns3::Simulator::NO_CONTEXT, ns3::EventId::DESTROY);
  destroyEvents_.push_back(id);
  return id;
}

void FabricSimulator::Remove(const ns3::EventId& id) {
  if (id.GetUid() == ns3::EventId::DESTROY) {
    destroyEvents_.remove(id);
    return;
  }
  if (IsExpired(id)) return;
  const auto found = find(id);
  found->second.impl->Cancel();
  found->second.impl->Unref();
  events_.erase(found);
  noteNextEvent();
}

void FabricSimulator::Cancel(const ns3::EventId& id) {
  if (!IsExpired(id)) id.PeekEventImpl()->Cancel();
}

bool FabricSimulator::IsExpired(const ns3::EventId& id) const {
  if (id.PeekEventImpl() == nullptr || id.PeekEventImpl()->IsCancelled()) return true;
  if (id.GetUid() == ns3::EventId::DESTROY) {
    for (const ns3::EventId& waiting : destroyEvents_) {
      if (waiting == id) return false;
    }
    return true;
  }
  const auto time = static_cast<std::int64_t>(id.GetTs());
  if (time != now_) return time < now_;
  return static_cast<std::int32_t>(id.GetUid() - static_cast<std::uint32_t>(currentOrder_)) <= 0;
}

ns3::Time FabricSimulator::GetDelayLeft(const ns3::EventId& id) const {
  if (IsExpired(id)) return ns3::TimeStep(0);
  return ns3::TimeStep(id.GetTs() - static_cast<std::uint64_t>(now_));
}

// ---- running ------------------------------------------------------------------------------------

void FabricSimulator::Run() {
  stop_ = false;
  while (!stop_) {
    if (laneIsNext()) {
      dispatchLane();
    } else if (!events_.empty()) {
      dispatchEvent();
    } else {
      break;
    }
    ++eventCount_;
  }
}

bool FabricSimulator::IsFinished() const {
  return stop_ || (events_.empty() && calendar_.empty());
}

void FabricSimulator::Stop() {
  stop_ = true;
}

void FabricSimulator::Stop(const ns3::Time& delay) {
  ns3::Simulator::Schedule(delay, static_cast<void (*)()>(&ns3::Simulator::Stop));
}

void FabricSimulator::Destroy() {
  while (!destroyEvents_.empty()) {
    const ns3::Ptr<ns3::EventImpl> event = destroyEvents_.front().PeekEventImpl();
    destroyEvents_.pop_front();
    if (!event->IsCancelled()) event->Invoke();
  }
}

void FabricSimulator::clear() {
  for (const auto& [key, event] : events_) event.impl->Unref();
  events_.clear();
  noteNextEvent();
  lanes_.clear();
  calendar_.clear();
}

void FabricSimulator::DoDispose() {
  clear();
  ns3::SimulatorImpl::DoDispose();
}

ns3::Time FabricSimulator::Now() const {
  return ns3::TimeStep(static_cast<std::uint64_t>(now_));
}
ns3::Time FabricSimulator::GetMaximumSimulationTime() const {
  return ns3::TimeStep(kNever);
}
void FabricSimulator::SetScheduler(ns3::ObjectFactory) {}
std::uint32_t FabricSimulator::GetSystemId() const {
  return 0;
}
std::uint32_t FabricSimulator::GetContext() const {
  return currentContext_;
}
std::uint64_t FabricSimulator::GetEventCount() const {
  return eventCount_;
}

// ---- session ------------------------------------------------------------------------------------

SimulatorSession::SimulatorSession() : simulator_(ns3::CreateObject<FabricSimulator>()) {
  ns3::Simulator::SetImplementation(simulator_);
}

SimulatorSession::~SimulatorSession() {
  ns3::Simulator::Destroy();
}

}  // namespace callflow::fabric
