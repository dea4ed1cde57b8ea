// What arrives of what is sent, by the receiver's clock.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "models/congestion/feedback.h"
#include "src/units/units.h"

namespace callflow::gcc {

class Throughput {
 public:
  virtual ~Throughput() = default;
  // Packets that have arrived, in that order.
  virtual void add(std::span<const congestion::PacketResult> arrived) = 0;
  // Packets that are sent from now on may come at quite another rate.
  virtual void onLimitedPeriodEnded(TimePoint) {}
  virtual std::optional<DataRate> rate() const = 0;
};

// From all packets of the last second, without the longest gap, and never more than was sent
// (libwebrtc's robust_throughput_estimator.cc).
class RobustThroughput final : public Throughput {
 public:
  void add(std::span<const congestion::PacketResult> arrived) override;
  std::optional<DataRate> rate() const override;

 private:
  struct Packet {
    TimePoint sent, received;
    DataSize size;
  };

  std::span<const Packet> window() const;
  bool firstIsOld() const;
  void insert(const Packet& packet);
  void forgetOld();

  std::vector<Packet> packets_;  // by arrival
  std::size_t first_ = 0;        // in use; those before it wait to be erased
  TimePoint forgotten_;          // the latest departure of one that is not in the window any more
};

// A Bayesian mean of what came in windows of 150 ms: the longer a sample's way from the mean, the
// less it counts (libwebrtc's bitrate_estimator.cc, in use until 2021).
class BayesianThroughput final : public Throughput {
 public:
  void add(std::span<const congestion::PacketResult> arrived) override;
  void onLimitedPeriodEnded(TimePoint now) override { limitedUntil_ = now; }
  std::optional<DataRate> rate() const override;

 private:
  std::optional<double> sample(TimePoint received, DataSize size);
  void update(double sample);

  std::optional<double> estimate_;  // kbit/s
  double variance_ = 50;
  DataSize sum_;
  Duration window_;  // that has passed
  std::optional<TimePoint> last_;
  std::optional<TimePoint> limitedUntil_;
};

}  // namespace callflow::gcc
