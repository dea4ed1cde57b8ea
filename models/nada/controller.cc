#include "models/nada/controller.h"

#include <algorithm>

namespace callflow::nada {

Controller::Controller(const Parameters& parameters)
    : parameters_(parameters), observer_(parameters), reference_(parameters.least) {
  publish();
}

void Controller::onDemand(const congestion::Demand& demand, TimePoint) {
  const bool starting = !lastFeedback_.has_value();
  if (demand.least > DataRate{}) parameters_.least = demand.least;
  if (demand.most > DataRate{}) parameters_.most = std::max(demand.most, parameters_.least);
  if (starting) reference_ = parameters_.least;
  reference_ = std::clamp(reference_, parameters_.least, parameters_.most);
  publish();
}

void Controller::onFeedback(const congestion::Feedback& feedback) {
  if (feedback.packets.empty()) return;
  observer_.add(feedback);
  for (const congestion::PacketResult& result : feedback.packets) {
    if (result.arrived()) roundTrip_ = feedback.at - result.packet.sent;
  }
  const Duration since =
      lastFeedback_ ? feedback.at - *lastFeedback_ : parameters_.feedbackInterval;
  lastFeedback_ = feedback.at;
  if (observer_.idle())
    grow();
  else
    adjust(since);
  signal_ = observer_.congestion();
  reference_ = std::clamp(reference_, parameters_.least, parameters_.most);
  publish();
}

// Accelerated ramp-up, equations 3 and 4: as fast as makes no more queueing than QBOUND until the
// sender learns of it.
void Controller::grow() {
  const Duration blind = roundTrip_ + parameters_.feedbackInterval + parameters_.filtering;
  const double growth =
      std::min(parameters_.fastestGrowth, parameters_.selfInflicted.seconds() / blind.seconds());
  reference_ = std::max(reference_, scaled(observer_.received(), 1 + growth));
}

// Gradual rate update, equations 5 to 7.
void Controller::adjust(Duration since) {
  const double bound = parameters_.roundTripBound.seconds();
  const double signal = observer_.congestion().seconds();
  const double share =
      static_cast<double>(parameters_.most.count()) / static_cast<double>(reference_.count());
  const double offset =
      signal - parameters_.priority * parameters_.referenceSignal.seconds() * share;
  const double change = signal - signal_.seconds();
  const double step = parameters_.scaling * (since.seconds() / bound) * (offset / bound) +
                      parameters_.scaling * parameters_.damping * change / bound;
  // A signal that leaps to its bound would take all: the clamp to RMIN is what then counts.
  reference_ = scaled(reference_, std::max(0.0, 1 - step));
}

void Controller::onRoundTrip(Duration roundTrip, TimePoint) {
  if (!lastFeedback_) roundTrip_ = roundTrip;
}

void Controller::onQueue(DataSize waiting) {
  waiting_ = waiting;
  publish();
}

// Equations 9 to 12: what waits is worked off by a little less coding and a little more sending.
void Controller::publish() {
  const double rate = static_cast<double>(reference_.count());
  const double waiting = 8 * static_cast<double>(waiting_.count()) * parameters_.framesPerSecond;
  const double bound = parameters_.shapingBound * rate;
  const auto bits = [](double value) {
    return DataRate::bitsPerSecond(static_cast<std::int64_t>(value + 0.5));
  };
  const DataRate less = bits(std::min(bound, parameters_.videoShare * waiting));
  const DataRate more = bits(std::min(bound, parameters_.sendingShare * waiting));
  targets_.target = std::max(parameters_.least, reference_ - less);
  targets_.pacing = std::min(parameters_.most, reference_ + more);
  targets_.available = reference_;
  targets_.roundTrip = roundTrip_;
  targets_.loss = observer_.loss();
}

}  // namespace callflow::nada
