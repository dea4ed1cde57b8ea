// What one participant gets of the others' video: as many of them, as large as it shows them and as
// its path carries.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "models/conference/forwarded_video.h"
#include "models/conference/layer_allocation.h"
#include "models/fabric/simulator.h"
#include "models/rtp/session.h"
#include "src/units/units.h"

namespace callflow::conference {

class Subscriber : public rtp::RateListener, public fabric::LaneClient {
 public:
  // `session` is the server's with the receiver, and must outlive it.
  Subscriber(fabric::FabricSimulator& simulator, rtp::Session& session, const Layout& layout);
  Subscriber(const Subscriber&) = delete;
  Subscriber& operator=(const Subscriber&) = delete;

  // In order of importance, the first of them are shown.
  // A screen is shown beside them, in full.
  ForwardedVideo& add(std::vector<IncomingLayer*> layers, bool screen = false);
  void start(TimePoint now, TimePoint end);

  congestion::Demand demand() const override { return demand_; }
  void onAllowance(const rtp::Allowance& allowance, TimePoint now) override;
  void onRecord(std::uint32_t channel, std::uint32_t payload, TimePoint now) override;

 private:
  struct Video {
    std::vector<IncomingLayer*> layers;
    bool screen = false;
    std::unique_ptr<ForwardedVideo> forwarded;
    TimePoint sharedSince;  // that it has had any
  };

  void share(TimePoint now);
  std::size_t screens() const;
  std::size_t shown() const;  // cameras
  // The largest of the sizes that come in that is not above what it is shown in; the smallest, if
  // all are.
  int spatialFor(const Video& video) const;

  fabric::FabricSimulator& simulator_;
  rtp::Session& session_;
  Layout layout_;
  fabric::LaneId lane_;
  std::vector<Video> videos_;
  TimePoint end_;
  DataRate budget_;
  std::optional<TimePoint> fell_;  // when a video was last made smaller for want of rate
  congestion::Demand demand_;
};

}  // namespace callflow::conference
