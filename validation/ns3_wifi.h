// Measures ns-3's Wi-Fi at one point: calls and contending stations on one channel of one AP, all
// hearing each other equally well.
#pragma once

#include <string>

namespace callflow::validation {

struct WifiPoint {
  std::string standard = "802.11g";            // 802.11a, b, g, n, ac or ax
  std::string dataMode = "ErpOfdmRate54Mbps";  // ns-3's name, for unicast data frames
  int width = 20;                              // MHz
  double band = 2.4;                           // GHz: 2.4 or 5
  int others = 0;                              // stations sending UDP to the AP as best effort
  double otherRate = 0;              // bit/s of UDP payload of each; 0: always more to send
  int otherPayload = 1472;           // bytes
  int audioDscp = 46;                // goes into the IP header and decides nothing here
  std::string audioCategory = "VO";  // BK, BE, VI or VO: what decides
  int calls = 0;                     // stations with 50 packets/s each way
  int audioPayload = 172;            // bytes; at least 4
  double frameErrorRate = 0;         // of each data MPDU at its receiver, independent
  double seconds = 10;               // measured
  bool aggregate = true;             // A-MPDU at ns-3's default sizes; false: none
  bool txop = true;                  // false: TXOP limit 0 for VO and VI, so no CF-End
  bool wmm = true;                   // QoS; without it everything is of one category
};

// Audio is counted by the packets sent while measuring, delay being from application to application
// and lost ones being left out of it. Throughput is counted by the packets delivered in that time.
struct WifiResult {
  double otherThroughput = 0;  // bit/s of UDP payload, all others together
  double upMean = 0, upP50 = 0, upP95 = 0, upP99 = 0, upLoss = 0;            // s, s, s, s, share
  double downMean = 0, downP50 = 0, downP95 = 0, downP99 = 0, downLoss = 0;  // likewise
};

// The same point and seed give the same result, whatever ran before in this process.
// Throws std::invalid_argument or std::runtime_error.
WifiResult runNs3Wifi(const WifiPoint& point, unsigned seed);

}  // namespace callflow::validation
