// Wi-Fi: how long frames take on the air, who sends first, what is repeated and what is lost. Times
// by hand from the standard's numbers.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "tests/models/wifi_support.h"
#include "tests/support/show_units.h"

using namespace callflow;
using namespace callflow::wifi;
using namespace callflow::wifi::testing;

namespace {

Duration us(double microseconds) {
  return Duration::ns(std::llround(microseconds * 1000));
}

std::vector<double> delaysMs(const Receiver& receiver) {
  std::vector<double> delays;
  for (const auto& arrival : receiver.arrivals)
    delays.push_back((arrival.when - arrival.sent).milliseconds());
  std::sort(delays.begin(), delays.end());
  return delays;
}

// Computers that always have packets of 1500 B to send.
Stations saturated(int count, std::optional<DataRate> rate = {}) {
  Stations stations;
  stations.count = count;
  stations.rate = rate;
  stations.up = DataRate::unlimited();
  stations.packet = DataSize::bytes(1500);
  return stations;
}

double quantile(const std::vector<double>& sorted, double share) {
  return sorted[static_cast<std::size_t>(share * static_cast<double>(sorted.size() - 1))];
}

}  // namespace

TEST_CASE("frames take as long on the air as the standard says") {
  // 16 + 6 bits and 8 a byte, in whole symbols of 4 us, behind 20 us of preamble.
  const Phy a = phyOf(Standard::a, Band::ghz5);
  // 238 B: 1926 bits of 216 a symbol: 9.
  CHECK(airtime(a, DataSize::bytes(238), DataRate::mbps(54)) == us(20 + 9 * 4));
  // 14 B: 134 bits of 96 a symbol: 2. At 6 Mbit/s 24 a symbol: 6.
  CHECK(ackAirtime(a, DataRate::mbps(54)) == us(28));
  CHECK(ackAirtime(a, DataRate::mbps(9)) == us(44));
  // 32 B: 278 bits: 3.
  CHECK(blockAckAirtime(a, DataRate::mbps(54)) == us(32));
  CHECK(unanswered(a) == us(16 + 44));
  // At 2.4 GHz 6 us of silence follow.
  const Phy g = phyOf(Standard::g, Band::ghz2);
  CHECK(airtime(g, DataSize::bytes(238), DataRate::mbps(54)) == us(62));
  CHECK(g.sifs == us(10));
  // 11 Mbit/s: 1904 bits take 173.1 us, which count as 174, behind 192 of preamble.
  const Phy b = phyOf(Standard::b, Band::ghz2);
  CHECK(airtime(b, DataSize::bytes(238), DataRate::mbps(11)) == us(366));
  CHECK(ackAirtime(b, DataRate::mbps(11)) == us(192 + 56));
  // 65 Mbit/s: 260 bits a symbol: 8. 390: 1560, 2. ax of 480.4: 6533 a symbol of 13.6 us, 1.
  CHECK(airtime(phyOf(Standard::n, Band::ghz5), DataSize::bytes(238), DataRate::mbps(65)) ==
        us(36 + 8 * 4));
  CHECK(airtime(phyOf(Standard::ac, Band::ghz5), DataSize::bytes(238), DataRate::mbps(390)) ==
        us(48));
  CHECK(airtime(phyOf(Standard::ax, Band::ghz5), DataSize::bytes(238), DataRate::kbps(480'400)) ==
        us(43.2 + 13.6));
}

TEST_CASE("DSCP leads to categories by RFC 8325, or by its upper bits") {
  const auto by = [](DscpMap map, int dscp) {
    return categoryOf(wire::Dscp{static_cast<std::uint8_t>(dscp)}, map);
  };
  CHECK(by(DscpMap::rfc8325, 46) == AccessCategory::voice);
  CHECK(by(DscpMap::precedence, 46) == AccessCategory::video);
  CHECK(by(DscpMap::rfc8325, 34) == AccessCategory::video);
  CHECK(by(DscpMap::precedence, 34) == AccessCategory::video);
  CHECK(by(DscpMap::rfc8325, 18) == AccessCategory::bestEffort);
  CHECK(by(DscpMap::precedence, 18) == AccessCategory::background);
  CHECK(by(DscpMap::rfc8325, 0) == AccessCategory::bestEffort);
  CHECK(by(DscpMap::precedence, 0) == AccessCategory::bestEffort);
  CHECK(by(DscpMap::rfc8325, 8) == AccessCategory::background);
  CHECK(by(DscpMap::rfc8325, 48) == AccessCategory::voice);
  CHECK(by(DscpMap::precedence, 48) == AccessCategory::voice);
}

TEST_CASE("who finds the air free sends at once, and the next waits for its turn") {
  Air air(plainAir(), 2);
  // 200 B and 38 of headers: 56 us. Then SIFS, an acknowledgement of 28 us, and AIFS of 43.
  air.at(Duration::ms(10), 0, -1, 200);
  air.at(Duration::ms(10) + us(30), 1, -1, 200);
  air.run(Duration::ms(20));
  const auto& arrivals = air.wireReceiver.arrivals;
  REQUIRE(arrivals.size() == 2);
  CHECK(arrivals[0].when == TimePoint::at(Duration::ms(10) + us(56)));
  const Duration backoff =
      arrivals[1].when - TimePoint::at(Duration::ms(10)) - us(56 + 16 + 28 + 43 + 56);
  CHECK(backoff >= Duration{});
  CHECK(backoff <= us(15 * 9));
  CHECK(backoff.count() % us(9).count() == 0);
  // All of it is a wait at the access point.
  REQUIRE(arrivals[1].waits.size() == 1);
  CHECK(air.fabric.name(arrivals[1].waits[0].link) == "ap");
  CHECK(arrivals[1].waits[0].time == arrivals[1].when - arrivals[1].sent);
}

TEST_CASE("from one computer to another a packet crosses the air twice") {
  Air air(plainAir(), 2);
  air.at(Duration::ms(10), 0, 1, 200);
  air.run(Duration::ms(20));
  REQUIRE(air.receivers[1]->arrivals.size() == 1);
  // 56 us up; the access point, which has it while its acknowledgement is on the air, draws.
  const auto& arrival = air.receivers[1]->arrivals[0];
  const Duration backoff =
      arrival.when - TimePoint::at(Duration::ms(10)) - us(56 + 16 + 28 + 43 + 56);
  CHECK(backoff >= Duration{});
  CHECK(backoff <= us(15 * 9));
  Duration waits;
  for (const Wait& wait : arrival.waits) waits += wait.time;
  CHECK(waits == arrival.when - arrival.sent);
  REQUIRE(air.box->counts().size() == 1);
  CHECK(air.box->counts()[0].reason == "inbound, best effort");
}

TEST_CASE("one who always sends gets what the standard's times leave") {
  Wifi wifi = plainAir();
  wifi.stations = {saturated(1)};
  Air air(wifi, 0);
  air.run(Duration::s(20));
  // 1538 B: 12,326 bits, 58 symbols: 252 us; SIFS 16, acknowledgement 28, AIFS 43, mean backoff
  // 7.5 slots.
  const double cycle = 252 + 16 + 28 + 43 + 7.5 * 9;
  CHECK(static_cast<double>(air.box->carriedForStations().count()) ==
        Approx(20e6 / cycle * 1500).epsilon(0.005));
}

TEST_CASE("many who always send collide as often as Bianchi's chain says") {
  // Bianchi (2000), equations 7 to 9, for backoff that doubles up to 1023.
  for (const int stations : {2, 5, 10, 20}) {
    double tau = 0.1;
    for (int i = 0; i < 10'000; ++i) {
      const double p = 1 - std::pow(1 - tau, stations - 1);
      double sum = 0, power = 1;  // mean slots of a stage, by how often it is reached
      double reached = 0;
      for (int stage = 0; stage < 7; ++stage, power *= p) {
        sum += power * (std::min(16 << stage, 1024) - 1) / 2.0;
        reached += power;
      }
      tau += 0.05 * (reached / (sum + reached) - tau);
    }
    const double some = 1 - std::pow(1 - tau, stations);
    const double one = stations * tau * std::pow(1 - tau, stations - 1);
    // Without WMM: 1536 B, 57 symbols, and DIFS.
    const double success = 248 + 16 + 28 + 34;
    const double collision = 248 + 16 + 44 + 34;
    const double slot = (1 - some) * 9 + one * success + (some - one) * collision;
    const double rate = one * 1500 * 8 / slot * 1e6;

    Wifi wifi = plainAir();
    wifi.wmm = false;
    wifi.stations = {saturated(stations)};
    Air air(wifi, 0);
    air.run(Duration::s(20));
    INFO(stations << " stations");
    CHECK(static_cast<double>(air.box->carriedForStations().count()) * 8 / 20 ==
          Approx(rate).epsilon(0.03));
  }
}

TEST_CASE("what is lost on the air is repeated, and after seven attempts given up") {
  Wifi wifi = plainAir();
  wifi.frameLoss = Ratio::percent(50);
  Air air(wifi, 1);
  constexpr int kPackets = 20'000;
  for (int i = 0; i < kPackets; ++i) air.at(Duration::ms(20) * (i + 1), 0, -1, 200);
  air.run(Duration::ms(20) * (kPackets + 2));
  const double lost = kPackets - static_cast<double>(air.wireReceiver.arrivals.size());
  // 0.5^7 = 0.78 %; four standard deviations of a binomial.
  const double expected = kPackets * std::pow(0.5, 7);
  CHECK(std::abs(lost - expected) < 4 * std::sqrt(expected));
  const auto delays = delaysMs(air.wireReceiver);
  CHECK(delays.front() == Approx(0.056));
  CHECK(quantile(delays, 0.5) > 0.056);
  bool told = false;
  for (const auto& count : air.box->counts())
    told = told || count.reason == "outbound, best effort: not acknowledged after 7 attempts";
  CHECK(told);
}

TEST_CASE("voice goes before those who always have best effort to send") {
  Wifi wifi = plainAir();
  wifi.stations = {saturated(10)};
  const auto p95 = [&](std::uint8_t dscp, const Wifi& how) {
    Air air(how, 1);
    for (int i = 0; i < 2'000; ++i) air.at(Duration::ms(20) * (i + 1), 0, -1, 200, dscp);
    air.run(Duration::s(41));
    return quantile(delaysMs(air.wireReceiver), 0.95);
  };
  const double voice = p95(46, wifi);
  const double plain = p95(0, wifi);
  CHECK(voice < plain / 3);
  Wifi off = wifi;
  off.wmm = false;
  CHECK(p95(46, off) > 2 * voice);
}

TEST_CASE("packets in one frame share its preamble") {
  Wifi wifi = plainAir();
  wifi.standard = Standard::ac;
  wifi.stations = {saturated(1)};
  Air air(wifi, 0);
  air.run(Duration::s(5));
  // 1538 B in 1544; 42 of them are within 65,535 B. 518,806 bits of 1560 a symbol: 333 symbols.
  const double cycle = 40 + 333 * 4 + 16 + 32 + 43 + 7.5 * 9;
  CHECK(static_cast<double>(air.box->carriedForStations().count()) ==
        Approx(5e6 / cycle * 42 * 1500).epsilon(0.005));
}

TEST_CASE("packets of one frame come in order, also those that are repeated") {
  Wifi wifi = plainAir();
  wifi.standard = Standard::ac;
  wifi.frameLoss = Ratio::percent(40);
  Air air(wifi, 1);
  constexpr int kPackets = 5'000;
  for (int i = 0; i < kPackets; ++i) air.at(Duration::us(200) * (i + 1), 0, -1, 1200);
  air.run(Duration::s(3));
  const auto& arrivals = air.wireReceiver.arrivals;
  // 0.4^7 = 0.16 %.
  CHECK(static_cast<double>(arrivals.size()) == Approx(kPackets * (1 - 0.0016)).margin(12));
  for (std::size_t i = 1; i < arrivals.size(); ++i)
    REQUIRE(arrivals[i].sent > arrivals[i - 1].sent);
}

TEST_CASE("a slow station takes the air from all") {
  // Each sends as many frames as the others, of 2 ms instead of a quarter (Heusse et al., 2003).
  const auto carried = [](std::vector<Stations> stations) {
    Wifi wifi = plainAir();
    wifi.stations = std::move(stations);
    Air air(wifi, 0);
    air.run(Duration::s(10));
    return static_cast<double>(air.box->carriedForStations().count());
  };
  const double fast = carried({saturated(6)});
  const double one = carried({saturated(5), saturated(1, DataRate::mbps(6))});
  // 12,326 bits of 24 a symbol: 514 symbols, 2076 us for 252. Means of six frames with what is
  // around each, collisions left out.
  const double around = 16 + 28 + 43 + 2.6 * 9;
  CHECK(one / fast == Approx((252 + around) * 6 / (5 * 252 + 2076 + 6 * around)).epsilon(0.1));
}

TEST_CASE("stations use the air from the first packet on") {
  Wifi wifi = plainAir();
  wifi.stations = {saturated(10)};
  Air air(wifi, 1, false);
  for (int i = 0; i < 100; ++i) air.at(Duration::s(1) + Duration::ms(20) * i, 0, -1, 200);
  air.run(Duration::s(4));
  REQUIRE(air.wireReceiver.arrivals.size() > 90);
  CHECK(quantile(delaysMs(air.wireReceiver), 0.5) > 0.3);
  // From 1 s to 4 s, at some 28 Mbit/s.
  CHECK(static_cast<double>(air.box->carriedForStations().count()) * 8 / 3 ==
        Approx(28e6).epsilon(0.15));
}
