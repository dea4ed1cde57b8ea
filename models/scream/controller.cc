#include "models/scream/controller.h"

#include <algorithm>

namespace callflow::scream {

Controller::Controller(const Parameters& parameters)
    : parameters_(parameters),
      delay_(parameters),
      delayTarget_(parameters),
      window_(parameters),
      rate_(parameters),
      roundTrip_(parameters.firstRoundTrip) {
  publish();
}

void Controller::onDemand(const congestion::Demand& demand, TimePoint) {
  const DataRate least = demand.least > DataRate{} ? demand.least : parameters_.least;
  const DataRate most = demand.most > DataRate{} ? demand.most : parameters_.most;
  rate_.setBounds(least, std::max(least, most));
  publish();
}

void Controller::onSent(const congestion::SentPacket& packet, DataSize inFlight) {
  window_.onInFlight(inFlight, packet.sent);
  inFlight_ = inFlight;
  packet_ = packet.size;
  sentInInterval_ += packet.size;
  publish();
}

void Controller::onFeedback(const congestion::Feedback& feedback) {
  const congestion::PacketResult* newest = nullptr;
  DataSize newlyAcknowledged, unconfirmed;
  std::int64_t missing = 0;
  for (const congestion::PacketResult& result : feedback.packets) {
    if (result.packet.sequence > acknowledged_) unconfirmed += result.packet.size;
    if (!result.arrived()) {
      ++missing;
      continue;
    }
    newest = &result;
    newlyAcknowledged = unconfirmed;
    acknowledgedInInterval_ += result.packet.size;
  }
  inFlight_ = feedback.inFlight;
  if (newest != nullptr) {
    acknowledged_ = std::max(acknowledged_, newest->packet.sequence);
    const Duration sample = feedback.at - newest->packet.sent;
    roundTrip_ = roundTripKnown_ ? roundTrip_ + (sample - roundTrip_) / 8 : sample;  // RFC 6298
    roundTripKnown_ = true;
    delay_.add(newest->received - newest->packet.sent, delayTarget_.target(), feedback.at);
  }

  const bool lost = missing > 0;
  if (!feedback.packets.empty())
    targets_.loss = static_cast<double>(missing) / static_cast<double>(feedback.packets.size());
  lostInRound_ |= lost;
  // One reaction a round trip. What comes later of the same queue that ran over is no news.
  const bool event = lost && (!lastLoss_ || feedback.at - *lastLoss_ > roundTrip_);
  const bool wasFast = window_.increasesFast();
  if (event) {
    lastLoss_ = feedback.at;
    window_.onLoss();
    rate_.onLoss();
  } else if (newest != nullptr) {
    window_.onAcknowledged(
        {newlyAcknowledged, inFlight_, delay_.queueing(), delayTarget_.target(), delay_.trend()});
    if (wasFast && !window_.increasesFast()) rate_.onCongestion();
  }
  countRound(feedback.at);
  if (parameters_.competingFlows) delayTarget_.adjust(delay_.queueing(), lossEvents_);
  window_.onTrend(delay_.trend(), feedback.at);
  publish();
}

void Controller::countRound(TimePoint now) {
  if (now < nextRound_) return;
  lossEvents_ += parameters_.lossRateWeight * ((lostInRound_ ? 1.0 : 0.0) - lossEvents_);
  lostInRound_ = false;
  nextRound_ = now + roundTrip_;
}

void Controller::onRoundTrip(Duration roundTrip, TimePoint) {
  if (roundTripKnown_) return;
  roundTrip_ = roundTrip;
  roundTripKnown_ = true;
}

void Controller::onQueue(DataSize waiting) {
  waiting_ = waiting;
  leastWaiting_ = std::min(leastWaiting_, waiting);
  publish();
}

void Controller::process(TimePoint now) {
  if (intervalBegan_ && now > *intervalBegan_) {
    const Duration length = now - *intervalBegan_;
    const DataSize made = std::max(DataSize{}, sentInInterval_ + waiting_ - waitingBefore_);
    rate_.onInterval({rateOf(sentInInterval_, length), rateOf(acknowledgedInInterval_, length),
                      rateOf(made, length), leastWaiting_, window_.increasesFast(), delay_.trend(),
                      delay_.remembered()});
  }
  intervalBegan_ = now;
  sentInInterval_ = acknowledgedInInterval_ = {};
  waitingBefore_ = leastWaiting_ = waiting_;
  publish();
}

// Section 4.1.2.5.
bool Controller::windowIsFull() const {
  DataSize allowed = window_.size();
  if (delay_.queueing() <= delayTarget_.target()) allowed += parameters_.segment;
  return inFlight_ + packet_ > allowed;
}

void Controller::publish() {
  const DataRate clocked = std::max(parameters_.leastPacing,
                                    rateOf(window_.size(), std::max(roundTrip_, Duration::ms(1))));
  targets_.target = rate_.target();
  targets_.available = clocked;
  // Not nothing while it is full: where all feedback was lost, something must go on
  // (section 4.1.2.6).
  targets_.pacing = windowIsFull() ? parameters_.leastPacing : clocked;
  targets_.encoderShare = waiting_ > dataIn(rate_.target(), parameters_.longestWaiting) ? 0.0 : 1.0;
  targets_.roundTrip = roundTrip_;
}

}  // namespace callflow::scream
