// PIE (RFC 8033): packets are dropped as they come, at random, with a probability that a controller
// steers by how long the queue's packets wait.
#pragma once

#include "models/fabric/random.h"
#include "models/shaper/fifo.h"

namespace callflow::shaper {

struct PieParameters {
  Duration target = Duration::ms(15);           // RFC 8033 4.2, QDELAY_REF
  Duration updatePeriod = Duration::ms(15);     // RFC 8033 4.2, T_UPDATE
  Duration burstAllowance = Duration::ms(150);  // RFC 8033 4.4, MAX_BURST
  double alpha = 0.125;                         // RFC 8033 4.2
  double beta = 1.25;                           // RFC 8033 4.2
};

class PieQueue final : public Queue {
 public:
  PieQueue(const QueueBound& bound, const PieParameters& parameters, const std::string& name);
  void put(const Waiting& packet, const Waiting* ahead, TimePoint now, Drops& drops) override;
  std::optional<Waiting> take(TimePoint now, Drops& drops) override;
  bool empty() const override { return line_.packets() == 0; }
  double probability() const { return probability_; }

 private:
  void updateUntil(TimePoint now);
  void update(Duration wait);
  bool dropsEarly();

  PieParameters parameters_;
  Line line_;
  fabric::RandomStream random_;
  double probability_ = 0;
  double accumulated_ = 0;  // since the last drop (RFC 8033 5.3)
  Duration wait_;           // of the packet that left last
  Duration lastWait_;       // as of the last update
  Duration burst_;          // what is left of the allowance
  TimePoint nextUpdate_;
};

}  // namespace callflow::shaper
