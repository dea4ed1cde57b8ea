// The control traffic between two ends of a call, and the round trips that it measures: STUN
// consent checks and RTCP reports, on the same paths as the media.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

#include "models/client/loss_report.h"
#include "models/client/rtcp_report.h"
#include "models/fabric/random.h"
#include "models/fabric/simulator.h"
#include "models/path/transit.h"
#include "src/units/units.h"

namespace callflow::client {

// Mean of what was measured; NaN seconds if nothing was.
class MeanRoundTrip {
 public:
  void add(Duration sample) {
    sum_ += sample;
    ++count_;
  }
  double seconds() const;
  std::int64_t count() const { return count_; }

 private:
  Duration sum_;
  std::int64_t count_ = 0;
};

// A block of a report: what its sender has to say of one stream that comes to it.
struct ReportBlock {
  std::uint32_t ssrc = 0;  // whose stream: the number of its sender in the call
  LossReport loss;
};

// Fills the reports of one end, and gets those of the other.
class Reporter {
 public:
  virtual ~Reporter() = default;
  // A report leaves now, with up to `most` blocks.
  virtual void fillReport(std::size_t most, std::vector<ReportBlock>& blocks) = 0;
  // A report has come.
  virtual void onReport(const std::vector<ReportBlock>& blocks, TimePoint now) = 0;
  // Of what it sends, where packets are captured.
  virtual SenderInfo senderInfo(TimePoint now) const {
    static_cast<void>(now);
    return {};
  }
};

struct ControlEnd {
  const path::Path* path = nullptr;  // from this end to the other
  std::uint32_t draws = 0;           // fabric::Packet::stream of what it sends
  bool sendsMedia = false;           // its reports are sender reports
  bool checks = true;                // it sends STUN requests: where no agent of its own does
  Reporter* reporter = nullptr;
  std::uint32_t ssrc = 0;  // its own
  // Of the senders in the call, by their numbers (ReportBlock::ssrc).
  const std::vector<std::uint32_t>* ssrcs = nullptr;
};

class ControlTraffic : public fabric::LaneClient, public path::FlowEnd, public path::FrameWriter {
 public:
  // `draws` names the random streams: unique in a run. What the ends point to must outlive it.
  ControlTraffic(path::Transit& transit, std::uint64_t draws, const ControlEnd& near,
                 const ControlEnd& far);

  // From the first media packet until the last; figures count from `scoreFrom` on.
  void start(TimePoint first, TimePoint last, TimePoint scoreFrom);
  // What this end sends from now on takes this path.
  void setPath(std::size_t side, const path::Path& path) { ends_[side].flow.path = &path; }
  // Nothing is sent any more.
  void stop(TimePoint now) { last_ = now; }

  double stun(std::size_t side) const { return ends_[side].stun.seconds(); }  // as that end sees it
  double rtcp(std::size_t side) const { return ends_[side].rtcp.seconds(); }

  // How many measurements these are the means of.
  std::int64_t stunCount(std::size_t side) const { return ends_[side].stun.count(); }
  std::int64_t rtcpCount(std::size_t side) const { return ends_[side].rtcp.count(); }

  void onRecord(std::uint32_t channel, std::uint32_t payload, TimePoint now) override;
  void onArrival(path::FrameHandle handle, TimePoint now) override;
  // Nobody is told.
  void onLost(path::FrameHandle handle) override { static_cast<void>(handle); }
  void writeFrame(const path::Frame& frame, wire::Bytes& bytes) const override;

 private:
  enum class Kind : std::uint8_t { request, response, report };
  struct Message {
    Kind kind = Kind::request;
    std::uint8_t from = 0;
    TimePoint sent;  // of a response: when the request was sent
    bool isSender = false;
    bool echoes = false;   // it answers a sender report,
    TimePoint lastReport;  // sent at this time (RFC 3550 6.4.1: LSR),
    Duration since;        // and held for so long (DLSR)
    std::vector<ReportBlock> blocks;
    std::uint32_t request = 0;  // of a response: the number of what it answers
    RtcpReport written = {};    // of a report, where packets are captured
  };
  struct End {
    ControlEnd setup = {};
    path::Flow flow = {};
    MeanRoundTrip stun = {}, rtcp = {};
    bool heard = false;                                 // a sender report of the other end
    TimePoint heardSent = {};                           // when that left
    TimePoint heardAt = {};                             // and when it came
    std::uint32_t reports = 0;                          // of those written,
    std::map<std::uint32_t, LossReport> reported = {};  // and what they say in all, by SSRC
  };

  void send(std::size_t from, Message message, DataSize size);
  void scheduleReport(std::size_t side, TimePoint now, bool first);
  RtcpReport written(End& end, const Message& message) const;

  path::Transit& transit_;
  fabric::FabricSimulator& simulator_;
  std::uint64_t session_;
  fabric::LaneId lane_;
  fabric::RandomStream random_;
  std::array<End, 2> ends_;
  std::vector<Message> messages_;
  TimePoint last_, scoreFrom_;
};

}  // namespace callflow::client
