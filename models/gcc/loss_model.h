// How likely what was lost is, if the path carries so much and loses so much anyway. libwebrtc
// takes losses to be of two kinds: inherent ones, which no lower rate avoids (a radio link), and
// those of a queue that is full, which are what was sent beyond the bandwidth.
#pragma once

#include "models/gcc/loss_observations.h"

namespace callflow::gcc {

// A guess at what the path is.
struct LossChannel {
  DataRate bandwidth;
  double inherentLoss = 0;  // share
};

class LossModel {
 public:
  // The more a path carries, the less of what it loses is inherent: 5 % and this much at most.
  // Below `preferred` average loss a higher bandwidth is taken to be likelier, above it a lower.
  LossModel(DataRate balance, double preferred) : balance_(balance), preferred_(preferred) {}

  // The channel with its inherent loss within what such a path may lose,
  LossChannel feasible(LossChannel channel) const;
  // and one step nearer to what the observations say it is.
  LossChannel refined(LossChannel channel, const LossObservations& observations) const;
  // The logarithm, and the preference added to it.
  double likelihood(const LossChannel& channel, const LossObservations& observations) const;

 private:
  double preference(DataRate bandwidth, double averageLoss) const;

  DataRate balance_;
  double preferred_;
};

}  // namespace callflow::gcc
