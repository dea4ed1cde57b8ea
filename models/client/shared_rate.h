// What a client's session is allowed, shared out among its camera and its screen.
#pragma once

#include <vector>

#include "models/client/outgoing_video.h"
#include "models/congestion/bitrate_allocator.h"
#include "models/rtp/session.h"

namespace callflow::client {

class SharedRate : public rtp::RateListener {
 public:
  // `session` must outlive it, and they it.
  explicit SharedRate(rtp::Session& session) : session_(session) { session.setRateListener(*this); }
  SharedRate(const SharedRate&) = delete;
  SharedRate& operator=(const SharedRate&) = delete;

  void add(OutgoingVideo& stream);
  // What they need or can use has changed.
  void demandChanged(TimePoint now);

  congestion::Demand demand() const override;
  void onAllowance(const rtp::Allowance& allowance, TimePoint now) override;

 private:
  void tellDemands();

  rtp::Session& session_;
  std::vector<OutgoingVideo*> streams_;
  congestion::BitrateAllocator allocator_;
};

}  // namespace callflow::client
