// The picture of a call as it runs, beside its sound: between two, or over a media processor.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "models/client/incoming_video.h"
#include "models/client/video_stats.h"
#include "models/path/transit.h"
#include "models/rtp/session.h"
#include "src/sim/draw_names.h"
#include "src/sim/outgoing_pictures.h"
#include "src/topology/scenario.h"

namespace callflow::sim {

// Figures are kept of every second, as browsers are asked for them.
inline constexpr Duration kSampled = Duration::s(1);

// Members are numbered as the call's participants are.
class VideoCall {
 public:
  virtual ~VideoCall() = default;
  // That this member's client has; and that the server has with it, null without one.
  virtual rtp::Session& session(std::size_t member) = 0;
  virtual rtp::Session* serverSession(std::size_t member) = 0;
  // What the member's client sends takes this path; or (`back`) what the server sends to it.
  virtual void setPath(std::size_t member, bool back, const path::Path& path) = 0;
  // Samples are taken from `scoreFrom` on.
  virtual void start(TimePoint mediaStart, TimePoint mediaEnd, TimePoint scoreFrom) = 0;
  // The member leaves.
  virtual void stop(std::size_t member, TimePoint now) = 0;

  // What was measured of what one member sees of another, the first sample where scoring begins;
  // null if it does not.
  struct Seen {
    std::vector<client::VideoSample> samples;
    std::vector<client::IncomingVideo*> incoming;  // one, but of galleries
  };
  virtual const Seen* seen(std::size_t from, std::size_t to, Picture picture) const = 0;
  // The cameras that a member sees together, where there are more than it shows; else null.
  virtual const Seen* gallery(std::size_t to) const = 0;
};

// What a sender's sound takes when rates are shared out: the codec's rate, and IP, UDP, SRTP and
// RTP of each packet (libwebrtc: audio/audio_send_stream.cc).
DataRate audioRate(const media::Audio& audio);

// The end at `from` of a session with `to`, of which `audio` is for sound.
std::unique_ptr<rtp::Session> makeSession(path::Transit& transit, const topology::Call& call,
                                          const DrawNames& draws, const std::string& from,
                                          const std::string& to, DataRate audio);

}  // namespace callflow::sim
