// Queue disciplines against ns-3's: the same arrivals at the same server, so the same departures.
#include <ns3/codel-queue-disc.h>
#include <ns3/double.h>
#include <ns3/fq-codel-queue-disc.h>
#include <ns3/packet.h>
#include <ns3/pie-queue-disc.h>
#include <ns3/queue-item.h>
#include <ns3/simulator.h>
#include <ns3/string.h>
#include <ns3/uinteger.h>

#include <catch2/catch.hpp>
#include <functional>
#include <map>
#include <optional>
#include <vector>

#include "models/fabric/ns3_time.h"
#include "models/fabric/random.h"
#include "models/fabric/simulator.h"
#include "models/shaper/codel.h"
#include "models/shaper/fq_codel.h"
#include "models/shaper/pie.h"
#include "tests/support/show_units.h"

using namespace callflow;
using namespace callflow::shaper;

namespace {

TimePoint fromNs3(ns3::Time time) {
  return TimePoint::at(Duration::ns(time.GetNanoSeconds()));
}

constexpr QueueBound kRoomy{1 << 30, 1 << 20};

struct Arrival {
  TimePoint when;
  std::uint32_t number = 0;
  DataSize size;
  std::uint32_t flow = 0;
};

struct Departure {
  TimePoint when;
  std::uint32_t number = 0;
  bool operator==(const Departure&) const = default;
};

std::ostream& operator<<(std::ostream& out, const Departure& departure) {
  return out << "#" << departure.number << " at " << departure.when.sinceStart().count();
}

// A queue as the server sees it.
struct Tested {
  std::function<void(const Arrival&)> put;
  std::function<std::optional<std::pair<std::uint32_t, DataSize>>()> take;
};

// One server of constant rate; must run within a simulator session.
std::vector<Departure> serve(const std::vector<Arrival>& arrivals, DataRate rate, Tested queue) {
  std::vector<Departure> departures;
  bool busy = false;
  std::function<void()> next = [&] {
    const auto packet = queue.take();
    busy = packet.has_value();
    if (!packet) return;
    departures.push_back({fromNs3(ns3::Simulator::Now()), packet->first});
    ns3::Simulator::Schedule(fabric::toNs3(transmissionTime(packet->second, rate)), next);
  };
  for (const Arrival& arrival : arrivals) {
    ns3::Simulator::Schedule(fabric::toNs3(arrival.when.sinceStart()), [&, arrival] {
      queue.put(arrival);
      if (!busy) next();
    });
  }
  // ns-3's PIE counts on without end.
  ns3::Simulator::Stop(ns3::Seconds(300));
  ns3::Simulator::Run();
  return departures;
}

std::vector<Departure> served(const std::vector<Arrival>& arrivals, DataRate rate, Queue& mine,
                              std::size_t& dropped) {
  fabric::SimulatorSession session;
  Drops drops;
  const auto now = [] { return fromNs3(ns3::Simulator::Now()); };
  const auto departures =
      serve(arrivals, rate,
            {[&](const Arrival& arrival) {
               mine.put({fabric::PacketId{arrival.number}, arrival.size, now(), arrival.flow},
                        nullptr, now(), drops);
             },
             [&]() -> std::optional<std::pair<std::uint32_t, DataSize>> {
               const auto packet = mine.take(now(), drops);
               if (!packet) return {};
               return std::pair{index(packet->id), packet->size};
             }});
  dropped = drops.size();
  return departures;
}

class Item : public ns3::QueueDiscItem {
 public:
  explicit Item(const Arrival& arrival)
      : ns3::QueueDiscItem(
            ns3::Create<ns3::Packet>(static_cast<std::uint32_t>(arrival.size.count())),
            ns3::Address(), 0),
        number(arrival.number),
        flow(arrival.flow) {}
  void AddHeader() override {}
  bool Mark() override { return false; }
  std::uint32_t Hash(std::uint32_t) const override { return flow; }
  std::uint32_t number, flow;
};

template <class Disc>
std::vector<Departure> servedByNs3(const std::vector<Arrival>& arrivals, DataRate rate,
                                   std::function<void(Disc&)> configure, std::size_t& dropped) {
  fabric::SimulatorSession session;
  ns3::Ptr<Disc> disc = ns3::CreateObject<Disc>();
  configure(*disc);
  disc->Initialize();
  const auto departures =
      serve(arrivals, rate,
            {[&](const Arrival& arrival) { disc->Enqueue(ns3::Create<Item>(arrival)); },
             [&]() -> std::optional<std::pair<std::uint32_t, DataSize>> {
               const ns3::Ptr<ns3::QueueDiscItem> item = disc->Dequeue();
               if (!item) return {};
               return std::pair{ns3::DynamicCast<Item>(item)->number,
                                DataSize::bytes(static_cast<std::int64_t>(item->GetSize()))};
             }});
  dropped = disc->GetStats().nTotalDroppedPackets;
  disc->Dispose();
  ns3::Simulator::Destroy();
  return departures;
}

// Times of 30 s of traffic at `load` of the rate on average, in flows of different packets, with
// pauses in which the queue empties.
std::vector<Arrival> traffic(DataRate rate, double load, int flows, const std::string& name) {
  fabric::SimulatorSession session;
  fabric::RandomStream random(name);
  std::vector<Arrival> arrivals;
  TimePoint now;
  while (now < TimePoint::at(Duration::s(30))) {
    const auto flow = static_cast<std::uint32_t>(random.uniform() * flows);
    const std::int64_t size = flow == 0 ? 200 : 1400;
    const auto second = now.sinceStart().count() / 1'000'000'000;
    const double pressure = second % 6 == 5 ? load / 10 : load;
    arrivals.push_back(
        {now, static_cast<std::uint32_t>(arrivals.size()), DataSize::bytes(size), flow});
    now += random.exponential(Duration::ns(static_cast<std::int64_t>(
        static_cast<double>(size) * 8e9 / (static_cast<double>(rate.count()) * pressure))));
  }
  return arrivals;
}

}  // namespace

