// What a Wi-Fi network is given by.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "models/fabric/box_kind.h"
#include "models/shaper/parameters.h"
#include "src/units/units.h"

namespace callflow::wifi {

enum class Band : std::uint8_t { ghz2, ghz5 };
// The amendments of 802.11, by their letters.
enum class Standard : std::uint8_t { b, g, a, n, ac, ax };
// In the order of their precedence, the last one first.
enum class AccessCategory : std::uint8_t { background, bestEffort, video, voice };
// RFC 8325's table, or the three upper bits as older drivers and access points take them.
enum class DscpMap : std::uint8_t { rfc8325, precedence };

constexpr bool isIn(Standard standard, Band band) {
  switch (standard) {
    case Standard::b:
    case Standard::g:
      return band == Band::ghz2;
    case Standard::a:
    case Standard::ac:
      return band == Band::ghz5;
    case Standard::n:
    case Standard::ax:
      break;
  }
  return true;
}

constexpr Standard usualStandard(Band band) {
  return band == Band::ghz2 ? Standard::n : Standard::ac;
}

// Of one spatial stream, as a laptop some metres away has it.
constexpr DataRate usualRate(Standard standard) {
  switch (standard) {
    case Standard::b:
      return DataRate::mbps(11);
    case Standard::g:
    case Standard::a:
      return DataRate::mbps(54);
    case Standard::n:
      return DataRate::mbps(65);  // 20 MHz, MCS 7
    case Standard::ac:
      return DataRate::mbps(390);  // 80 MHz, MCS 9
    case Standard::ax:
      break;
  }
  return DataRate::kbps(480'400);  // 80 MHz, MCS 9
}

// Computers that share the air and are in no call: colleagues, guests, neighbours on the channel.
struct Stations {
  std::int64_t count = 1;
  std::optional<DataRate> rate;  // that they send at and are sent at; absent: the network's
  DataRate up, down;             // each sends and gets, of IP packets; up unlimited: never idle
  DataSize packet;
  AccessCategory category = AccessCategory::bestEffort;
};

struct Wifi {
  Band band = Band::ghz5;
  std::optional<Standard> standard;  // absent: what is usual in the band
  std::optional<DataRate> rate;      // of data frames; absent: a usual one of the standard
  Ratio frameLoss;                   // of transmissions, before they are repeated
  bool wmm = true;                   // access categories; without, all are alike
  DscpMap dscpMap = DscpMap::rfc8325;
  bool encrypted = true;
  bool aggregation = true;  // of standards that have it
  shaper::Discipline discipline = shaper::Discipline::fqCodel;
  std::optional<DataSize> queue;  // of each sender, receiver and category; absent: as the
                                  // discipline is shipped
  std::vector<Stations> stations;

  Standard standardUsed() const { return standard.value_or(usualStandard(band)); }
  DataRate rateUsed() const { return rate.value_or(usualRate(standardUsed())); }
};

inline fabric::BoxRole roleOf(const Wifi&) {
  return {.name = "Wi-Fi access point", .wireless = true};
}
const config::Table<Wifi>& tableOf(const Wifi*);
std::unique_ptr<fabric::Box> makeBox(const Wifi& parameters, const fabric::BoxPlace& place);

}  // namespace callflow::wifi
