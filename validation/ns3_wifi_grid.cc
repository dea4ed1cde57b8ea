// ns3_wifi PART PARTS FILE.csv
//
// Runs one part of the grid of points in ns-3's Wi-Fi (part 0 of 2, say, so that two can run at
// once) and writes its rows. All parts together are data/ns3_wifi.csv.
#include <fstream>
#include <functional>
#include <iostream>
#include <string>
#include <vector>

#include "validation/ns3_wifi.h"

using callflow::validation::runNs3Wifi;
using callflow::validation::WifiPoint;
using callflow::validation::WifiResult;

namespace {

constexpr unsigned kSeeds = 2;

struct Phy {
  std::string standard, dataMode;
  int width;
  double band;
};

const Phy kG54{"802.11g", "ErpOfdmRate54Mbps", 20, 2.4};
const Phy kN7{"802.11n", "HtMcs7", 20, 5};
const Phy kAc4{"802.11ac", "VhtMcs4", 80, 5};
const Phy kB11{"802.11b", "DsssRate11Mbps", 20, 2.4};

WifiPoint pointOn(const Phy& phy, int others, int calls) {
  WifiPoint point;
  point.standard = phy.standard;
  point.dataMode = phy.dataMode;
  point.width = phy.width;
  point.band = phy.band;
  point.others = others;
  point.calls = calls;
  // Every frame costs ns-3 an event at every station: what is busy is measured for less long.
  point.seconds = others == 0 ? 10 : others <= 5 ? 5 : 3;
  return point;
}

WifiResult& operator+=(WifiResult& sum, const WifiResult& r) {
  sum.otherThroughput += r.otherThroughput;
  for (const auto field :
       {&WifiResult::upMean, &WifiResult::upP50, &WifiResult::upP95, &WifiResult::upP99,
        &WifiResult::upLoss, &WifiResult::downMean, &WifiResult::downP50, &WifiResult::downP95,
        &WifiResult::downP99, &WifiResult::downLoss}) {
    sum.*field += r.*field;
  }
  return sum;
}

WifiResult meanOf(const WifiResult& sum, double n) {
  return {sum.otherThroughput / n, sum.upMean / n,  sum.upP50 / n,    sum.upP95 / n,
          sum.upP99 / n,           sum.upLoss / n,  sum.downMean / n, sum.downP50 / n,
          sum.downP95 / n,         sum.downP99 / n, sum.downLoss / n};
}

class Table {
 public:
  explicit Table(const std::string& path) : file_(path) {
    file_
        << "family,standard,dataMode,width,band,others,otherRate,otherPayload,audioCategory,"
           "calls,audioPayload,frameErrorRate,seconds,aggregate,txop,otherThroughput,upMean,upP50,"
           "upP95,upP99,upLoss,downMean,downP50,downP95,downP99,downLoss\n";
  }

  // Measures the point and adds its row.
  WifiResult add(const std::string& family, const WifiPoint& point) {
    WifiResult sum;
    for (unsigned seed = 1; seed <= kSeeds; ++seed) sum += runNs3Wifi(point, seed);
    const WifiResult mean = meanOf(sum, kSeeds);
    write(family, point, mean);
    return mean;
  }

 private:
  void write(const std::string& family, const WifiPoint& p, const WifiResult& r) {
    file_ << family << ',' << p.standard << ',' << p.dataMode << ',' << p.width << ',' << p.band
          << ',' << p.others << ',' << p.otherRate << ',' << p.otherPayload << ','
          << p.audioCategory << ',' << p.calls << ',' << p.audioPayload << ',' << p.frameErrorRate
          << ',' << p.seconds << ',' << p.aggregate << ',' << p.txop << ',' << r.otherThroughput
          << ',' << r.upMean << ',' << r.upP50 << ',' << r.upP95 << ',' << r.upP99 << ','
          << r.upLoss << ',' << r.downMean << ',' << r.downP50 << ',' << r.downP95 << ','
          << r.downP99 << ',' << r.downLoss << std::endl;
  }

