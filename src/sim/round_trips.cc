#include "src/sim/round_trips.h"

#include <limits>
#include <utility>

namespace callflow::sim {

namespace {

// libwebrtc pings a pair that works every 2.5 s (p2p/base/p2p_constants.h:
// STRONG_AND_STABLE_WRITABLE_CONNECTION_PING_INTERVAL), which also keeps consent (RFC 7675).
constexpr Duration kCheckPeriod = Duration::ms(2500);
// A binding request with USERNAME, PRIORITY, ICE-CONTROLLING, MESSAGE-INTEGRITY and FINGERPRINT is
// about 100 bytes, the response with XOR-MAPPED-ADDRESS 64 (RFC 8489 5 and 14, RFC 8445 16.1).
constexpr DataSize kRequestSize = DataSize::bytes(100);
constexpr DataSize kResponseSize = DataSize::bytes(64);

// libwebrtc modules/rtp_rtcp/source/rtcp_sender.cc: audio reports every 5 s, each interval by a
// factor of 0.5 to 1.5; the first after half of that.
constexpr double kReportSeconds = 5;
// RFC 3550 6.4 and 6.5, RFC 3711 3.4: sender report 28, receiver report 8, a report block 24, SDES
// with a CNAME of 16 characters 28, SRTCP index and tag 14.
constexpr std::int64_t kSenderReport = 28, kReceiverReport = 8, kReportBlock = 24, kSdes = 28,
                       kSrtcp = 14;

// RFC 3550 6.4.1: a count of 5 bits. With more streams libwebrtc reports them in turn
// (receive_statistics_impl.cc).
constexpr std::size_t kMostBlocks = 31;

constexpr std::uint32_t kReportEvent = 2;  // or'ed with the side; else a check

}  // namespace

double MeanRoundTrip::seconds() const {
  if (count_ == 0) return std::numeric_limits<double>::quiet_NaN();
  return sum_.seconds() / static_cast<double>(count_);
}

RoundTrips::RoundTrips(MediaPlane& plane, fabric::FabricSimulator& simulator, std::uint64_t draws,
                       ReportUser& user, std::size_t pair)
    : plane_(plane),
      simulator_(simulator),
      lane_(simulator.addLane(*this, 0)),
      random_("control traffic", draws),
      user_(user),
      pair_(pair) {}

void RoundTrips::start(TimePoint first, TimePoint last, TimePoint scoreFrom) {
  last_ = last;
  scoreFrom_ = scoreFrom;
  for (std::uint32_t side = 0; side < 2; ++side) {
    // The two ends' clocks have nothing to do with each other.
    const Duration phase = Duration::fromSeconds(random_.uniform() * kCheckPeriod.seconds());
    if (ends_[side].setup.checks) simulator_.pushOutOfOrder(lane_, first + phase, side);
    scheduleReport(side, first, true);
  }
}

void RoundTrips::scheduleReport(std::size_t side, TimePoint now, bool first) {
  const double seconds = kReportSeconds * (first ? 0.5 : 1) * (0.5 + random_.uniform());
  simulator_.pushOutOfOrder(lane_, now + Duration::fromSeconds(seconds),
                            static_cast<std::uint32_t>(side) | kReportEvent);
}

void RoundTrips::send(std::size_t from, Message message, DataSize size) {
  messages_.push_back(std::move(message));
  plane_.sendControl(ends_[from].setup.flow, static_cast<std::int64_t>(messages_.size()) - 1, size);
}

void RoundTrips::onRecord(std::uint32_t, std::uint32_t payload, TimePoint now) {
  if (now >= last_) return;
  const std::size_t side = payload & 1;
  Message message;
  message.from = static_cast<std::uint8_t>(side);
  message.sent = now;
  if ((payload & kReportEvent) == 0) {
    send(side, std::move(message), kRequestSize);
    simulator_.pushOutOfOrder(lane_, now + kCheckPeriod, payload);
    return;
  }
  const End& end = ends_[side];
  message.kind = Kind::report;
  message.isSender = end.setup.sendsMedia;
  message.echoes = end.heard;
  message.lastReport = end.heardSent;
  message.since = now - end.heardAt;
  user_.fillReport(pair_, side, kMostBlocks, message.blocks);
  const std::int64_t size = (message.isSender ? kSenderReport : kReceiverReport) + kSdes + kSrtcp +
                            kReportBlock * static_cast<std::int64_t>(message.blocks.size());
  send(side, std::move(message), DataSize::bytes(size));
  scheduleReport(side, now, false);
}

void RoundTrips::onControl(std::int64_t token, TimePoint now) {
  const Message message = std::move(messages_[static_cast<std::size_t>(token)]);
  const std::size_t at = 1 - message.from;
  End& end = ends_[at];
  switch (message.kind) {
    case Kind::request: {
      Message response;
      response.kind = Kind::response;
      response.from = static_cast<std::uint8_t>(at);
      response.sent = message.sent;
      send(at, std::move(response), kResponseSize);
      return;
    }
    case Kind::response:
      if (message.sent >= scoreFrom_) end.stun.add(now - message.sent);
      return;
    case Kind::report:
      if (message.echoes && message.lastReport >= scoreFrom_) {
        end.rtcp.add(now - message.lastReport - message.since);  // RFC 3550 6.4.1
      }
      if (message.isSender) {
        end.heard = true;
        end.heardSent = message.sent;
        end.heardAt = now;
      }
      user_.onReport(pair_, at, message.blocks, now);
      return;
  }
}

}  // namespace callflow::sim
