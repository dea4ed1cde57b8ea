// What calls carry: whether sound and picture, as they are written, make packets.
#include <algorithm>
#include <cmath>
#include <span>

#include "src/topology/validate.h"
#include "src/topology/validate_words.h"

namespace callflow::topology {
namespace {

// "10, 20 or 40 ms".
std::string choiceOf(std::span<const Duration> times) {
  std::string text;
  for (std::size_t i = 0; i < times.size(); ++i) {
    if (i > 0) text += i + 1 < times.size() ? ", " : " or ";
    text += std::to_string(times[i].count() / Duration::ms(1).count());
  }
  return text + " ms";
}

class MediaCheck {
 public:
  MediaCheck(const CaseView& view, const Places& places, Diagnostics& diagnostics)
      : view_(view), places_(places), diagnostics_(diagnostics) {}

  void run(const Call& call, const std::string& path) {
    const std::string buffer = path + ".audio.jitter-buffer";
    if (call.audio.jitterBuffer.kind != JitterBufferKind::fixed && !places_.faulty(buffer))
      bounds(call.audio.jitterBuffer, buffer);
    packets(call.audio, path + ".audio");
    picture(call, path);
    if (places_.faulty(path + ".duration") || places_.faulty(path + ".audio.frame")) return;
    if (call.duration < call.audio.frame)
      error(path + ".duration",
            toText(call.duration) + " is less than one frame of " + toText(call.audio.frame),
            "write at least " + toText(call.audio.frame));
    else if (view_.warmUp >= call.duration && !places_.faulty("warm-up"))
      nothingToScore(call, path);
  }

 private:
  void error(const std::string& path, std::string problem, std::string advice) {
    diagnostics_.error(places_.at(path), places_.shown(path), std::move(problem),
                       std::move(advice));
  }

  void picture(const Call& call, const std::string& path) {
    presenter(call, path);
    // Defaults may be written out: a resolved file has them.
    // Sound alone has speakers, too.
    conference::Layout seen = call.layout;
    if (call.viaMediaProcessor()) seen.speakers = conference::Layout{}.speakers;
    const bool laidOut = seen != conference::Layout{};
    if (!call.hasPicture()) {
      if (call.congestion != congestion::Kind::gcc) needsVideo(path + ".congestion-control");
      if (laidOut) needsVideo(path + ".layout");
      return;
    }
    if (laidOut && !call.viaMediaProcessor())
      error(path + ".layout", "has no effect on a call of two, who show each other in full",
            "write kind: group, or leave it out");
    if (call.viaMediaProcessor()) {
      if (call.video) parity(call.video->fec, path + ".video.fec");
      if (call.share) parity(call.share->fec, path + ".share.fec");
    }
    const auto hasTelephone = [](const Participant& who) {
      return who.telephone != Telephone::none;
    };
    if (std::any_of(call.participants.begin(), call.participants.end(), hasTelephone))
      error(path + (call.video ? ".video" : ".share"), "is not seen on a telephone",
            "leave it out");
    if (call.video && !call.viaMediaProcessor() && call.video->simulcastLayers > 1)
      error(path + ".video.simulcast-layers",
            "are for a server to choose from, and the call goes from one client to the other",
            "leave it out");
  }

  void parity(video::Fec fec, const std::string& key) {
    if (fec == video::Fec::ulpfec || fec == video::Fec::flexfec)
      error(key, "is not forwarded by a server", "write none, or leave it out");
  }

  void needsVideo(const std::string& key) {
    error(key, "has no effect on a call without video", "write video: {} as well, or leave it out");
  }

  void presenter(const Call& call, const std::string& path) {
    if (!call.presenter) return;
    const std::string key = path + ".presenter";
    Names names;
    for (const Participant& who : call.participants) names.push_back(who.name);
    if (!call.share)
      error(key, "has nothing to share", "write share: {} as well, or leave it out");
    else if (std::find(names.begin(), names.end(), *call.presenter) == names.end())
      error(key, "there is no participant " + quoted(*call.presenter),
            meant(*call.presenter, names, "participant"));
    else if (!call.senders.empty() && std::find(call.senders.begin(), call.senders.end(),
                                                *call.presenter) == call.senders.end())
      error(key, quoted(*call.presenter) + " does not send", "name one of senders:");
  }