TEST_CASE("CoDel lets go of the packets that ns-3's does, to the nanosecond") {
  for (const double load : {0.5, 0.95, 1.2, 2.0}) {
    const DataRate rate = DataRate::mbps(2);
    const std::vector<Arrival> arrivals = traffic(rate, load, 3, "codel arrivals");
    CodelQueue mine(kRoomy, {});
    std::size_t dropped = 0, theirs = 0;
    const auto departures = served(arrivals, rate, mine, dropped);
    const auto expected = servedByNs3<ns3::CoDelQueueDisc>(
        arrivals, rate,
        [](ns3::CoDelQueueDisc& disc) {
          disc.SetAttribute("MaxSize", ns3::StringValue("1000000p"));
        },
        theirs);
    INFO("load " << load << ", " << dropped << " dropped");
    CHECK(dropped == theirs);
    if (load > 1) CHECK(dropped > 100);
    CHECK(departures == expected);
    CHECK(departures.size() + dropped == arrivals.size());
  }
}

TEST_CASE("FQ-CoDel lets go of the packets that ns-3's does, in its order, to the nanosecond") {
  for (const double load : {0.5, 0.95, 1.2, 2.0}) {
    for (const int flows : {1, 2, 8}) {
      const DataRate rate = DataRate::mbps(2);
      const std::vector<Arrival> arrivals = traffic(rate, load, flows, "fq-codel arrivals");
      FqCodelQueue mine(kRoomy, {});
      std::size_t dropped = 0, theirs = 0;
      const auto departures = served(arrivals, rate, mine, dropped);
      const auto expected = servedByNs3<ns3::FqCoDelQueueDisc>(
          arrivals, rate,
          [](ns3::FqCoDelQueueDisc& disc) {
            disc.SetAttribute("MaxSize", ns3::StringValue("1000000p"));
            disc.SetQuantum(1514);
          },
          theirs);
      INFO("load " << load << ", " << flows << " flows, " << dropped << " dropped");
      CHECK(dropped == theirs);
      CHECK(departures == expected);
    }
  }
}

TEST_CASE("FQ-CoDel lets a thin flow by, where one queue makes it wait") {
  // A flow of 200 B packets beside one that sends twice the rate.
  const DataRate rate = DataRate::mbps(2);
  std::vector<Arrival> arrivals;
  for (std::uint32_t i = 0; i < 3000; ++i) {
    arrivals.push_back(
        {TimePoint::at(Duration::us(2800 * std::int64_t{i})), i, DataSize::bytes(1400), 1});
    if (i % 7 == 0) arrivals.push_back({arrivals.back().when, 10'000 + i, DataSize::bytes(200), 0});
  }
  FqCodelQueue mine(kRoomy, {});
  std::size_t dropped = 0;
  std::map<std::uint32_t, TimePoint> left;
  for (const Departure& departure : served(arrivals, rate, mine, dropped)) {
    left[departure.number] = departure.when;
  }
  CHECK(dropped > 500);
  for (const Arrival& arrival : arrivals) {
    if (arrival.flow != 0) continue;
    REQUIRE(left.count(arrival.number) == 1);
    // At most the packet that is being sent and one more that its flow's turn of 1514 B has begun:
    // 1400 B at 2 Mbit/s each. In one queue it would wait for hundreds.
    CHECK(left[arrival.number] - arrival.when <= Duration::us(11'200));
  }
}

TEST_CASE("PIE keeps the wait near its target and drops about as much as ns-3's") {
  const DataRate rate = DataRate::mbps(5);
  for (const double load : {0.8, 1.3, 1.6}) {
    const std::vector<Arrival> arrivals = traffic(rate, load, 4, "pie arrivals");
    std::size_t dropped = 0, theirs = 0;
    const auto mean = [&](const std::vector<Departure>& departures) {
      Duration sum;
      for (const Departure& each : departures) sum += each.when - arrivals[each.number].when;
      return static_cast<double>(sum.count()) / static_cast<double>(departures.size());
    };
    PieQueue mine(kRoomy, {}, "pie");
    const auto departures = served(arrivals, rate, mine, dropped);
    const auto expected = servedByNs3<ns3::PieQueueDisc>(
        arrivals, rate,
        [](ns3::PieQueueDisc& disc) {
          disc.SetAttribute("MaxSize", ns3::StringValue("1000000p"));
          disc.SetAttribute("MeanPktSize", ns3::UintegerValue(1500));
          disc.SetAttribute("Supdate", ns3::TimeValue(ns3::Seconds(0)));
          disc.SetAttribute("Tupdate", ns3::TimeValue(ns3::MilliSeconds(15)));
          disc.SetAttribute("QueueDelayReference", ns3::TimeValue(ns3::MilliSeconds(15)));
          disc.SetAttribute("UseDerandomization", ns3::BooleanValue(true));
          disc.SetAttribute("UseCapDropAdjustment", ns3::BooleanValue(true));
        },
        theirs);
    INFO("load " << load << ": dropped " << dropped << " and " << theirs << ", mean wait "
                 << mean(departures) / 1e6 << " and " << mean(expected) / 1e6 << " ms");
    // Both draw at random, and not the same numbers.
    CHECK(static_cast<double>(dropped) ==
          Approx(static_cast<double>(theirs)).epsilon(0.1).margin(30));
    CHECK(mean(departures) == Approx(mean(expected)).epsilon(0.2));
  }
}
