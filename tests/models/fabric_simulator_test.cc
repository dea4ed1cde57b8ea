// The order and the life of events and lane records in FabricSimulator.
#include <ns3/simulator.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "models/fabric/ns3_time.h"
#include "models/fabric/simulator.h"
#include "models/fabric/timers.h"

using namespace callflow;
using namespace callflow::fabric;

namespace {

TimePoint at(std::int64_t ns) {
  return TimePoint::at(Duration::ns(ns));
}

// Notes what comes, and can be told to do something then.
class Recorder : public LaneClient {
 public:
  void onRecord(std::uint32_t channel, std::uint32_t payload, TimePoint now) override {
    seen.push_back(std::to_string(channel) + "/" + std::to_string(payload) + "@" +
                   std::to_string(now.count()));
    if (then) then(payload);
  }
  std::vector<std::string> seen;
  std::function<void(std::uint32_t)> then;
};

}  // namespace

TEST_CASE("events and records of one instant run in the order in which they were scheduled") {
  SimulatorSession session;
  FabricSimulator& simulator = session.simulator();
  Recorder recorder;
  const LaneId a = simulator.addLane(recorder, 1);
  const LaneId b = simulator.addLane(recorder, 2);
  const auto event = [&](const char* name) {
    return [&recorder, name] {
      recorder.seen.push_back(std::string(name) + "@" +
                              std::to_string(ns3::Simulator::Now().GetNanoSeconds()));
    };
  };
  simulator.push(a, at(10), 1);
  ns3::Simulator::Schedule(ns3::NanoSeconds(10), event("first"));
  simulator.push(b, at(10), 2);
  simulator.pushOutOfOrder(a, at(10), 3);
  ns3::Simulator::Schedule(ns3::NanoSeconds(10), event("second"));
  simulator.push(a, at(10), 4);
  ns3::Simulator::Schedule(ns3::NanoSeconds(5), event("early"));
  simulator.push(b, at(11), 5);
  ns3::Simulator::Run();
  CHECK(recorder.seen == std::vector<std::string>{"early@5", "1/1@10", "first@10", "2/2@10",
                                                  "1/3@10", "second@10", "1/4@10", "2/5@11"});
  CHECK(simulator.GetEventCount() == 8);
  CHECK(simulator.IsFinished());
}

TEST_CASE("what is scheduled for now runs after all that was scheduled for now before") {
  SimulatorSession session;
  FabricSimulator& simulator = session.simulator();
  Recorder recorder;
  const LaneId lane = simulator.addLane(recorder, 0);
  recorder.then = [&](std::uint32_t payload) {
    if (payload != 1) return;
    ns3::Simulator::ScheduleNow([&] { recorder.seen.push_back("event"); });
    simulator.push(lane, simulator.now(), 3);
  };
  simulator.push(lane, at(7), 1);
  simulator.push(lane, at(7), 2);
  ns3::Simulator::Run();
  CHECK(recorder.seen == std::vector<std::string>{"0/1@7", "0/2@7", "event", "0/3@7"});
}

TEST_CASE("a lane refuses records that go back in time") {
  SimulatorSession session;
  FabricSimulator& simulator = session.simulator();
  Recorder recorder;
  const LaneId lane = simulator.addLane(recorder, 0);
  simulator.push(lane, at(10), 1);
  CHECK_THROWS_AS(simulator.push(lane, at(9), 2), std::invalid_argument);
  simulator.pushOutOfOrder(lane, at(9), 3);
  ns3::Simulator::Run();
  CHECK(recorder.seen == std::vector<std::string>{"0/3@9", "0/1@10"});
  CHECK_THROWS_AS(simulator.push(lane, at(9), 4), std::invalid_argument);
  CHECK_THROWS_AS(simulator.pushOutOfOrder(lane, at(9), 5), std::invalid_argument);
}

TEST_CASE("random events, lanes and loose records run in the order of a stable sort") {
  SimulatorSession session;
  FabricSimulator& simulator = session.simulator();
  Recorder recorder;
  constexpr std::uint32_t lanes = 37;
  std::vector<LaneId> ids;
  for (std::uint32_t i = 0; i < lanes; ++i) ids.push_back(simulator.addLane(recorder, 0));
  std::vector<std::int64_t> last(lanes, 0);
  std::mt19937 random(20);
  std::vector<std::pair<std::int64_t, std::uint32_t>> expected;
  std::vector<std::uint32_t> seen;
  recorder.then = [&](std::uint32_t payload) { seen.push_back(payload); };
  for (std::uint32_t i = 0; i < 20'000; ++i) {
    // Few different times, so that ties abound.
    auto time = static_cast<std::int64_t>(random() % 500);
    const auto kind = static_cast<std::uint32_t>(random() % 4);
    const auto lane = static_cast<std::uint32_t>(random() % lanes);
    if (kind == 0) {
      ns3::Simulator::Schedule(ns3::NanoSeconds(time), [&seen, i] { seen.push_back(i); });
    } else if (kind == 1) {
      simulator.pushOutOfOrder(ids[lane], at(time), i);
    } else {
      time = std::max(time / 10 + i / 50, last[lane]);
      last[lane] = time;
      simulator.push(ids[lane], at(time), i);
    }
    expected.emplace_back(time, i);
  }
  std::stable_sort(expected.begin(), expected.end(),
                   [](const auto& x, const auto& y) { return x.first < y.first; });
  ns3::Simulator::Run();
  REQUIRE(seen.size() == expected.size());
  bool same = true;
  for (std::size_t i = 0; i < seen.size(); ++i) same = same && seen[i] == expected[i].second;
  CHECK(same);
}