  std::ofstream file_;
};

// What is run in one piece; the most wanted come first.
using Unit = std::function<void(Table&)>;

void saturation(Table& table, const Phy& phy, int others, int payload, bool aggregate) {
  WifiPoint point = pointOn(phy, others, 0);
  point.otherPayload = payload;
  point.seconds = 3;
  point.aggregate = aggregate;
  table.add("A", point);
}

// An access category, and for VO whether its TXOP limit is left as it is.
struct Access {
  std::string category;
  bool txop;
};

const Access kBe{"BE", true};
const Access kVoNoTxop{"VO", false};

// The loads are shares of what the others get when saturated beside the same two calls.
void audioBesideOthers(Table& table, const Phy& phy, int others, const Access& access,
                       const std::vector<double>& shares) {
  WifiPoint point = pointOn(phy, others, 2);
  point.audioCategory = access.category;
  point.txop = access.txop;
  const double saturated = table.add("B", point).otherThroughput;
  for (const double share : shares) {
    point.otherRate = share * saturated / others;
    table.add("B", point);
  }
}

void manyCalls(Table& table, const Phy& phy, int calls, const Access& access) {
  WifiPoint point = pointOn(phy, 0, calls);
  point.audioCategory = access.category;
  point.txop = access.txop;
  table.add("C", point);
}

void withErrors(Table& table, const Phy& phy, double rate, const std::string& category) {
  WifiPoint point = pointOn(phy, 0, 2);
  point.audioCategory = category;
  point.txop = false;
  point.frameErrorRate = rate;
  table.add("D", point);
  point.others = 5;
  point.frameErrorRate = 0;
  const double saturated = runNs3Wifi(point, 1).otherThroughput;
  point.frameErrorRate = rate;
  point.otherRate = 0.6 * saturated / point.others;
  table.add("D", point);
}

void oldStandard(Table& table, const std::string& category) {
  WifiPoint point = pointOn(kB11, 5, 2);
  point.txop = false;
  point.audioCategory = category;
  table.add("D", point);
}

void addSaturation(std::vector<Unit>& units, int others) {
  for (const int payload : {1472, 160}) {
    units.push_back([=](Table& t) { saturation(t, kG54, others, payload, true); });
    units.push_back([=](Table& t) { saturation(t, kN7, others, payload, false); });
    units.push_back([=](Table& t) { saturation(t, kN7, others, payload, true); });
    units.push_back([=](Table& t) { saturation(t, kAc4, others, payload, true); });
  }
}

void addAudio(std::vector<Unit>& units, int others, const std::vector<Access>& accesses,
              const std::vector<double>& shares) {
  for (const Phy& phy : {kG54, kN7, kAc4}) {
    for (const Access& access : accesses) {
      units.push_back([=](Table& t) { audioBesideOthers(t, phy, others, access, shares); });
    }
  }
}

void addManyCalls(std::vector<Unit>& units) {
  for (const int calls : {10, 20}) {
    for (const Phy& phy : {kG54, kN7}) {
      for (const Access& access : {kBe, kVoNoTxop}) {
        units.push_back([=](Table& t) { manyCalls(t, phy, calls, access); });
      }
    }
  }
}

void addErrors(std::vector<Unit>& units) {
  for (const std::string category : {"BE", "VO"}) {
    units.push_back([=](Table& t) { oldStandard(t, category); });
    for (const double rate : {0.1, 0.3}) {
      units.push_back([=](Table& t) { withErrors(t, kG54, rate, category); });
      units.push_back([=](Table& t) { withErrors(t, kN7, rate, category); });
    }
  }
}

std::vector<Unit> allUnits() {
  std::vector<Unit> units;
  addAudio(units, 0, {kBe, kVoNoTxop}, {});
  addSaturation(units, 5);
  addAudio(units, 5, {kBe, kVoNoTxop}, {0.6});
  addManyCalls(units);
  addErrors(units);
  for (const int others : {1, 20}) addSaturation(units, others);
  return units;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    std::cerr << "usage: " << argv[0] << " PART PARTS FILE.csv\n";
    return 2;
  }
  const auto part = std::stoul(argv[1]);
  const auto parts = std::stoul(argv[2]);
  Table table(argv[3]);
  const auto units = allUnits();
  for (std::size_t i = part; i < units.size(); i += parts) {
    units[i](table);
    std::cerr << "unit " << i + 1 << " of " << units.size() << '\n';
  }
}
