#include "models/client/shared_rate.h"

namespace callflow::client {

void SharedRate::add(OutgoingVideo& stream) {
  streams_.push_back(&stream);
  tellDemands();
}

void SharedRate::demandChanged(TimePoint now) {
  tellDemands();
  session_.demandChanged(now);
}

void SharedRate::tellDemands() {
  std::vector<congestion::StreamDemand> demands;
  for (const OutgoingVideo* const each : streams_) demands.push_back(each->demand());
  allocator_.setStreams(std::move(demands));
}

congestion::Demand SharedRate::demand() const {
  const congestion::DemandLimits limits = allocator_.limits();
  return {limits.least, limits.most, limits.padding};
}

void SharedRate::onAllowance(const rtp::Allowance& allowance, TimePoint now) {
  const std::vector<DataRate> rates = allocator_.allocate(allowance.target);
  for (std::size_t i = 0; i < streams_.size(); ++i)
    allocator_.setProtection(i, streams_[i]->setRate(rates[i], allowance, now));
}

}  // namespace callflow::client
