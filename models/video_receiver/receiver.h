// The receiving side of a video stream, as libwebrtc has it: packets in, requests and frames out.
#pragma once

#include <optional>
#include <vector>

#include "models/video_receiver/delay_change.h"
#include "models/video_receiver/frame_assembly.h"
#include "models/video_receiver/frame_buffer.h"
#include "models/video_receiver/freezes.h"
#include "models/video_receiver/jitter_estimator.h"
#include "models/video_receiver/key_frame_requests.h"
#include "models/video_receiver/nack_requester.h"
#include "models/video_receiver/packet.h"
#include "models/video_receiver/playout.h"
#include "models/video_receiver/reception.h"
#include "models/video_receiver/requests.h"
#include "models/video_receiver/statistics.h"
#include "models/video_receiver/timing.h"
#include "src/units/units.h"

namespace callflow::video_receiver {

struct Parameters {
  bool nack = true;
  int nackTries = kNackTries;
  Duration history = Duration::s(1);  // in which the sender can send again: rtx-time
  // A frame's way through the decoder: a fixed part, and one by its size. Assumed: 4.7 ms for 720p,
  // as a laptop decodes in software.
  Duration decodeTime = Duration::ms(1);
  Duration decodeTimeOfMegapixel = Duration::ms(4);
};

// A frame that has been decoded.
struct SeenFrame {
  Frame frame;
  TimePoint released;  // to the decoder
  TimePoint decoded;   // this is when libwebrtc in a browser counts it as seen
  TimePoint shown;     // when it is to be seen; it is late if that is before `decoded`
};

class Listener {
 public:
  virtual ~Listener() = default;
  virtual void onFrame(const SeenFrame& frame) = 0;
  // What was seen has stood still from one frame to the next.
  virtual void onFreeze(TimePoint from, TimePoint to) = 0;
};

// Told what happens, in order of time; schedules nothing. What has become due in the meantime is
// made up for first, each at its own time: between packets nobody needs to call it but for what is
// asked of the sender, which is why there is nextWakeUp().
class Receiver {
 public:
  // `listener` may be null.
  Receiver(const Parameters& parameters, TimePoint start, Listener* listener);

  // What is to be asked of the sender now; holds until the next call.
  const Requests& onPacket(const Packet& packet, TimePoint now);
  // A packet of the stream without media in it.
  const Requests& onPadding(std::int64_t sequence, TimePoint now);
  const Requests& process(TimePoint now);
  // When process() has something to do; max() if nothing until the next packet.
  TimePoint nextWakeUp() const;

  void onRoundTrip(Duration roundTrip, TimePoint now);
  // At least so long, by audio-video synchronization (synchronization.h).
  void setMinimumDelay(Duration delay);

  Statistics statistics() const;
  // For RTCP receiver reports.
  Reception::Report takeReport() { return reception_.takeReport(); }
  // What audio-video synchronization asks for.
  Duration targetDelay() const { return timing_.target(); }
  Duration currentDelay() const { return timing_.current(); }

  struct SizeChange {
    TimePoint at;
    int width = 0;
    int height = 0;
  };
  const std::vector<SizeChange>& sizes() const { return sizes_; }

 private:
  void advance(TimePoint now);
  void onComplete(const Frame& frame, TimePoint now);
  void release(TimePoint now);
  void onDecoded();
  // Which frame is next, and when.
  void schedule(TimePoint now);
  Duration decodeTimeOf(const Frame& frame) const;
  const Requests& countRequests();

  Parameters parameters_;
  Listener* listener_;
  NackRequester nack_;
  FrameAssembly assembly_;
  FrameBuffer buffer_;
  Timing timing_;
  JitterEstimator jitter_;
  DelayChange delayChange_;
  KeyFrameRequests keyFrames_;
  Reception reception_;
  Freezes freezes_;
  Requests requests_;

  bool keyFrameRequired_ = true;  // until the first one
  std::optional<Turn> turn_;      // of the frame that waits for the decoder
  std::optional<SeenFrame> decoding_;
  Statistics counts_;  // those that nobody else keeps
  std::vector<SizeChange> sizes_;
};

}  // namespace callflow::video_receiver
