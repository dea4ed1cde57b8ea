// The picture of a call over a media processor that mixes (RFC 7667 3.6): it decodes what each
// client sends, composes the others' pictures into one for each, and codes that anew.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "models/client/outgoing_video.h"
#include "models/client/shared_rate.h"
#include "models/conference/parameters.h"
#include "models/fabric/simulator.h"
#include "src/sim/video_call.h"

namespace callflow::sim {

class VideoMix : public VideoCall, public fabric::LaneClient {
 public:
  struct End {
    std::string name;  // "alice@hq"
    bool connected = true, sends = true;
  };
  // `processor`: the media processor's name; `encoding`: what it takes from composing a picture to
  // its first packet.
  VideoMix(path::Transit& transit, const topology::Call& call, const DrawNames& draws,
           const std::string& processor, Duration encoding, const std::vector<End>& ends);
  ~VideoMix() override;

  rtp::Session& session(std::size_t member) override { return *members_[member].client; }
  rtp::Session* serverSession(std::size_t member) override { return members_[member].server.get(); }
  void setPath(std::size_t member, bool back, const path::Path& path) override;
  void start(TimePoint mediaStart, TimePoint mediaEnd, TimePoint scoreFrom) override;
  void stop(std::size_t member, TimePoint now) override;
  const Seen* seen(std::size_t from, std::size_t to, Picture picture) const override;
  const Seen* gallery(std::size_t) const override { return nullptr; }

  void onRecord(std::uint32_t channel, std::uint32_t payload, TimePoint now) override;

 private:
  struct Member {
    bool connected = false;
    std::unique_ptr<rtp::Session> client, server;
    // What it sends, and that at the server, which composes of it what is newest.
    std::unique_ptr<OutgoingPictures> outgoing;
    std::unique_ptr<client::IncomingVideo> atServer;
    TimePoint composed;  // when that was captured
    // How old frames were when they were composed first, since the last sample.
    Duration ages;
    std::int64_t composedFrames = 0;
    Duration meanAge;  // up to the last sample
    // What it gets.
    std::unique_ptr<client::OutgoingVideo> picture;
    std::unique_ptr<client::SharedRate> rate;
    std::unique_ptr<client::IncomingVideo> incoming;
    TimePoint end = TimePoint::max();  // when it left
  };
  // What one sees of another: a part of the picture that it gets.
  struct View {
    Seen seen;
    Duration before;            // delays up to the composed picture, of all frames that were shown
    std::int64_t rendered = 0;  // of these
  };
  void buildMember(Member& member, path::Transit& transit, const topology::Call& call,
                   const DrawNames& draws, const std::string& processor, const End& end);
  void buildPicture(Member& member, const topology::Call& call, const std::string& draws);
  void compose(TimePoint now);
  void sample(TimePoint now);
  void sampleView(std::size_t from, std::size_t to, View& view, TimePoint now);

  fabric::FabricSimulator& simulator_;
  fabric::LaneId lane_;
  Duration interval_, encoding_;  // from one composed picture to the next; until it is coded
  std::vector<Member> members_;
  std::map<std::pair<std::size_t, std::size_t>, View> views_;  // by from and to
  TimePoint mediaEnd_;
};

}  // namespace callflow::sim