TEST_CASE("cancelled and removed events do not run, and their ids say so") {
  SimulatorSession session;
  int ran = 0;
  const auto count = [&ran] { ++ran; };
  ns3::EventId stays = ns3::Simulator::Schedule(ns3::NanoSeconds(10), count);
  ns3::EventId cancelled = ns3::Simulator::Schedule(ns3::NanoSeconds(10), count);
  // What an event holds goes with it when it is removed.
  const auto held = std::make_shared<int>(1);
  ns3::EventId removed =
      ns3::Simulator::Schedule(ns3::NanoSeconds(10), [held, &ran] { ran += *held; });
  CHECK(held.use_count() == 2);
  CHECK_FALSE(stays.IsExpired());
  CHECK(ns3::Simulator::GetDelayLeft(stays) == ns3::NanoSeconds(10));
  cancelled.Cancel();
  CHECK(cancelled.IsExpired());
  removed.Remove();
  CHECK(removed.IsExpired());
  removed = ns3::EventId();
  CHECK(held.use_count() == 1);
  bool expiredWhileRunning = false;
  ns3::EventId self;
  self = ns3::Simulator::Schedule(ns3::NanoSeconds(10),
                                  [&] { expiredWhileRunning = self.IsExpired(); });
  ns3::Simulator::Run();
  CHECK(ran == 1);
  CHECK(stays.IsExpired());
  CHECK(expiredWhileRunning);
  CHECK(ns3::Simulator::GetDelayLeft(stays).IsZero());
  CHECK(ns3::EventId().IsExpired());
}

TEST_CASE("an event of this instant that has not run yet can be cancelled by one before it") {
  SimulatorSession session;
  bool ran = false;
  ns3::EventId later;
  ns3::Simulator::Schedule(ns3::NanoSeconds(5), [&] {
    CHECK_FALSE(later.IsExpired());
    ns3::Simulator::Remove(later);
    CHECK(later.IsExpired());
  });
  later = ns3::Simulator::Schedule(ns3::NanoSeconds(5), [&] { ran = true; });
  ns3::Simulator::Run();
  CHECK_FALSE(ran);
}

TEST_CASE("stop, go on, context and the events of the end") {
  bool destroyed = false;
  bool destroyCancelled = false;
  std::vector<std::uint32_t> contexts;
  {
    SimulatorSession session;
    FabricSimulator& simulator = session.simulator();
    Recorder recorder;
    const LaneId lane = simulator.addLane(recorder, 0);
    recorder.then = [&](std::uint32_t) { contexts.push_back(ns3::Simulator::GetContext()); };
    ns3::Simulator::ScheduleWithContext(7, ns3::NanoSeconds(1), [&] {
      contexts.push_back(ns3::Simulator::GetContext());
      // A follow-up inherits the context.
      ns3::Simulator::Schedule(ns3::NanoSeconds(2),
                               [&] { contexts.push_back(ns3::Simulator::GetContext()); });
    });
    simulator.push(lane, at(2), 0);
    simulator.push(lane, at(40), 0);
    ns3::Simulator::ScheduleDestroy([&] { destroyed = true; });
    ns3::EventId cancelled = ns3::Simulator::ScheduleDestroy([&] { destroyCancelled = true; });
    CHECK_FALSE(cancelled.IsExpired());
    cancelled.Cancel();
    ns3::Simulator::Stop(ns3::NanoSeconds(20));
    ns3::Simulator::Run();
    CHECK(simulator.now() == at(20));
    CHECK(ns3::Simulator::Now() == ns3::NanoSeconds(20));
    CHECK(contexts == std::vector<std::uint32_t>{7, ns3::Simulator::NO_CONTEXT, 7});
    ns3::Simulator::Run();
    CHECK(simulator.now() == at(40));
    CHECK(contexts.size() == 4);
    CHECK_FALSE(destroyed);
  }
  CHECK(destroyed);
  CHECK_FALSE(destroyCancelled);
}

TEST_CASE("the clock starts anew with each session, and what never ran is let go") {
  const auto held = std::make_shared<int>(0);
  for (int round = 0; round < 2; ++round) {
    SimulatorSession session;
    CHECK(ns3::Simulator::Now().IsZero());
    ns3::Simulator::Schedule(ns3::NanoSeconds(50), [held] {});
    ns3::Simulator::Stop(ns3::NanoSeconds(10));
    ns3::Simulator::Run();
    CHECK(held.use_count() == 2);
  }
  CHECK(held.use_count() == 1);
}

namespace {

class Ticks : public TickHandler {
 public:
  bool onTick(std::uint32_t index, TimePoint now) override {
    seen.emplace_back(index, now.count());
    return seen.size() < 7;
  }
  std::vector<std::pair<std::uint32_t, std::int64_t>> seen;
};

}  // namespace

TEST_CASE("periodic timers of one period keep their phases") {
  SimulatorSession session;
  PeriodicTimers timers(session.simulator());
  Ticks ticks;
  timers.start(at(30), Duration::ns(20), ticks, 1);
  timers.start(at(5), Duration::ns(20), ticks, 2);
  timers.start(at(0), Duration::ns(50), ticks, 3);
  CHECK(timers.running() == 3);
  CHECK_THROWS_AS(timers.start(at(0), Duration{}, ticks, 4), std::invalid_argument);
  ns3::Simulator::Run();
  // Timer 2: 5, 25, 45; timer 1: 30, 50; timer 3: 0, 50 (scheduled at 0, before timer 1's at 30).
  // From the seventh tick on each is told to end: timer 1 at 50, timer 2 at 65, timer 3 at 100.
  CHECK(ticks.seen ==
        std::vector<std::pair<std::uint32_t, std::int64_t>>{
            {3, 0}, {2, 5}, {2, 25}, {1, 30}, {2, 45}, {3, 50}, {1, 50}, {2, 65}, {3, 100}});
  CHECK(timers.running() == 0);
}
