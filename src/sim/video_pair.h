// The picture of a call between two: a session both ways, and a stream of each who sends.
#pragma once

#include <array>
#include <memory>
#include <string>

#include "models/fabric/simulator.h"
#include "src/sim/draw_names.h"
#include "src/sim/video_call.h"

namespace callflow::sim {

class VideoPair : public VideoCall, public fabric::LaneClient {
 public:
  struct End {
    std::string name;  // "alice@hq"
    bool sends = true, presents = false;
  };
  // `transit` must outlive it.
  VideoPair(path::Transit& transit, const topology::Call& call, const DrawNames& draws,
            const std::array<End, 2>& ends);

  rtp::Session& session(std::size_t member) override { return *sides_[member].session; }
  rtp::Session* serverSession(std::size_t) override { return nullptr; }
  void setPath(std::size_t member, bool back, const path::Path& path) override;
  void start(TimePoint mediaStart, TimePoint mediaEnd, TimePoint scoreFrom) override;
  void stop(std::size_t member, TimePoint now) override;  // both do
  const Seen* seen(std::size_t from, std::size_t to, Picture picture) const override;
  const Seen* gallery(std::size_t) const override { return nullptr; }

  void onRecord(std::uint32_t channel, std::uint32_t payload, TimePoint now) override;

 private:
  struct Side {
    std::unique_ptr<rtp::Session> session;
    std::unique_ptr<OutgoingPictures> outgoing;
    // Of what this side sends, at the other.
    std::array<std::unique_ptr<client::IncomingVideo>, kPictures.size()> incoming;
    std::array<Seen, kPictures.size()> seen;
  };
  void sample(TimePoint now);

  fabric::FabricSimulator& simulator_;
  fabric::LaneId lane_;
  std::array<Side, 2> sides_;
  TimePoint mediaEnd_;
};

}  // namespace callflow::sim
