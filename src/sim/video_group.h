// The picture of a call over a media processor that forwards: each client has a session with it,
// and gets the others' video as that finds right.
#pragma once

#include <array>
#include <compare>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "models/conference/speakers.h"
#include "models/conference/subscriber.h"
#include "models/fabric/simulator.h"
#include "src/sim/draw_names.h"
#include "src/sim/video_call.h"

namespace callflow::sim {

class VideoGroup : public VideoCall, public fabric::LaneClient, public conference::SpeakerListener {
 public:
  struct End {
    std::string name;  // "alice@hq"
    bool connected = true, sends = true, presents = false;
  };
  // `processor`: the media processor's name; `processing`: what it takes for a packet. `speakers`:
  // whom those see who cannot see all; null if all can.
  VideoGroup(path::Transit& transit, const topology::Call& call, const DrawNames& draws,
             const std::string& processor, Duration processing, const std::vector<End>& ends,
             conference::Speakers* speakers);
  ~VideoGroup() override;

  rtp::Session& session(std::size_t member) override { return *members_[member].client; }
  rtp::Session* serverSession(std::size_t member) override { return members_[member].server.get(); }
  void setPath(std::size_t member, bool back, const path::Path& path) override;
  void start(TimePoint mediaStart, TimePoint mediaEnd, TimePoint scoreFrom) override;
  void stop(std::size_t member, TimePoint now) override;
  const Seen* seen(std::size_t from, std::size_t to, Picture picture) const override;
  const Seen* gallery(std::size_t to) const override;

  void onSpeakers(TimePoint now) override;
  void onRecord(std::uint32_t channel, std::uint32_t payload, TimePoint now) override;

 private:
  enum class Timer : std::uint32_t { sample, limit };

  // What one sees of another, or in one of its slots.
  struct View {
    conference::ForwardedVideo* forwarded = nullptr;
    std::unique_ptr<client::IncomingVideo> incoming;
  };
  struct Pair {
    View view;
    Seen seen;
  };
  struct Gallery {
    std::vector<View> slots;
    Duration watched;
    TimePoint sampled;
    Seen seen;
  };
  struct Member {
    bool connected = false;
    std::unique_ptr<rtp::Session> client, server;
    std::unique_ptr<OutgoingPictures> outgoing;
    // At the server: the sizes of each, smallest first.
    std::array<std::vector<std::unique_ptr<conference::IncomingLayer>>, kPictures.size()> layers;
    std::vector<conference::IncomingLayer*> camera;  // of these
    std::unique_ptr<conference::Subscriber> subscriber;
    Gallery gallery;
    TimePoint end = TimePoint::max();  // when it left
    // Sizes of its camera that are of use to anybody, and that it sends.
    int useful = 0, limit = 0;
    std::optional<TimePoint> lessUseful;  // since when the first is below the second
  };
  struct Who {
    std::size_t from = 0, to = 0;
    Picture picture = Picture::camera;
    auto operator<=>(const Who&) const = default;
  };

  // ---- building
  void buildMember(std::size_t i, path::Transit& transit, const topology::Call& call,
                   const DrawNames& draws, const std::string& processor, Duration processing,
                   const End& end);
  void buildLayers(Member& member, Picture picture, video::Resolution size, Duration processing);
  void buildViews(const topology::Call& call, std::size_t to);
  void buildGallery(const topology::Call& call, std::size_t to);
  View view(const topology::Call& call, std::size_t to, conference::ForwardedVideo& forwarded);

  // ---- running
  void show(TimePoint now);
  std::vector<int> usefulSizes() const;
  void limitSenders(TimePoint now);
  void applyLimit(Member& member, TimePoint now);
  void sampleAll(TimePoint now);
  void sample(const Who& who, Pair& pair, TimePoint now);
  void sample(Member& member, TimePoint now);

  fabric::FabricSimulator& simulator_;
  fabric::LaneId lane_, limits_;
  std::vector<Member> members_;
  std::map<Who, Pair> pairs_;
  conference::Speakers* speakers_;
  std::map<const conference::IncomingLayer*, std::size_t> owners_;  // of cameras' smallest sizes
  TimePoint mediaEnd_;
};

}  // namespace callflow::sim
