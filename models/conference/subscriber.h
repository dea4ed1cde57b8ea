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

  // In order of importance, the first of them are shown. A screen is shown beside them, in full.
  ForwardedVideo& add(std::vector<IncomingLayer*> layers, bool screen = false);
  // One in which now this, now that participant is shown: of streams a receiver has as many as it
  // shows (Jitsi: SSRC rewriting; Microsoft's media platform: video sockets).
  ForwardedVideo& addSlot();
  void start(TimePoint now, TimePoint end);
  // Somebody's video, by a number of theirs.
  struct Candidate {
    std::size_t who = 0;
    const std::vector<IncomingLayer*>* layers = nullptr;
  };
  // The first of these are shown in the slots; who was shown before stays in the same.
  void show(const std::vector<Candidate>& candidates, TimePoint now);
  // Slots in which somebody is shown.
  std::size_t filled() const;
  // What is shown, of whom, and how many of their sizes are of use, the smallest first.
  struct Use {
    const ForwardedVideo* video = nullptr;
    int sizes = 0;
  };
  std::vector<Use> uses() const;

  congestion::Demand demand() const override { return demand_; }
  void onAllowance(const rtp::Allowance& allowance, TimePoint now) override;
  void onRecord(std::uint32_t channel, std::uint32_t payload, TimePoint now) override;

 private:
  struct Video {
    bool screen = false, slot = false;
    std::optional<std::size_t> who;  // in a slot: none is shown
    std::unique_ptr<ForwardedVideo> forwarded;
    TimePoint sharedSince;  // that it has had any
  };

  void share(TimePoint now);
  std::size_t screens() const;
  std::size_t shown() const;  // cameras
  int height() const;         // that a camera is shown in
  // The largest of the sizes that come in that is not above that; the smallest, if all are.
  static int spatialFor(const Video& video, int height);

  fabric::FabricSimulator& simulator_;
  rtp::Session& session_;
  Layout layout_;
  fabric::LaneId lane_;
  std::vector<Video> videos_;
  std::vector<std::size_t> order_;  // of these, by importance
  TimePoint end_;
  DataRate budget_;
  std::optional<TimePoint> fell_;  // when a video was last made smaller for want of rate
  congestion::Demand demand_;
};

}  // namespace callflow::conference
