// The picture of a call over a media processor that forwards: each client has a session with it,
// and gets the others' video as that finds right.
#pragma once

#include <array>
#include <compare>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "models/conference/subscriber.h"
#include "models/fabric/simulator.h"
#include "src/sim/draw_names.h"
#include "src/sim/video_call.h"

namespace callflow::sim {

class VideoGroup : public VideoCall, public fabric::LaneClient {
 public:
  struct End {
    std::string name;  // "alice@hq"
    bool connected = true, sends = true, presents = false;
  };
  // `processor`: the media processor's name; `processing`: what it takes for a packet.
  VideoGroup(path::Transit& transit, const topology::Call& call, const DrawNames& draws,
             const std::string& processor, Duration processing, const std::vector<End>& ends);
  ~VideoGroup() override;

  rtp::Session& session(std::size_t member) override { return *members_[member].client; }
  rtp::Session* serverSession(std::size_t member) override { return members_[member].server.get(); }
  void setPath(std::size_t member, bool back, const path::Path& path) override;
  void start(TimePoint mediaStart, TimePoint mediaEnd, TimePoint scoreFrom) override;
  void stop(std::size_t member, TimePoint now) override;
  const Seen* seen(std::size_t from, std::size_t to, Picture picture) const override;

  void onRecord(std::uint32_t channel, std::uint32_t payload, TimePoint now) override;

 private:
  struct Member {
    bool connected = false;
    std::unique_ptr<rtp::Session> client, server;
    std::unique_ptr<OutgoingPictures> outgoing;
    // At the server: the sizes of each, smallest first.
    std::array<std::vector<std::unique_ptr<conference::IncomingLayer>>, kPictures.size()> layers;
    std::unique_ptr<conference::Subscriber> subscriber;
    TimePoint end = TimePoint::max();  // when it left
  };
  // What one sees of another.
  struct View {
    conference::ForwardedVideo* forwarded = nullptr;
    std::unique_ptr<client::IncomingVideo> incoming;
    Seen seen;
  };
  void buildMember(std::size_t i, path::Transit& transit, const topology::Call& call,
                   const DrawNames& draws, const std::string& processor, Duration processing,
                   const End& end);
  void buildLayers(Member& member, Picture picture, video::Resolution size, Duration processing);
  void buildViews(const topology::Call& call, std::size_t to);
  struct Who {
    std::size_t from = 0, to = 0;
    Picture picture = Picture::camera;
    auto operator<=>(const Who&) const = default;
  };
  void sample(const Who& who, View& view, TimePoint now);

  fabric::FabricSimulator& simulator_;
  fabric::LaneId lane_;
  std::vector<Member> members_;
  std::map<Who, View> views_;
  TimePoint mediaEnd_;
};

}  // namespace callflow::sim