  // Told at what is written: the default of the other is nobody's mistake.
  void nothingToScore(const Call& call, const std::string& path) {
    if (places_.written("warm-up") || !places_.written(path + ".duration"))
      error("warm-up",
            toText(view_.warmUp) + " leaves nothing to score of call " + quoted(call.name) +
                ", which lasts " + toText(call.duration),
            "write less than that");
    else
      error(path + ".duration",
            toText(call.duration) + " leaves nothing to score behind the warm-up of " +
                toText(view_.warmUp),
            "write more than that, or a shorter warm-up:");
  }

  void packets(const Audio& audio, const std::string& path) {
    const auto times = media::packetTimes(audio.codec);
    const bool legal = std::find(times.begin(), times.end(), audio.frame) != times.end();
    if (!legal && !places_.faulty(path + ".frame")) {
      const bool opus = audio.codec == AudioCodec::opus;
      error(path + ".frame",
            toText(audio.frame) + " is no packet time of " + (opus ? "Opus" : "G.711 and G.722") +
                " in WebRTC",
            "write " + choiceOf(times));
    }
    if (audio.rtpExtensions.count() % 4 != 0 && !places_.faulty(path + ".rtp-extensions"))
      error(path + ".rtp-extensions",
            toText(audio.rtpExtensions) + " is not a multiple of 4 B (RFC 8285)",
            "write " + toText(DataSize::bytes((audio.rtpExtensions.count() / 4 + 1) * 4)));
    if (legal) onTheWire(audio, path);
  }

  // libwebrtc makes packets of at most 1200 bytes, and more does not fit through every tunnel.
  void onTheWire(const Audio& audio, const std::string& path) {
    constexpr double kMost = 1200;
    constexpr double kHeaders = 20 + 8 + 12 + 10;  // IPv4, UDP, RTP, SRTP's tag
    constexpr double kRedHeaders = 5;              // RFC 2198: 4 bytes for the copy, 1 for the new
    const double rate = audio.codec == AudioCodec::opus ? static_cast<double>(audio.bitrate.count())
                                                        : 64'000;  // G.711, G.722
    const double frame = rate * audio.frame.seconds() / 8;
    const double whole = kHeaders + static_cast<double>(audio.rtpExtensions.count()) + frame +
                         (audio.red ? frame + kRedHeaders : 0);
    if (whole <= kMost || places_.faulty(path + ".bitrate")) return;
    diagnostics_.warning(places_.at(path + ".bitrate"), places_.shown(path + ".bitrate"),
                         "makes packets of about " + std::to_string(std::lround(whole)) +
                             " bytes on the wire, and WebRTC sends none above 1200",
                         "write a shorter frame or a lower bitrate");
  }

  void bounds(const JitterBuffer& buffer, const std::string& path) {
    if (buffer.minimum > buffer.maximum)
      error(path + ".minimum",
            toText(buffer.minimum) + " is more than the maximum of " + toText(buffer.maximum),
            "write at most that, or raise the maximum");
    else if (buffer.delay < buffer.minimum || buffer.delay > buffer.maximum)
      error(path + ".delay",
            toText(buffer.delay) + " is not between the minimum of " + toText(buffer.minimum) +
                " and the maximum of " + toText(buffer.maximum),
            "write a delay between them");
  }

  const CaseView& view_;
  const Places& places_;
  Diagnostics& diagnostics_;
};

}  // namespace

void validateMedia(const Call& call, const std::string& path, const CaseView& view,
                   const Places& places, Diagnostics& diagnostics) {
  MediaCheck(view, places, diagnostics).run(call, path);
}

}  // namespace callflow::topology
