#include "models/wifi/phy.h"

#include <array>

namespace callflow::wifi {
namespace {

constexpr DataSize kAck = DataSize::bytes(14);
// Compressed, of 64 frames.
constexpr DataSize kBlockAck = DataSize::bytes(32);
// Service field and tail bits around a frame's bits (OFDM).
constexpr std::int64_t kServiceAndTail = 16 + 6;

Duration onAir(Duration preamble, Duration symbol, DataSize size, DataRate rate) {
  const std::int64_t bits = size.count() * 8;
  if (symbol == Duration{}) {
    // Bits of DSSS are counted in whole microseconds (802.11-2020 16.2.3.5).
    const Duration time = transmissionTime(size, rate);
    return preamble + Duration::us((time.count() + 999) / 1000);
  }
  const std::int64_t perSymbol = rate.count() * symbol.count() / Duration::s(1).count();
  const std::int64_t symbols = (kServiceAndTail + bits + perSymbol - 1) / perSymbol;
  return preamble + symbol * symbols;
}

// Rates that every station of the network knows, as access points announce them.
DataRate controlRate(const Phy& phy, DataRate rate) {
  static constexpr std::array kDsss = {DataRate::mbps(2), DataRate::mbps(1)};
  static constexpr std::array kOfdm = {DataRate::mbps(24), DataRate::mbps(12), DataRate::mbps(6)};
  if (phy.symbol == Duration{}) return rate >= kDsss[0] ? kDsss[0] : kDsss[1];
  for (const DataRate each : kOfdm)
    if (rate >= each) return each;
  return kOfdm.back();
}

}  // namespace

Phy phyOf(Standard standard, Band band) {
  Phy phy;
  const bool low = band == Band::ghz2;
  phy.slot = Duration::us(9);
  phy.sifs = low ? Duration::us(10) : Duration::us(16);
  phy.symbol = phy.controlSymbol = Duration::us(4);
  phy.preamble = phy.controlPreamble = Duration::us(20);
  if (low) phy.extension = Duration::us(6);
  switch (standard) {
    case Standard::b:
      phy.slot = Duration::us(20);
      phy.preamble = phy.controlPreamble = Duration::us(192);  // long
      phy.symbol = phy.controlSymbol = phy.extension = Duration{};
      break;
    case Standard::g:
    case Standard::a:
      break;
    case Standard::n:
      phy.preamble = Duration::us(36);  // mixed format, one stream
      phy.aggregates = true;
      break;
    case Standard::ac:
      phy.preamble = Duration::us(40);
      phy.aggregates = true;
      break;
    case Standard::ax:
      // Single user; HE-LTF of 7.2 us and guard interval of 0.8 us.
      phy.preamble = Duration::ns(43'200);
      phy.symbol = Duration::ns(13'600);
      phy.aggregates = true;
      break;
  }
  return phy;
}

Duration airtime(const Phy& phy, DataSize size, DataRate rate) {
  return onAir(phy.preamble, phy.symbol, size, rate) + phy.extension;
}

Duration ackAirtime(const Phy& phy, DataRate rate) {
  return onAir(phy.controlPreamble, phy.controlSymbol, kAck, controlRate(phy, rate)) +
         phy.extension;
}

Duration blockAckAirtime(const Phy& phy, DataRate rate) {
  return onAir(phy.controlPreamble, phy.controlSymbol, kBlockAck, controlRate(phy, rate)) +
         phy.extension;
}

Duration unanswered(const Phy& phy) {
  // EIFS - DIFS: an answer at the lowest rate could be under way (802.11-2020 10.3.2.3.7).
  return phy.sifs + ackAirtime(phy, DataRate{});
}

}  // namespace callflow::wifi
