#include "models/fabric/simulator.h"

#include <ns3/assert.h>
#include <ns3/simulator.h>

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
  if (lanes_.size() >= kLooseTag) throw std::length_error("too many lanes");
  Lane lane;
  lane.client = &client;
  lane.channel = channel;
  lanes_.push_back(std::move(lane));
  return LaneId{static_cast<std::uint32_t>(lanes_.size() - 1)};
}

void FabricSimulator::push(LaneId lane, TimePoint at, std::uint32_t payload) {
  const auto tag = static_cast<std::uint32_t>(lane);
  LaneRing& ring = lanes_[tag].ring;
  const LaneRecord record{at.count(), static_cast<std::uint32_t>(order_++), payload};
  if (ring.empty()) {
    if (at.count() < now_) throw std::invalid_argument("a lane record in the past");
    enterHeap({record.time, record.order, tag});
  } else if (record.time < ring.back().time) {
    throw std::invalid_argument("a lane record before the last one of its lane");
  }
  ring.push(record);
}

void FabricSimulator::pushOutOfOrder(LaneId lane, TimePoint at, std::uint32_t payload) {
  if (at.count() < now_) throw std::invalid_argument("a lane record in the past");
  std::uint32_t slot = 0;
  if (freeLoose_.empty()) {
    slot = static_cast<std::uint32_t>(loose_.size());
    loose_.emplace_back();
  } else {
    slot = freeLoose_.back();
    freeLoose_.pop_back();
  }
  loose_[slot] = {static_cast<std::uint32_t>(lane), payload};
  enterHeap({at.count(), static_cast<std::uint32_t>(order_++), slot | kLooseTag});
}

void FabricSimulator::withdraw(LaneId lane, const std::function<bool(std::uint32_t)>& leaves) {
  const auto tag = static_cast<std::uint32_t>(lane);
  if (topIsSpent_) {
    topIsSpent_ = false;
    heap_.pop();
  }
  heap_.withdraw([&](const LaneHeap::Entry& entry) {
    if ((entry.tag & kLooseTag) == 0) return entry.tag == tag;
    const std::uint32_t slot = entry.tag & ~kLooseTag;
    if (loose_[slot].lane != tag || !leaves(loose_[slot].payload)) return false;
    freeLoose_.push_back(slot);
    return true;
  });
  LaneRing& ring = lanes_[tag].ring;
  ring.withdraw(leaves);
  if (!ring.empty()) enterHeap({ring.front().time, ring.front().order, tag});
}

void FabricSimulator::enterHeap(const LaneHeap::Entry& entry) {
  if (topIsSpent_) {
    topIsSpent_ = false;
    heap_.replaceTop(entry);
  } else {
    heap_.push(entry);
  }
}

bool FabricSimulator::laneIsNext() const {
  const LaneHeap::Entry& top = heap_.top();
  if (top.time != nextEventTime_) return top.time < nextEventTime_;
  // A record keeps only the lower half of its number; it is never 2^32 numbers old.
  const std::uint64_t order = order_ - static_cast<std::uint32_t>(order_ - top.order);
  return events_.empty() || order < nextEventOrder_;
}

void FabricSimulator::dispatchLane() {
  const LaneHeap::Entry top = heap_.top();
  now_ = top.time;
  currentOrder_ = order_ - static_cast<std::uint32_t>(order_ - top.order);
  std::uint32_t tag = top.tag;
  std::uint32_t payload = 0;
  if ((tag & kLooseTag) == 0) {
    LaneRing& ring = lanes_[tag].ring;
    payload = ring.front().payload;
    ring.pop();
    if (ring.empty()) {
      topIsSpent_ = true;
    } else {
      heap_.replaceTop({ring.front().time, ring.front().order, tag});
    }
  } else {
    const std::uint32_t slot = tag & ~kLooseTag;
    tag = loose_[slot].lane;
    payload = loose_[slot].payload;
    freeLoose_.push_back(slot);
    topIsSpent_ = true;
  }
  const Lane& lane = lanes_[tag];
  lane.client->onRecord(lane.channel, payload, now());
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
    if (topIsSpent_) {
      topIsSpent_ = false;
      heap_.pop();
    }
    if (!heap_.empty() && laneIsNext()) {
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
  return stop_ || (events_.empty() && heap_.size() == (topIsSpent_ ? 1U : 0U));
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
  heap_.clear();
  loose_.clear();
  freeLoose_.clear();
  topIsSpent_ = false;
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
