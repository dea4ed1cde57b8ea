// Google congestion control alone: a sender of 2 Mbit/s whose packets are told of 20 at a time.
#pragma once

#include <cstdint>

#include "models/congestion/controller.h"
#include "models/congestion/feedback.h"
#include "models/gcc/controller.h"

namespace callflow::bench {

class GccFeedbacks {
 public:
  GccFeedbacks();

  // The next packets leave, and the controller's timer runs.
  void send();
  // The receiver's message of them comes: every hundredth was lost, all others took 30 to 32 ms.
  void tell();

  DataRate target() const { return controller_.targets().target; }

 private:
  gcc::Controller controller_;
  congestion::Feedback feedback_;
  TimePoint now_;
  std::int64_t sequence_ = 0;
};

}  // namespace callflow::bench
