// The pacer: bursts, priorities, padding and probes, worked out by hand.
#include <catch2/catch.hpp>
#include <cstdlib>
#include <map>
#include <new>
#include <random>
#include <vector>

#include "models/pacing/pacer.h"
#include "models/pacing/packet_queue.h"

using namespace callflow;
using namespace callflow::pacing;
using congestion::kNoCluster;
using congestion::Probe;

namespace {

std::int64_t allocations = 0;

}  // namespace

void* operator new(std::size_t size) {
  ++allocations;
  void* memory = std::malloc(size);
  if (memory == nullptr) throw std::bad_alloc{};
  return memory;
}
void operator delete(void* memory) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}

namespace {

TimePoint at(Duration since) {
  return TimePoint::at(since);
}

TimePoint ms(std::int64_t value) {
  return at(Duration::ms(value));
}

Outgoing packet(std::uint64_t token, std::int64_t size, Priority priority = Priority::media,
                int stream = 0) {
  Outgoing outgoing;
  outgoing.token = token;
  outgoing.size = DataSize::bytes(size);
  outgoing.priority = priority;
  outgoing.stream = stream;
  return outgoing;
}

struct Left {
  Outgoing what;
  TimePoint when;
};

// A pacer with its timer. Sends padding as it is asked for.
class Sender {
 public:
  explicit Sender(DataRate pacing, DataRate padding = {}, const PacerParameters& parameters = {})
      : pacer(parameters, TimePoint{}) {
    pacer.setRates(pacing, padding, now);
  }

  void queue(const Outgoing& what) {
    pacer.queue(what, now);
    drain();
  }
  void runUntil(TimePoint end) {
    for (TimePoint next = pacer.nextSendTime(); next <= end; next = pacer.nextSendTime()) {
      now = std::max(now, next);
      const std::size_t before = left.size();
      drain();
      // Else it would wake for nothing, and for ever.
      if (left.size() == before) FAIL("woken for nothing at " << toText(now));
    }
    now = end;
  }
  std::vector<std::uint64_t> tokens() const {
    std::vector<std::uint64_t> all;
    for (const Left& each : left) all.push_back(each.what.token);
    return all;
  }
  std::vector<double> times() const {
    std::vector<double> all;
    for (const Left& each : left) all.push_back(each.when.sinceStart().milliseconds());
    return all;
  }

  Pacer pacer;
  TimePoint now;
  std::vector<Left> left;
  bool canPad = true;

 private:
  void drain() {
    while (const auto leaves = pacer.next(now)) {
      left.push_back({*leaves, now});
      if (leaves->priority != Priority::padding) continue;
      pacer.paddingSent(canPad ? leaves->size : DataSize{}, now);
    }
  }
};

std::vector<double> pairs(std::initializer_list<double> times) {
  std::vector<double> all;
  for (const double time : times) all.insert(all.end(), 2, time);
  return all;
}

Probe probe(int cluster, std::int64_t kbps, TimePoint asked = {}) {
  const DataRate rate = DataRate::kbps(kbps);
  return {cluster, rate, dataIn(rate, Duration::ms(15)), 5, Duration::ms(2), asked};
}

}  // namespace

TEST_CASE("A key frame of 11 kB at 330 kbit/s leaves in bursts of 40 ms over 213 ms") {
  // A packet of 1100 bytes is 26.67 ms of the rate: two are more than 40 ms, and paid after 53.33.
  // All are 266.67 ms; the last burst leaves when the eight before it are paid.
  Sender sender(DataRate::kbps(330));
  for (std::uint64_t i = 0; i < 10; ++i) sender.queue(packet(i, 1100));
  sender.runUntil(ms(1000));
  CHECK(sender.tokens() == std::vector<std::uint64_t>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9});
  const std::vector<double> expected = pairs({0, 53.3333, 106.6667, 160, 213.3333});
  const std::vector<double> times = sender.times();
  REQUIRE(times.size() == expected.size());
  for (std::size_t i = 0; i < times.size(); ++i) {
    CHECK(times[i] == Approx(expected[i]).margin(0.001));
  }
  CHECK(sender.pacer.nextSendTime() == TimePoint::max());
}

