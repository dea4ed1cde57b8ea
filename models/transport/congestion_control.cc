#include "models/transport/congestion_control.h"

#include <algorithm>
#include <string>

#include "models/transport/bbr.h"
#include "models/transport/cubic.h"

namespace callflow::transport {

namespace {

// RFC 5681.
class Reno final : public CongestionControl {
 public:
  std::int32_t reducedThreshold(const CongestionWindow& window) override {
    return std::max(window.size / 2, 2);
  }
  void grow(CongestionWindow& window, const AckEvent& ack) override {
    std::int32_t left = ack.acknowledged;
    if (window.slowStart()) left = slowStart(window, left);
    if (left > 0) growLinearly(window, window.size, left);
  }
};

}  // namespace

void CongestionControl::measured(CongestionWindow&, const AckEvent&) {}
void CongestionControl::restarted(Ticks, Ticks) {}

std::int32_t slowStart(CongestionWindow& window, std::int32_t acknowledged) {
  const std::int32_t grown = std::min(window.size + acknowledged, window.threshold);
  const std::int32_t left = acknowledged - (grown - window.size);
  window.size = grown;
  return left;
}

void growLinearly(CongestionWindow& window, std::int32_t perPacket, std::int32_t acknowledged) {
  // What was counted towards a larger `perPacket` is worth one packet.
  if (window.counted >= perPacket) {
    window.counted = 0;
    ++window.size;
  }
  window.counted += acknowledged;
  if (window.counted >= perPacket) {
    window.size += window.counted / perPacket;
    window.counted %= perPacket;
  }
}

std::unique_ptr<CongestionControl> makeCongestionControl(CongestionAlgorithm algorithm,
                                                         const KernelTicks& ticks,
                                                         std::string_view name) {
  switch (algorithm) {
    case CongestionAlgorithm::reno:
      return std::make_unique<Reno>();
    case CongestionAlgorithm::cubic:
      return std::make_unique<Cubic>(ticks);
    case CongestionAlgorithm::bbr:
      return std::make_unique<Bbr>(ticks, fabric::RandomStream(std::string(name) + " bbr phase"));
  }
  return nullptr;
}

}  // namespace callflow::transport
