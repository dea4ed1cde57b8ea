// A client in the network, and what it does in one call.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "models/client/control_traffic.h"
#include "models/client/incoming_stream.h"
#include "models/client/outgoing_stream.h"
#include "models/path/leg.h"
#include "models/path/transit.h"

namespace callflow::client {

// Where a participant's frames end, of all its calls.
class Client : public path::FrameSink {
 public:
  using FrameSink::FrameSink;
  void onFrame(path::FrameHandle handle, TimePoint now) override {
    const path::Frame& frame = transit()[handle];
    frame.path->legs[frame.leg]->noteArrival(now);
    transit().arrive(handle, now);
  }
};

// A client in one call: it reports what comes to it, and is told of what it sends.
class Participant : public Reporter {
 public:
  std::optional<OutgoingStream> outgoing;  // none: it only listens
  std::vector<IncomingStream*> incoming;   // must outlive it

  void fillReport(std::size_t most, std::vector<ReportBlock>& blocks) override;
  void onReport(const std::vector<ReportBlock>& blocks, TimePoint now) override;
  SenderInfo senderInfo(TimePoint now) const override {
    return outgoing ? outgoing->info(now) : SenderInfo{};
  }

 private:
  std::size_t next_ = 0;  // with which of `incoming` its next report begins
};

}  // namespace callflow::client