TEST_CASE("Time in which nothing waited gives no right to more") {
  Sender sender(DataRate::kbps(330));
  sender.queue(packet(0, 1100));
  sender.runUntil(ms(10'000));
  for (std::uint64_t i = 1; i < 5; ++i) sender.queue(packet(i, 1100));
  CHECK(sender.left.size() == 3);  // it, and two at once
  sender.runUntil(ms(20'000));
  CHECK(sender.left.back().when.sinceStart().milliseconds() == Approx(10'053.333).margin(0.001));
}

TEST_CASE("No more than 63 kB leave at once, whatever the rate") {
  Sender sender(DataRate::mbps(100));
  for (std::uint64_t i = 0; i < 100; ++i) sender.queue(packet(i, 1000));
  CHECK(sender.left.size() == 63);
  // 63 kB at 100 Mbit/s
  CHECK(sender.pacer.nextSendTime() == at(Duration::us(5040)));
}

TEST_CASE("A queue that would take more than two seconds leaves faster") {
  Sender sender(DataRate::kbps(100));
  for (std::uint64_t i = 0; i < 25; ++i) sender.pacer.queue(packet(i, 1000), sender.now);
  CHECK(sender.pacer.rate() == DataRate::kbps(100));
  CHECK(sender.pacer.expectedWait() == Duration::s(2));
  for (std::uint64_t i = 25; i < 50; ++i) sender.pacer.queue(packet(i, 1000), sender.now);
  CHECK(sender.pacer.queuedSize() == DataSize::bytes(50'000));
  CHECK(sender.pacer.rate() == DataRate::kbps(200));
  sender.runUntil(ms(3000));
  CHECK(sender.left.size() == 50);
  // What is left is always to leave in what is left of the two seconds: so does the last.
  CHECK(sender.left.back().when.sinceStart().milliseconds() == Approx(2000).margin(0.001));
  CHECK(sender.pacer.rate() == DataRate::kbps(100));
}

TEST_CASE("How long what waits has waited, on average") {
  PacketQueue queue;
  Outgoing first = packet(0, 500);
  queue.push(first);
  Outgoing second = packet(1, 700);
  second.queued = ms(10);
  queue.push(second);
  CHECK(queue.size() == DataSize::bytes(1200));
  CHECK(queue.averageWait(ms(20)) == Duration::ms(15));
  queue.pop();
  CHECK(queue.averageWait(ms(20)) == Duration::ms(10));
  queue.pop();
  CHECK(queue.empty());
  CHECK(queue.averageWait(ms(20)) == Duration{});
  CHECK(queue.size() == DataSize{});
}

TEST_CASE("Audio goes first, then what is sent again, then each stream in turn") {
  PacketQueue queue;
  queue.push(packet(1, 1, Priority::media, 3));
  queue.push(packet(2, 1, Priority::media, 3));
  queue.push(packet(3, 1, Priority::media, 3));
  queue.push(packet(4, 1, Priority::media, 0));
  queue.push(packet(5, 1, Priority::retransmission, 3));
  queue.push(packet(6, 1, Priority::media, 0));
  queue.push(packet(7, 1, Priority::audio, 1));
  queue.push(packet(8, 1, Priority::audio, 1));
  std::vector<std::uint64_t> order;
  while (!queue.empty()) {
    CHECK(queue.front().token > 0);
    order.push_back(queue.pop().token);
  }
  CHECK(order == std::vector<std::uint64_t>{7, 8, 5, 1, 4, 2, 6, 3});
}

TEST_CASE("Audio waits for nobody, and owes nothing unless it counts") {
  const bool counts = GENERATE(false, true);
  PacerParameters parameters;
  parameters.audioCounts = counts;
  Sender sender(DataRate::kbps(80), {}, parameters);
  for (std::uint64_t i = 1; i <= 3; ++i) sender.queue(packet(i, 1000));
  // 1000 bytes are 100 ms: one leaves, and the next when it is paid.
  CHECK(sender.tokens() == std::vector<std::uint64_t>{1});
  sender.runUntil(ms(20));
  sender.queue(packet(9, 200, Priority::audio, 1));
  CHECK(sender.tokens() == std::vector<std::uint64_t>{1, 9});
  CHECK(sender.left.back().when == ms(20));
  sender.runUntil(ms(1000));
  CHECK(sender.tokens() == std::vector<std::uint64_t>{1, 9, 2, 3});
  CHECK(sender.left[2].when == ms(counts ? 120 : 100));
  CHECK(sender.left[3].when == ms(counts ? 220 : 200));
}

TEST_CASE("What is sent again uses up the rate, and goes before what is new") {
  Sender sender(DataRate::kbps(80));
  sender.queue(packet(1, 1000));
  sender.queue(packet(2, 1000));
  sender.queue(packet(3, 1000, Priority::retransmission));
  sender.runUntil(ms(1000));
  CHECK(sender.tokens() == std::vector<std::uint64_t>{1, 3, 2});
  CHECK(sender.times() == std::vector<double>{0, 100, 200});
}

TEST_CASE("Padding is asked for once nothing waits and all is paid, 5 ms of it at a time") {
  Sender sender(DataRate::kbps(800), DataRate::kbps(80));
  sender.runUntil(ms(100));
  CHECK(sender.left.empty());  // not before the first packet
  sender.queue(packet(1, 1000));
  // 1000 bytes are 10 ms of the pacing rate, and 100 ms of that of padding.
  sender.runUntil(ms(199));
  CHECK(sender.left.size() == 1);
  sender.runUntil(ms(219));
  REQUIRE(sender.left.size() == 5);
  for (std::size_t i = 1; i < 5; ++i) {
    CHECK(sender.left[i].what.priority == Priority::padding);
    CHECK(sender.left[i].what.size == DataSize::bytes(50));
    CHECK(sender.left[i].what.cluster == kNoCluster);
    CHECK(sender.left[i].when == ms(195 + 5 * static_cast<std::int64_t>(i)));
  }
  // Nobody who can pad: asked again, as often, and no harm done.
  sender.canPad = false;
  sender.runUntil(ms(239));
  CHECK(sender.left.size() == 9);
  // Padding is no faster than the rate.
  sender.pacer.setRates(DataRate::kbps(40), DataRate::kbps(80), sender.now);
  sender.canPad = true;
  sender.left.clear();
  sender.runUntil(ms(1239));
  DataSize padded;
  for (const Left& each : sender.left) padded += each.what.size;
  CHECK(padded.count() == Approx(5000).margin(50));
}

TEST_CASE("More padding than was asked for is paid for too") {
  Pacer pacer(PacerParameters{}, TimePoint{});
  pacer.setRates(DataRate::kbps(800), DataRate::kbps(80), TimePoint{});
  pacer.queue(packet(1, 10), TimePoint{});
  CHECK(pacer.next(TimePoint{})->token == 1);
  CHECK_FALSE(pacer.next(TimePoint{}));
  CHECK(pacer.nextSendTime() == ms(1));
  CHECK(pacer.next(ms(1))->priority == Priority::padding);
  pacer.paddingSent(DataSize::bytes(250), ms(1));
  CHECK_FALSE(pacer.next(ms(1)));
  CHECK(pacer.nextSendTime() == ms(26));
}

TEST_CASE("Padding begins a probe as media does") {
  Sender sender(DataRate::kbps(800), DataRate::kbps(400));
  sender.queue(packet(1, 250));  // 5 ms of padding
  sender.pacer.addProbe(probe(0, 900));
  sender.runUntil(ms(5));
  // 250 bytes of padding, and with them the probe's first burst: 1 byte and 224.
  REQUIRE(sender.left.size() == 4);
  CHECK(sender.left[1].what.cluster == kNoCluster);
  CHECK(sender.left[1].what.size == DataSize::bytes(250));
  CHECK(sender.left[2].what.cluster == 0);
  CHECK(sender.left[3].what.size == DataSize::bytes(224));
  CHECK(sender.left[3].when == ms(5));
}

TEST_CASE("Of padding that a higher rate makes overdue 50 ms are made good") {
  Sender sender(DataRate::kbps(800), DataRate::kbps(8));
  sender.queue(packet(1, 500));  // 500 ms of padding
  sender.runUntil(ms(400));
  sender.pacer.setRates(DataRate::kbps(800), DataRate::kbps(80), sender.now);
  sender.runUntil(ms(400));
  // Due at 50 ms already: at once what 350 to 400 ms have room for, 50 bytes each 5 ms.
  CHECK(sender.left.size() == 1 + 11);
  CHECK(sender.pacer.nextSendTime() == ms(405));
}

TEST_CASE("While too much is on its way a sign of life leaves every 500 ms, and audio") {
  Sender sender(DataRate::kbps(800));
  sender.queue(packet(1, 100));
  sender.pacer.setCongested(true, sender.now);
  sender.queue(packet(2, 100));
  sender.runUntil(ms(1100));
  REQUIRE(sender.left.size() == 3);
  for (std::size_t i = 1; i < 3; ++i) {
    CHECK(sender.left[i].what.priority == Priority::padding);
    CHECK(sender.left[i].what.size == DataSize::bytes(1));
    CHECK(sender.left[i].when == ms(500 * static_cast<std::int64_t>(i)));
  }
  sender.queue(packet(3, 100, Priority::audio, 1));
  CHECK(sender.left.back().what.token == 3);
  sender.runUntil(ms(1599));
  CHECK(sender.left.size() == 4);  // audio is a sign of life as well
  sender.pacer.setCongested(false, sender.now);
  sender.runUntil(ms(1599));
  CHECK(sender.left.back().what.token == 2);
  CHECK(sender.left.back().when == ms(1599));
}

TEST_CASE("A probe of 900 kbit/s: a small packet, media, and padding to complete it") {
  Sender sender(DataRate::kbps(300));
  sender.pacer.addProbe(probe(7, 900));
  CHECK(sender.pacer.nextSendTime() == TimePoint::max());
  sender.runUntil(ms(50));
  sender.queue(packet(1, 100, Priority::audio, 1));  // too small to begin it
  CHECK(sender.left.back().what.cluster == kNoCluster);
  sender.queue(packet(2, 1000));
  sender.runUntil(ms(500));
  REQUIRE(sender.left.size() == 7);
  // Bursts of 225 bytes at least; 5 of them, 1687 bytes. Each is due when what went before it has
  // left at 900 kbit/s: 1001 bytes are 8.898 ms, and 225 are 2 ms.
  const std::vector<std::int64_t> sizes = {1, 1000, 225, 225, 225, 225};
  const std::vector<double> times = {50, 50, 58.8978, 60.8978, 62.8978, 64.8978};
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    const Left& left = sender.left[i + 1];
    INFO(i);
    CHECK(left.what.cluster == 7);
    CHECK(left.what.size == DataSize::bytes(sizes[i]));
    CHECK((left.what.token == 2) == (i == 1));
    CHECK(left.when.sinceStart().milliseconds() == Approx(times[i]).margin(0.001));
  }
}

TEST_CASE("A probe uses what waits, though the rate has no room for it") {
  Sender sender(DataRate::kbps(80));
  sender.pacer.addProbe(probe(0, 800));
  for (std::uint64_t i = 1; i <= 8; ++i) sender.queue(packet(i, 1000));
  sender.runUntil(ms(45));
  // A small packet and 1000 bytes, then 1000 bytes every 10 ms; five bursts, 5001 bytes.
  CHECK(sender.tokens() == std::vector<std::uint64_t>{0, 1, 2, 3, 4, 5});
  CHECK(sender.left[5].when.sinceStart().milliseconds() == Approx(40.01));
  // What a probe sends is owed too: 500 ms of the rate at most.
  CHECK(sender.pacer.nextSendTime() > ms(400));
  CHECK(sender.pacer.nextSendTime() <= ms(541));
}

TEST_CASE("A probe that finds nothing to send waits for media and keeps nobody awake") {
  const DataRate padding = GENERATE(DataRate{}, DataRate::kbps(80));
  Sender sender(DataRate::kbps(300), padding);
  sender.canPad = false;
  sender.pacer.addProbe(probe(0, 900));
  sender.queue(packet(1, 300));
  CHECK(sender.left.back().what.token == 1);  // after 1 byte that could not be sent
  sender.runUntil(ms(1000));
  CHECK(sender.left.size() < 250);
  CHECK(sender.pacer.queuedPackets() == 0);
  sender.queue(packet(2, 300));
  CHECK(sender.left.back().what.token == 2);
}

TEST_CASE("Whatever comes, no more leaves than the rate and a burst, and each stream in order") {
  const auto seed = GENERATE(range(1u, 6u));
  INFO(seed);
  std::mt19937 random(seed);
  constexpr DataRate kRate = DataRate::mbps(2);
  Sender sender(kRate);
  std::uint64_t token = 0;
  for (int i = 0; i < 2000; ++i) {
    const int stream = static_cast<int>(random() % 3);
    const std::int64_t size = 50 + random() % 1150;
    const auto priority = stream == 2 ? Priority::retransmission : Priority::media;
    sender.queue(packet(++token, size, priority, stream));
    sender.runUntil(sender.now + Duration::us(random() % 4800));
  }
  sender.runUntil(sender.now + Duration::s(5));
  REQUIRE(sender.left.size() == token);

  std::map<int, std::uint64_t> last;
  // A bucket of 40 ms and the packet that goes beyond it.
  std::int64_t level = 0;
  std::int64_t highest = 0;
  TimePoint before;
  for (const Left& each : sender.left) {
    CHECK(each.what.token > last[each.what.stream]);
    last[each.what.stream] = each.what.token;
    const std::int64_t drained = dataIn(kRate, each.when - before).count();
    level = std::max<std::int64_t>(0, level - drained) + each.what.size.count();
    highest = std::max(highest, level);
    before = each.when;
  }
  CHECK(sender.pacer.rate() == kRate);
  // 10000 bytes are 40 ms; a byte of rounding for each that leaves in between.
  CHECK(highest <= 10'000 + 1200 + 40);
  CHECK(highest > 10'000);
}

TEST_CASE("Once it has been full, a pacer takes no memory") {
  Pacer pacer(PacerParameters{}, TimePoint{});
  pacer.setRates(DataRate::mbps(2), DataRate{}, TimePoint{});
  TimePoint now;
  std::int64_t leftNow = 0;
  const auto second = [&] {
    for (int frame = 0; frame < 30; ++frame) {
      for (std::uint64_t i = 0; i < 8; ++i) pacer.queue(packet(i, 1000), now);
      const TimePoint end = now + Duration::us(33'333);
      while (pacer.nextSendTime() <= end) {
        now = std::max(now, pacer.nextSendTime());
        while (pacer.next(now)) ++leftNow;
      }
      now = end;
    }
  };
  second();
  const std::int64_t before = allocations;
  for (int i = 0; i < 10; ++i) second();
  CHECK(allocations == before);
  CHECK(leftNow >= 2600);
}
