// When a client tells its user that the network is poor, and that it is good again.
#include "models/quality/network_diagnostic.h"

#include <catch2/catch.hpp>
#include <optional>
#include <string>
#include <vector>

using callflow::Duration;
using callflow::quality::NetworkDiagnostic;
using callflow::quality::NetworkQuality;
using callflow::quality::NetworkSecond;

namespace {

// "3 poor, 9 good": in which second what is told.
std::string told(const std::vector<NetworkSecond>& seconds) {
  NetworkDiagnostic diagnostic;
  std::string text;
  for (std::size_t i = 0; i < seconds.size(); ++i) {
    const auto quality = diagnostic.add(seconds[i]);
    if (!quality) continue;
    text += (text.empty() ? "" : ", ") + std::to_string(i + 1);
    text += *quality == NetworkQuality::good   ? " good"
            : *quality == NetworkQuality::poor ? " poor"
                                               : " bad";
  }
  return text;
}

std::vector<NetworkSecond> of(const std::vector<double>& concealed) {
  std::vector<NetworkSecond> seconds;
  for (const double each : concealed) seconds.push_back({each, 0, 0, {}});
  return seconds;
}

}  // namespace

TEST_CASE("More than 7 % concealed of five seconds is bad, more than half of that poor") {
  // Sums of five: 0.17 = 3.4 %, 0.18 = 3.6 %; 0.35 = 7 %, 0.36.
  CHECK(told(of({0.17, 0, 0, 0, 0})).empty());
  CHECK(told(of({0, 0, 0.18})) == "3 poor");
  CHECK(told(of({0.1, 0.1, 0.1, 0.04})) == "2 poor");
  CHECK(told(of({0.1, 0.1, 0.1, 0.06})) == "2 poor, 4 bad");
  CHECK(told(of({0.9})) == "1 bad");
}

TEST_CASE("It is good again when it was for five seconds") {
  // The second with 0.18 counts until second 5; good from 6 on, for five: 10.
  CHECK(told(of({0.18, 0, 0, 0, 0, 0, 0, 0, 0})) == "1 poor");
  CHECK(told(of({0.18, 0, 0, 0, 0, 0, 0, 0, 0, 0})) == "1 poor, 10 good");
  // Not if it was worse meanwhile.
  CHECK(told(of({0.18, 0, 0, 0, 0, 0, 0.18, 0, 0, 0, 0, 0, 0, 0, 0})) == "1 poor");
}

TEST_CASE("Loss, round trips and pictures that stand have limits of their own") {
  const std::vector<NetworkSecond> lost(5, NetworkSecond{0, 0, 0.11, {}});
  // 0.11, 0.22, 0.33 ... over five: 2.2 %, 4.4 %, 6.6 %, 8.8 %, 11 %.
  CHECK(told(lost) == "3 poor, 5 bad");
  const std::vector<NetworkSecond> far(5, NetworkSecond{0, 0, 0, Duration::ms(501)});
  CHECK(told(far) == "3 poor, 5 bad");
  const std::vector<NetworkSecond> frozen(3, NetworkSecond{0, 1, 0, {}});
  // 20 %, 40 %, 60 %.
  CHECK(told(frozen) == "2 poor, 3 bad");
}
