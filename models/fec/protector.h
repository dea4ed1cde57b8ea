// What a sender of a video stream spends on its repair (libwebrtc: fec_controller_default.cc,
// rtp_video_sender.cc): parity as the loss asks for it, and what is sent again.
#pragma once

#include <cstdint>
#include <deque>
#include <vector>

#include "models/fec/blocks.h"
#include "models/fec/loss_filter.h"
#include "models/fec/parity.h"
#include "models/fec/protection.h"
#include "src/units/units.h"

namespace callflow::fec {

class Protector {
 public:
  // What of a picture's rate is left for its encoder: repair is taken to need the share that it had
  // in the last second, but half at most. `stream`: as it is now, without what is known here of its
  // frames. `loss`: as receivers report it.
  DataRate mediaRate(ProtectedStream stream, Ratio loss, TimePoint now);

  // A frame is encoded; `packets`: its size in packets as large as can be.
  void onFrame(double packets, bool key, TimePoint now);
  // A packet leaves, but for padding. `repair`: it is parity, or sent again.
  void onSent(DataSize size, bool repair, TimePoint now);
  // It is one to be protected: Blocks::onPacket.
  const std::vector<Parity>& onProtected(std::int64_t sequence, DataSize size, bool ofKeyFrame,
                                         bool last) {
    return blocks_.onPacket(sequence, size, ofKeyFrame, last);
  }

 private:
  struct Sent {
    TimePoint at;
    DataSize size;
    bool repair = false;
  };
  // Follows a value, the more slowly the more often it is told: by how long ago that was.
  class Smoothed {
   public:
    void add(double value, TimePoint now);
    double value() const { return value_; }

   private:
    double value_ = 0;
    bool known_ = false;
    TimePoint at_;
  };

  void forget(TimePoint now);

  LossFilter filter_;
  Blocks blocks_;
  Smoothed perFrame_, perKeyFrame_;
  std::deque<TimePoint> frames_;  // of the last second
  std::deque<Sent> recent_;       // the same
  DataSize all_, repair_;         // of these
};

}  // namespace callflow::fec
