// What a Wi-Fi network is given by.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "models/fabric/box_kind.h"
#include "models/shaper/parameters.h"
#include "models/wifi/categories.h"
#include "models/wifi/phy.h"
#include "src/units/units.h"

namespace callflow::wifi {

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
