#include "models/client/control_traffic.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "models/client/stun_check.h"
#include "models/path/leg.h"

namespace callflow::client {

namespace {

// libwebrtc pings a pair that works every 2.5 s (p2p/base/p2p_constants.h:
// STRONG_AND_STABLE_WRITABLE_CONNECTION_PING_INTERVAL), which also keeps consent (RFC 7675).
constexpr Duration kCheckPeriod = Duration::ms(2500);

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

ControlTraffic::ControlTraffic(path::Transit& transit, std::uint64_t draws, const ControlEnd& near,
                               const ControlEnd& far)
    : transit_(transit),
      simulator_(transit.fabric().simulator()),
      session_(draws),
      lane_(simulator_.addLane(*this, 0)),
      random_("control traffic", draws),
      ends_{End{near}, End{far}} {
  for (End& end : ends_) {
    end.flow.path = end.setup.path;
    end.flow.end = this;
    end.flow.draws = end.setup.draws;
    end.flow.media = false;
    end.flow.writer = this;
  }
}

void ControlTraffic::start(TimePoint first, TimePoint last, TimePoint scoreFrom) {
  last_ = last;
  scoreFrom_ = scoreFrom;
  for (std::uint32_t side = 0; side < 2; ++side) {
    // The two ends' clocks have nothing to do with each other.
    const Duration phase = Duration::fromSeconds(random_.uniform() * kCheckPeriod.seconds());
    if (ends_[side].setup.checks) simulator_.pushOutOfOrder(lane_, first + phase, side);
    scheduleReport(side, first, true);
  }
}

void ControlTraffic::scheduleReport(std::size_t side, TimePoint now, bool first) {
  const double seconds = kReportSeconds * (first ? 0.5 : 1) * (0.5 + random_.uniform());
  simulator_.pushOutOfOrder(lane_, now + Duration::fromSeconds(seconds),
                            static_cast<std::uint32_t>(side) | kReportEvent);
}

void ControlTraffic::send(std::size_t from, Message message, DataSize size) {
  messages_.push_back(std::move(message));
  transit_.send(ends_[from].flow, static_cast<std::int64_t>(messages_.size()) - 1, size);
}

void ControlTraffic::onRecord(std::uint32_t, std::uint32_t payload, TimePoint now) {
  if (now >= last_) return;
  const std::size_t side = payload & 1;
  Message message;
  message.from = static_cast<std::uint8_t>(side);
  message.sent = now;
  if ((payload & kReportEvent) == 0) {
    send(side, std::move(message), kCheckRequestSize);
    simulator_.pushOutOfOrder(lane_, now + kCheckPeriod, payload);
    return;
  }
  End& end = ends_[side];
  message.kind = Kind::report;
  message.isSender = end.setup.sendsMedia;
  message.echoes = end.heard;
  message.lastReport = end.heardSent;
  message.since = now - end.heardAt;
  end.setup.reporter->fillReport(kMostBlocks, message.blocks);
  if (transit_.captured()) message.written = written(end, message);
  const std::int64_t size = (message.isSender ? kSenderReport : kReceiverReport) + kSdes + kSrtcp +
                            kReportBlock * static_cast<std::int64_t>(message.blocks.size());
  send(side, std::move(message), DataSize::bytes(size));
  scheduleReport(side, now, false);
}

RtcpReport ControlTraffic::written(End& end, const Message& message) const {
  RtcpReport report;
  report.ssrc = end.setup.ssrc;
  report.number = end.reports++;
  report.sent = message.sent;
  if (message.isSender) report.sender = end.setup.reporter->senderInfo(message.sent);
  if (message.echoes) report.lastReport = message.lastReport;
  report.since = message.since;
  for (const ReportBlock& block : message.blocks) {
    const std::uint32_t ssrc = (*end.setup.ssrcs)[block.ssrc];
    LossReport& all = end.reported[ssrc];
    all.lost += block.loss.lost;
    all.expected += block.loss.expected;
    report.streams.push_back({ssrc, block.loss.lost, block.loss.expected, all.lost, all.expected});
  }
  return report;
}

void ControlTraffic::writeFrame(const path::Frame& frame, wire::Bytes& bytes) const {
  const Message& message = messages_[static_cast<std::size_t>(frame.sequence)];
  StunCheck check;
  check.session = session_;
  switch (message.kind) {
    case Kind::request:
      check.transaction = static_cast<std::uint32_t>(frame.sequence);
      check.controlling = message.from == 0;
      writeRequest(check, bytes);
      return;
    case Kind::response: {
      check.transaction = message.request;
      // Where whoever asked is seen: behind the relay that it is answered through, if any.
      const auto& legs = frame.path->legs;
      const auto leg = std::find_if(legs.begin(), legs.end(), [](const path::Leg* each) {
        return each->framing() == media::Encapsulation::udp ||
               each->framing() == media::Encapsulation::iceTcp;
      });
      const path::Leg& seen = leg != legs.end() ? **leg : *legs.back();
      writeResponse(check, seen.ends().destination, bytes);
      return;
    }
    case Kind::report:
      writeReport(message.written, bytes);
      return;
  }
}

void ControlTraffic::onArrival(path::FrameHandle handle, TimePoint now) {
  const auto number = static_cast<std::size_t>(transit_[handle].sequence);
  transit_.release(handle);
  const Message message = std::move(messages_[number]);
  const std::size_t at = 1 - message.from;
  End& end = ends_[at];
  switch (message.kind) {
    case Kind::request: {
      Message response;
      response.kind = Kind::response;
      response.from = static_cast<std::uint8_t>(at);
      response.sent = message.sent;
      response.request = static_cast<std::uint32_t>(number);
      send(at, std::move(response), kCheckResponseSize);
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
      end.setup.reporter->onReport(message.blocks, now);
      return;
  }
}

}  // namespace callflow::client
