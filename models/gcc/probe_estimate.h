// What probes have found out: of the packets of each, how fast they were sent and how fast they
// came (libwebrtc, goog_cc/probe_bitrate_estimator.cc).
#pragma once

#include <optional>
#include <vector>

#include "models/congestion/controller.h"
#include "models/congestion/feedback.h"

namespace callflow::gcc {

class ProbeEstimate {
 public:
  // To be told of each probe that is asked for: how much of it must come is known from it.
  void expect(const congestion::Probe& probe);
  // Of a packet that belongs to a probe and has arrived. The rate that the path carries, once
  // enough of the probe has come; anew with each further packet of it.
  std::optional<DataRate> onPacket(const congestion::PacketResult& result);
  // The last rate found since this was asked, as libwebrtc uses it once a feedback.
  std::optional<DataRate> take();

 private:
  struct Cluster {
    int number = 0;
    int leastPackets = 0;
    DataSize leastSize;

    int packets = 0;
    DataSize size;
    TimePoint firstSent = TimePoint::max(), lastSent;
    DataSize lastSentSize;
    TimePoint firstCame = TimePoint::max(), lastCame;
    DataSize firstCameSize;
  };

  void forgetBefore(TimePoint now);
  static void add(Cluster& cluster, const congestion::PacketResult& result);
  static std::optional<DataRate> rateOfCluster(const Cluster& cluster);

  std::vector<Cluster> clusters_;  // in order of their numbers
  std::optional<DataRate> last_;
};

}  // namespace callflow::gcc
