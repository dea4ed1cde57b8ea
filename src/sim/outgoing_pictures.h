// What one client of a call shows to the others: its camera, and a screen that it shares.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>

#include "models/client/outgoing_video.h"
#include "models/client/shared_rate.h"
#include "models/fabric/simulator.h"
#include "models/rtp/session.h"
#include "src/topology/scenario.h"

namespace callflow::sim {

enum class Picture : std::uint8_t { camera, screen };
inline constexpr std::array kPictures{Picture::camera, Picture::screen};

class OutgoingPictures {
 public:
  // `session` must outlive it. `name`: of its random draws.
  OutgoingPictures(fabric::FabricSimulator& simulator, rtp::Session& session,
                   const topology::Call& call, const std::string& name, bool presents);

  void start(TimePoint mediaStart, TimePoint end);
  void stop(TimePoint now);
  // Of the camera's sizes nobody needs more than so many, the smallest first.
  void limitCamera(int sizes, TimePoint now);
  // Null if it shows none such.
  const client::OutgoingVideo* of(Picture picture) const {
    return streams_[static_cast<std::size_t>(picture)].get();
  }

 private:
  void add(Picture picture, fabric::FabricSimulator& simulator, rtp::Session& session,
           client::OutgoingVideo::Setup setup, int frameRate, const std::string& name);

  std::array<std::unique_ptr<client::OutgoingVideo>, kPictures.size()> streams_;
  client::SharedRate rate_;
};

}  // namespace callflow::sim
