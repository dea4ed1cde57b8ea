#include "models/fabric/loss.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace callflow::fabric {
namespace {

// Mean stay in the good state when the mean stay in the bad one is `bad`.
double goodFor(Ratio mean, double bad) {
  return bad * (1 - mean.value()) / mean.value();
}

// What a packet of 1250 B takes at 100 Mbit/s: a burst that is shorter is one packet's. It bounds
// the draws that a simulated second can cost.
constexpr Duration kShortestStay = Duration::us(100);

}  // namespace

GilbertElliottInTime::GilbertElliottInTime(Ratio mean, Duration bad, RandomStream random)
    : meanBad_(std::max(bad, kShortestStay)),
      meanGood_(
          Duration::ns(std::llround(std::clamp(goodFor(mean, static_cast<double>(meanBad_.count())),
                                               static_cast<double>(kShortestStay.count()), 3e18)))),
      random_(std::move(random)) {
  bad_ = random_.uniform() < mean.value();
  ends_.push_back(TimePoint::at(random_.exponential(bad_ ? meanBad_ : meanGood_)));
}

bool GilbertElliottInTime::isBad(TimePoint at, TimePoint now) {
  while (at >= ends_.back()) {
    const bool last = bad_ == (ends_.size() % 2 == 1);
    ends_.push_back(ends_.back() + random_.exponential(last ? meanGood_ : meanBad_));
    if (now >= ends_.front()) {
      ends_.pop_front();
      bad_ = !bad_;
    }
  }
  while (now >= ends_.front()) {
    ends_.pop_front();
    bad_ = !bad_;
  }
  if (at < ends_.front()) return bad_;
  const auto stay = std::upper_bound(ends_.begin(), ends_.end(), at) - ends_.begin();
  return bad_ == (stay % 2 == 0);
}

GilbertElliottInPackets::GilbertElliottInPackets(Ratio mean, PacketCount burst, RandomStream random)
    : random_(std::move(random)) {
  const double shortest = mean.value() / (1 - mean.value());
  const double length = std::max({1.0, static_cast<double>(burst.count), shortest});
  badToGood_ = 1 / length;
  goodToBad_ = std::min(1.0, 1 / goodFor(mean, length));
  bad_ = random_.uniform() < mean.value();
}

bool GilbertElliottInPackets::nextIsLost() {
  const bool lost = bad_;
  if (random_.uniform() < (bad_ ? badToGood_ : goodToBad_)) bad_ = !bad_;
  return lost;
}

void LossProcess::configure(const LossParameters& parameters) {
  if (parameters == parameters_) return;
  parameters_ = parameters;
  std::sort(parameters_.drop.begin(), parameters_.drop.end());
  inTime_.reset();
  inPackets_.reset();
  const bool chain =
      parameters.burst && parameters.mean > Ratio{} && parameters.mean < Ratio::percent(100);
  if (!chain) return;
  RandomStream random(name_ + " loss bursts", generation_++);
  if (const auto* time = std::get_if<Duration>(&*parameters.burst)) {
    inTime_.emplace(parameters.mean, *time, std::move(random));
  } else {
    inPackets_.emplace(parameters.mean, std::get<PacketCount>(*parameters.burst),
                       std::move(random));
  }
}

bool LossProcess::isLost(const Packet& packet, TimePoint at, TimePoint now) {
  bool lost = false;
  if (packet.has(packet_flag::kMedia | packet_flag::kNewData)) {
    ++newMedia_;
    lost = std::binary_search(parameters_.drop.begin(), parameters_.drop.end(), newMedia_);
  }
  if (inTime_) {
    lost |= inTime_->isBad(at, now);
  } else if (inPackets_) {
    lost |= inPackets_->nextIsLost();
  } else if (parameters_.mean > Ratio{}) {
    lost |= independent_.of(packet).uniform() < parameters_.mean.value();
  }
  return lost;
}

}  // namespace callflow::fabric
