#include <catch2/catch.hpp>
#include <vector>

#include "models/congestion/bitrate_allocator.h"

using namespace callflow;
using namespace callflow::congestion;

namespace {

DataRate kbps(std::int64_t rate) {
  return DataRate::kbps(rate);
}

using Rates = std::vector<std::int64_t>;

Rates allocated(BitrateAllocator& allocator, std::int64_t total) {
  Rates out;
  for (const DataRate rate : allocator.allocate(kbps(total))) out.push_back(rate.count() / 1000);
  return out;
}

BitrateAllocator of(std::vector<StreamDemand> streams) {
  BitrateAllocator allocator;
  allocator.setStreams(std::move(streams));
  return allocator;
}

StreamDemand video(std::int64_t least, std::int64_t most) {
  return {.least = kbps(least), .most = kbps(most)};
}

}  // namespace

TEST_CASE("Three streams get their least and share the rest; the last comes back last") {
  // libwebrtc: bitrate_allocator_unittest.cc (ThreeBitrateObserversLowBweEnforceMin's kin).
  BitrateAllocator allocator = of({video(100, 400), video(200, 400), video(300, 400)});
  CHECK(allocated(allocator, 690) == Rates{130, 230, 330});
  CHECK(allocated(allocator, 300) == Rates{100, 200, 0});
  // The third had nothing: it needs 300 and a tenth of it.
  CHECK(allocated(allocator, 500) == Rates{200, 300, 0});
  CHECK(allocated(allocator, 10) == Rates{0, 0, 0});
  CHECK(allocated(allocator, 0) == Rates{0, 0, 0});
}

TEST_CASE("A stream that paused needs 20 kbit/s more, or a tenth, to begin again") {
  BitrateAllocator allocator = of({video(30, 400)});
  CHECK(allocated(allocator, 20) == Rates{0});
  CHECK(allocated(allocator, 30) == Rates{0});
  CHECK(allocated(allocator, 49) == Rates{0});
  CHECK(allocated(allocator, 50) == Rates{50});
  CHECK(allocated(allocator, 30) == Rates{30});
  BitrateAllocator large = of({video(300, 400)});
  allocated(large, 100);
  CHECK(allocated(large, 329) == Rates{0});
  CHECK(allocated(large, 330) == Rates{330});
}

TEST_CASE("Who may not pause gets his least, whatever there is") {
  BitrateAllocator allocator = of({{.least = kbps(30), .most = kbps(400), .pauses = false}});
  CHECK(allocated(allocator, 10) == Rates{30});
  // Audio of 32 kbit/s with 20 of headers, and video.
  BitrateAllocator call =
      of({{.least = kbps(52), .most = kbps(52), .pauses = false}, video(30, 1700)});
  CHECK(allocated(call, 300) == Rates{52, 248});
  CHECK(allocated(call, 100) == Rates{52, 48});
  CHECK(allocated(call, 60) == Rates{52, 0});
  CHECK(allocated(call, 101) == Rates{52, 0});  // 30 + 20 are needed, 49 are left
  CHECK(allocated(call, 102) == Rates{52, 50});
  CHECK(allocated(call, 40) == Rates{52, 0});
}

TEST_CASE("A priority of four gets twice as much as one of two, until it is full") {
  BitrateAllocator allocator = of({{.least = kbps(10), .most = kbps(50), .priority = 2},
                                   {.least = kbps(10), .most = kbps(50), .priority = 4}});
  // Of the 70 above their least the second would get 46.7: it can use 40.
  CHECK(allocated(allocator, 90) == Rates{40, 50});
  // Of 30: 10 and 20.
  CHECK(allocated(allocator, 50) == Rates{20, 30});
}

TEST_CASE("What a stream prefers it gets before others get more") {
  BitrateAllocator allocator =
      of({{.least = kbps(10), .most = kbps(300), .preferred = kbps(100)}, video(10, 300)});
  CHECK(allocated(allocator, 50) == Rates{40, 10});
  CHECK(allocated(allocator, 150) == Rates{120, 30});
}

TEST_CASE("Above what all can use there is up to twice as much for each") {
  BitrateAllocator allocator = of({video(10, 100), video(10, 300)});
  CHECK(allocated(allocator, 400) == Rates{100, 300});
  CHECK(allocated(allocator, 500) == Rates{150, 350});
  CHECK(allocated(allocator, 700) == Rates{200, 500});  // half of 300 is too much for the first
  CHECK(allocated(allocator, 2000) == Rates{200, 600});
}

TEST_CASE("Repair counts into what a stream needs") {
  BitrateAllocator allocator = of({video(100, 400), video(100, 400)});
  allocator.setProtection(0, 0.5);
  // 150 for the first; the second goes on with 100.
  CHECK(allocated(allocator, 249) == Rates{249, 0});
  CHECK(allocated(allocator, 320) == Rates{160, 160});
}

TEST_CASE("What controllers are told of all streams") {
  BitrateAllocator allocator = of({{.least = kbps(52), .most = kbps(52), .pauses = false},
                                   {.least = kbps(30), .most = kbps(1700), .padding = kbps(10)}});
  CHECK(allocator.limits().least == kbps(52));
  CHECK(allocator.limits().most == kbps(1752));
  CHECK(allocator.limits().padding == kbps(10));
  allocated(allocator, 60);  // video pauses: padding up to where it begins again
  CHECK(allocator.limits().padding == kbps(50));
}
