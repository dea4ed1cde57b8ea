// The picture of a call between two, as it runs: a session both ways, and a stream of each who
// sends.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "models/client/incoming_video.h"
#include "models/client/outgoing_video.h"
#include "models/client/video_stats.h"
#include "models/fabric/simulator.h"
#include "models/path/transit.h"
#include "models/rtp/session.h"
#include "src/sim/draw_names.h"
#include "src/topology/scenario.h"

namespace callflow::sim {

class VideoPair : public fabric::LaneClient {
 public:
  struct End {
    std::string name;  // "alice@hq"
    bool sends = true;
  };
  // `transit`, `call` and `draws` must outlive it.
  VideoPair(path::Transit& transit, const topology::Call& call, const DrawNames& draws,
            const std::array<End, 2>& ends);

  rtp::Session& session(std::size_t side) { return *sides_[side].session; }
  void setPath(std::size_t side, const path::Path& path);
  // Samples are taken every second from `scoreFrom` on.
  void start(TimePoint mediaStart, TimePoint mediaEnd, TimePoint scoreFrom);
  void stop(TimePoint now);

  void onRecord(std::uint32_t channel, std::uint32_t payload, TimePoint now) override;

  // What was measured of the stream that this side sends; the first is where scoring begins.
  const std::vector<client::VideoSample>& samples(std::size_t from) const {
    return sides_[from].samples;
  }
  const client::IncomingVideo& heard(std::size_t from) const { return *sides_[1 - from].incoming; }

 private:
  struct Side {
    std::unique_ptr<rtp::Session> session;
    std::unique_ptr<client::OutgoingVideo> outgoing;
    std::unique_ptr<client::IncomingVideo> incoming;  // of the other side's
    std::vector<client::VideoSample> samples;         // of what this side sends
  };
  void sample(TimePoint now);

  fabric::FabricSimulator& simulator_;
  fabric::LaneId lane_;
  std::array<Side, 2> sides_;
  TimePoint mediaEnd_;
};

}  // namespace callflow::sim
