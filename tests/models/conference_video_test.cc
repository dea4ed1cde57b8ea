// What a media processor makes of video, in its pure parts.
#include <catch2/catch.hpp>

#include "models/conference/layer_allocation.h"
#include "models/conference/layer_meter.h"
#include "models/conference/renumbering.h"

using namespace callflow;
using conference::allocate;
using conference::Allocation;
using conference::AllocationRule;
using conference::kPaused;
using conference::Layer;
using conference::LayerMeter;
using conference::Offer;
using conference::Renumbering;

namespace {

DataRate kbps(std::int64_t value) {
  return DataRate::kbps(value);
}

TimePoint ms(std::int64_t value) {
  return TimePoint::at(Duration::ms(value));
}

// Sizes at 150 and 500 kbit/s, each with half the frames at 60 % of that.
Offer twoSizes() {
  Offer offer;
  offer.rates[0] = {kbps(90), kbps(150), {}};
  offer.rates[1] = {kbps(300), kbps(500), {}};
  offer.spatial = 1;
  return offer;
}

video_receiver::Packet packet(std::int64_t sequence, std::int64_t frame) {
  video_receiver::Packet result;
  result.sequence = sequence;
  result.frame = frame;
  result.dependsOn = frame - 1;
  return result;
}

}  // namespace

TEST_CASE("streams rise together as far as the rate goes", "[conference]") {
  const std::vector<Offer> offers{twoSizes(), twoSizes()};
  const auto layers = [&](std::int64_t budget) {
    return allocate(AllocationRule::livekit, offers, kbps(budget)).layers;
  };
  CHECK(layers(80) == std::vector<Layer>{{kPaused, 0}, {kPaused, 0}});
  CHECK(layers(90) == std::vector<Layer>{{0, 0}, {kPaused, 0}});
  CHECK(layers(180) == std::vector<Layer>{{0, 0}, {0, 0}});
  CHECK(layers(240) == std::vector<Layer>{{0, 1}, {0, 0}});
  CHECK(layers(450) == std::vector<Layer>{{1, 0}, {0, 1}});
  CHECK(layers(1000) == std::vector<Layer>{{1, 1}, {1, 1}});

  const Allocation some = allocate(AllocationRule::livekit, offers, kbps(500));
  CHECK(some.total == kbps(450));  // 300 and 150; the next step is 150 more
  CHECK(some.wanted == kbps(1000));
}

TEST_CASE("in mediasoup's rounds priority counts from the second on", "[conference]") {
  std::vector<Offer> offers{twoSizes(), twoSizes()};
  offers[0].priority = 3;
  // 90 each; then the first rises by three steps, to 500, before the second by one.
  const auto budget = kbps(90 + 500);
  CHECK(allocate(AllocationRule::mediasoup, offers, budget).layers ==
        std::vector<Layer>{{1, 1}, {0, 0}});
  CHECK(allocate(AllocationRule::livekit, offers, budget).layers ==
        std::vector<Layer>{{1, 0}, {0, 1}});
}

TEST_CASE("nobody gets more than they show, or than is sent", "[conference]") {
  std::vector<Offer> offers{twoSizes()};
  const auto layer = [&] {
    return allocate(AllocationRule::livekit, offers, kbps(5000)).layers[0];
  };
  offers[0].spatial = 0;
  CHECK(layer() == Layer{0, 1});
  offers[0].spatial = 1;
  offers[0].rates[1] = {};
  CHECK(layer() == Layer{0, 1});
  offers[0].rates[0] = {};
  CHECK(layer() == Layer{kPaused, 0});
}

TEST_CASE("a stream that may not rise keeps its size", "[conference]") {
  std::vector<Offer> offers{twoSizes()};
  offers[0].current = {0, 1};
  offers[0].mayRise = false;
  CHECK(allocate(AllocationRule::mediasoup, offers, kbps(5000)).layers[0] == Layer{0, 1});
  offers[0].current = {kPaused, 0};  // from nothing it may
  CHECK(allocate(AllocationRule::mediasoup, offers, kbps(5000)).layers[0] == Layer{1, 1});
}

TEST_CASE("a layer's rate is that of the last second, with what it builds on", "[conference]") {
  LayerMeter meter;
  // 10 packets of 1000 B in the lowest layer, 5 in the one above, each second.
  for (int i = 0; i < 20; ++i) {
    meter.add(0, DataSize::bytes(1000), ms(100 * i));
    if (i % 2 == 0) meter.add(1, DataSize::bytes(1000), ms(100 * i + 10));
  }
  const auto rates = meter.rates(ms(1910));
  CHECK(rates[0] == kbps(80));
  CHECK(rates[1] == kbps(120));
  CHECK(rates[2] == DataRate{});
  CHECK(meter.rates(ms(2399))[0] > DataRate{});
  CHECK(meter.rates(ms(2400))[0] == DataRate{});  // nothing for 500 ms
}

TEST_CASE("a stream that is sent on has numbers without gaps of its own", "[conference]") {
  Renumbering numbers;
  numbers.restart(packet(100, 50));
  const auto first = numbers.forward(packet(100, 50), true);
  REQUIRE(first);
  CHECK(first->sequence == 0);
  CHECK(first->frame == 0);

  SECTION("what is left out takes no number") {
    CHECK_FALSE(numbers.forward(packet(101, 51), false));
    CHECK(numbers.forward(packet(102, 52), true)->sequence == 1);
  }
  SECTION("what is missing keeps one for when it comes, wanted or not") {
    CHECK(numbers.forward(packet(103, 51), true)->sequence == 3);
    CHECK(numbers.forward(packet(101, 51), true)->sequence == 1);
    CHECK(numbers.forward(packet(102, 51), false)->sequence == 2);
  }
  SECTION("another size goes on behind it") {
    CHECK(numbers.forward(packet(101, 51), true)->sequence == 1);
    numbers.restart(packet(7, 3));
    const auto next = numbers.forward(packet(7, 3), true);
    CHECK(next->sequence == 2);
    CHECK(next->frame == 2);  // 50 and 51 were 0 and 1
    CHECK(numbers.forward(packet(8, 4), true)->dependsOn == 2);
    CHECK_FALSE(numbers.forward(packet(6, 2), true));  // from before it was taken
  }
}
