// Which share of the frames sent has arrived within a delay.
#pragma once

#include <cmath>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "src/plot/picture.h"

namespace callflow::plot::delay_cdf {

inline constexpr const char* kName = "delay-cdf";
inline constexpr double kHistogramBin = 0.1;  // in ms, of StreamRecord::delayHistogram

struct Curve {
  std::string variant;
  std::map<std::int32_t, std::int64_t> bins;
  std::int64_t sent = 0;  // that came, or never will: those on their way at the end are not counted
  std::int64_t received = 0;

  // Share of the frames sent that took less than the bin's lower edge, for ascending bins.
  std::vector<std::pair<std::int32_t, double>> cumulative() const {
    std::vector<std::pair<std::int32_t, double>> points;
    std::int64_t before = 0;
    for (const auto& [bin, frames] : bins) {
      points.emplace_back(bin, static_cast<double>(before) / static_cast<double>(sent));
      before += frames;
      points.emplace_back(bin + 1, static_cast<double>(before) / static_cast<double>(sent));
    }
    return points;
  }
  double lostShare() const {
    return static_cast<double>(sent - received) / static_cast<double>(sent);
  }
  // Delay within which `share` of the frames sent has come; NaN if they never do.
  double within(double share) const {
    std::int64_t sum = 0;
    for (const auto& [bin, frames] : bins) {
      sum += frames;
      if (static_cast<double>(sum) >= share * static_cast<double>(sent))
        return (bin + 1) * kHistogramBin;
    }
    return std::nan("");
  }
};

struct Data {
  std::string title, subtitle;
  std::vector<Curve> curves;
  double low = 0, high = 0;  // ms: what the axis of delays must show
  double share = 0;          // that delays are told of
  double floor = 0;          // of the axis of shares
  std::string table;
};

Found<Data> dataOf(const results::Result& result);
Figure figureOf(const Data& data);

std::string percentText(double share);       // "1.4 %"
std::string millisecondsText(double value);  // "never" of NaN

}  // namespace callflow::plot::delay_cdf
