// The control traffic between two ends of a call, and the round trips that it measures: STUN
// consent checks and RTCP reports, on the same legs as the media.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "models/client/loss_report.h"
#include "models/fabric/random.h"
#include "models/fabric/simulator.h"
#include "src/sim/media_plane.h"
#include "src/units/units.h"

namespace callflow::sim {

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

struct ControlEnd {
  FlowIndex flow{};         // from this end to the other
  bool sendsMedia = false;  // its reports are sender reports
  bool checks = true;       // it sends STUN requests; a media processor (ICE lite) only answers
};

// A block of a report: what its sender has to say of one stream that comes to it.
struct ReportBlock {
  std::uint32_t stream = 0;  // the user's number for it
  client::LossReport loss;
};

// Fills the reports of the two ends, and gets what came of them.
class ReportUser {
 public:
  virtual ~ReportUser() = default;
  // The end `side` of the user's pair `pair` sends a report now, with up to `most` blocks.
  virtual void fillReport(std::size_t pair, std::size_t side, std::size_t most,
                          std::vector<ReportBlock>& blocks) = 0;
  // A report has reached the end `side`.
  virtual void onReport(std::size_t pair, std::size_t side, const std::vector<ReportBlock>& blocks,
                        TimePoint now) = 0;
};

class RoundTrips : public fabric::LaneClient, public ControlHandler {
 public:
  // `draws` names the random streams: unique in a run. Set the flows before start(). `user` must
  // outlive the simulation; `pair` is its number for these two ends.
  RoundTrips(MediaPlane& plane, fabric::FabricSimulator& simulator, std::uint64_t draws,
             ReportUser& user, std::size_t pair);

  ControlEnd& end(std::size_t side) { return ends_[side].setup; }
  // From the first media packet until the last; figures count from `scoreFrom` on.
  void start(TimePoint first, TimePoint last, TimePoint scoreFrom);

  double stun(std::size_t side) const { return ends_[side].stun.seconds(); }  // as that end sees it
  double rtcp(std::size_t side) const { return ends_[side].rtcp.seconds(); }

  // How many measurements these are the means of.
  std::int64_t stunCount(std::size_t side) const { return ends_[side].stun.count(); }
  std::int64_t rtcpCount(std::size_t side) const { return ends_[side].rtcp.count(); }

  void onRecord(std::uint32_t channel, std::uint32_t payload, TimePoint now) override;
  void onControl(std::int64_t token, TimePoint now) override;

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
  };
  struct End {
    ControlEnd setup;
    MeanRoundTrip stun, rtcp;
    bool heard = false;   // a sender report of the other end
    TimePoint heardSent;  // when that left
    TimePoint heardAt;    // and when it came
  };

  void send(std::size_t from, Message message, DataSize size);
  void scheduleReport(std::size_t side, TimePoint now, bool first);

  MediaPlane& plane_;
  fabric::FabricSimulator& simulator_;
  fabric::LaneId lane_;
  fabric::RandomStream random_;
  std::array<End, 2> ends_;
  ReportUser& user_;
  std::size_t pair_;
  std::vector<Message> messages_;
  TimePoint last_, scoreFrom_;
};

}  // namespace callflow::sim
