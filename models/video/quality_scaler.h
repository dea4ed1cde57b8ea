// Says when the picture looks too bad for its size, or good enough for a larger one (libwebrtc:
// quality_scaler.cc with the settings of quality_scaling_experiment.cc, which are in force unless
// an application turns them off).
#pragma once

#include <cstddef>
#include <deque>
#include <optional>

#include "models/video/codecs.h"
#include "src/units/units.h"

namespace callflow::video {

enum class Verdict : std::uint8_t { tooBad, goodEnough };

class QualityScaler {
 public:
  QualityScaler(const QpScale& scale, TimePoint start);

  void onFrame(int qp, TimePoint now);
  // A frame was dropped, whoever did so.
  void onDropped();
  // To be asked often; it has something to say at its own times only.
  std::optional<Verdict> check(TimePoint now);

 private:
  // A mean over the past that forgets by the time, not by the frame.
  struct Mean {
    double keptInMillisecond;
    std::optional<double> value;

    void add(double sample, Duration since);
  };
  std::optional<Verdict> judge() const;
  bool enough() const;

  QpScale scale_;
  TimePoint next_;
  bool everBad_ = false;
  Mean forBad_, forGood_;
  TimePoint last_;            // frame
  std::deque<bool> dropped_;  // of frames, coded or not
};

}  // namespace callflow::video
