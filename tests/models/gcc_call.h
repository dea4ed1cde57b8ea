// A sender of video whose rate Google congestion control decides, a link with a queue, and a
// receiver that says what has come: enough of a network for a controller, without one.
#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>
#include <random>
#include <vector>

#include "models/gcc/controller.h"
#include "models/pacing/pacer.h"
#include "src/units/units.h"

namespace callflow::gcc {

struct CallLink {
  DataRate capacity = DataRate::unlimited();
  Duration forward, back = {};
  double loss = 0;    // of each packet, forward
  int loseEvery = 0;  // the packets whose number this divides; 0: none
  DataSize queue = DataSize::bytes(1'000'000'000);  // more is dropped
};

// A long transfer that shares the link's queue: additive increase, multiplicative decrease of a
// window, slow start before the first loss.
class Transfer {
 public:
  // Takes what the window allows; returns until when the link is busy.
  TimePoint send(const CallLink& link, TimePoint busyUntil, TimePoint now) {
    for (; !answers_.empty() && answers_.front().at <= now; answers_.pop_front()) {
      const Answer& answer = answers_.front();
      if (!answer.lost) {
        window_ += window_ < threshold_ ? 1 : 1 / window_;
      } else if (answer.sent > reduced_) {
        reduced_ = now;
        threshold_ = window_ = std::max(window_ / 2, 2.0);
      }
    }
    while (static_cast<double>(answers_.size()) < window_) {
      const Duration waits = std::max(busyUntil - now, Duration{});
      const bool lost = dataIn(link.capacity, waits) > link.queue;
      if (!lost) {
        busyUntil = std::max(busyUntil, now) + transmissionTime(kSegment, link.capacity);
      }
      answers_.push_back({now, busyUntil + link.forward + link.back, lost});
    }
    return busyUntil;
  }

 private:
  struct Answer {
    TimePoint sent, at;
    bool lost;
  };
  static constexpr DataSize kSegment = DataSize::bytes(1500);
  double window_ = 10, threshold_ = 1e9;
  std::deque<Answer> answers_;
  TimePoint reduced_;
};

class LinkedCall {
 public:
  // What the encoder makes at most, and padding besides.
  LinkedCall(const Parameters& parameters, const CallLink& link,
             DataRate encoderMost = DataRate::mbps(30))
      : link_(link), controller_(parameters), pacer_({}, {}) {
    setEncoderMost(encoderMost);
  }

  void run(Duration time) {
    const TimePoint end = now_ + time;
    while (now_ < end) step();
  }
  void setLink(const CallLink& link) { link_ = link; }
  // Nothing leaves the link's queue for so long.
  void pause(Duration time) { busyUntil_ = std::max(busyUntil_, now_) + time; }
  // Something else is in the link's queue.
  void occupy(DataSize size) {
    busyUntil_ = std::max(busyUntil_, now_) + transmissionTime(size, link_.capacity);
  }
  void setEncoderMost(DataRate rate) {
    encoderMost_ = rate;
    controller_.onDemand({.least = DataRate::kbps(30), .most = rate, .padding = {}}, now_);
    takeDecisions();
  }
  // From now on, or none any more.
  void setTransfer(Transfer* transfer) { transfer_ = transfer; }
  void stopVideo() { video_ = false; }
  // Packets without transport-wide numbers: the controller hears neither of them nor of what comes.
  void useOnlyRtcp() { onlyRtcp_ = true; }

  double target() const { return kilobits(controller_.targets().target); }
  Controller& controller() { return controller_; }
  TimePoint now() const { return now_; }
  Duration queueing() const { return std::max(busyUntil_ - now_, Duration{}); }
  DataSize received() const { return received_; }

  static double kilobits(DataRate rate) { return static_cast<double>(rate.count()) / 1e3; }

 private:
  static constexpr Duration kStep = Duration::ms(1);
  static constexpr Duration kFrame = Duration::us(33'333);
  static constexpr DataSize kPacket = DataSize::bytes(1200), kLeastPacket = DataSize::bytes(100);

  struct Arrival {
    std::int64_t sequence;
    TimePoint at;
    DataSize size;
  };
  struct Report {
    TimePoint at;
    std::vector<std::pair<std::int64_t, TimePoint>> packets;  // max(): not come
  };

  void step() {
    const TimePoint end = now_ + kStep;
    if (video_ && now_ >= nextFrame_) makeFrame();
    for (TimePoint due = pacer_.nextSendTime(); due <= end; due = pacer_.nextSendTime()) {
      send(std::max(due, now_));
      if (pacer_.nextSendTime() == due) break;
    }
    now_ = end;
    if (transfer_) busyUntil_ = transfer_->send(link_, busyUntil_, now_);
    receive();
    report();
    if (now_ >= nextRtcp_) rtcp();
    if (now_ >= nextProcess_) {
      nextProcess_ += controller_.period();
      controller_.process(now_);
    }
    takeDecisions();
  }

  void makeFrame() {
    nextFrame_ += kFrame;
    const auto& targets = controller_.targets();
    const DataRate rate = std::min(encoderMost_, scaled(targets.target, targets.encoderShare));
    DataSize left = std::max(dataIn(rate, kFrame), kLeastPacket);
    while (left > DataSize{}) {
      const DataSize size = std::min(left, kPacket);
      pacing::Outgoing packet;
      packet.size = size;
      pacer_.queue(packet, now_);
      left = left - size;
    }
  }

  void send(TimePoint at) {
    while (const auto leaves = pacer_.next(at)) {
      const bool padding = leaves->priority == pacing::Priority::padding;
      DataSize total;
      do {
        const DataSize size =
            padding ? std::clamp(leaves->size - total, kLeastPacket, kPacket) : leaves->size;
        put(size, leaves->cluster, at);
        total += size;
      } while (total < leaves->size);
      if (padding) pacer_.paddingSent(total, at);
    }
  }

  void put(DataSize size, int cluster, TimePoint at) {
    const congestion::SentPacket packet{.sequence = static_cast<std::int64_t>(sent_.size()),
                                        .sent = at,
                                        .size = size,
                                        .cluster = cluster};
    sent_.push_back(packet);
    inFlight_ += size;
    if (!onlyRtcp_) controller_.onSent(packet, inFlight_);
    const bool lost = static_cast<double>(random_()) < link_.loss * 4294967296.0 ||
                      (link_.loseEvery > 0 && packet.sequence % link_.loseEvery == 0);
    const Duration waits = std::max(busyUntil_ - at, Duration{});
    if (waits > Duration{} && dataIn(link_.capacity, waits) > link_.queue) return;
    busyUntil_ = std::max(busyUntil_, at) + transmissionTime(size, link_.capacity);
    if (!lost) arrivals_.push_back({packet.sequence, busyUntil_ + link_.forward, size});
  }

  void receive() {
    while (!arrivals_.empty() && arrivals_.front().at <= now_) {
      const Arrival arrival = arrivals_.front();
      arrivals_.pop_front();
      received_ += arrival.size;
      sinceReport_ += arrival.size;
      ++came_;
      for (; expected_ < arrival.sequence; ++expected_) {
        pending_.emplace_back(expected_, TimePoint::max());
      }
      pending_.emplace_back(arrival.sequence, arrival.at);
      expected_ = arrival.sequence + 1;
    }
    // As often as 68 bytes are 5 % of what comes, in 50 to 250 ms.
    if (pending_.empty() || now_ - lastReport_ < interval_) return;
    const DataRate rate = rateOf(sinceReport_, now_ - lastReport_);
    interval_ = std::clamp(
        transmissionTime(DataSize::bytes(68), std::max(scaled(rate, 0.05), DataRate::kbps(1))),
        Duration::ms(50), Duration::ms(250));
    lastReport_ = now_;
    sinceReport_ = {};
    reports_.push_back({now_ + link_.back, std::move(pending_)});
    pending_.clear();
  }

  void report() {
    while (!reports_.empty() && reports_.front().at <= now_) {
      const Report report = std::move(reports_.front());
      reports_.pop_front();
      congestion::Feedback feedback;
      feedback.at = now_;
      for (const auto& [sequence, received] : report.packets) {
        const congestion::SentPacket& packet = sent_[static_cast<std::size_t>(sequence)];
        feedback.packets.push_back({packet, received});
        inFlight_ = inFlight_ - packet.size;
      }
      feedback.inFlight = inFlight_;
      if (!onlyRtcp_) controller_.onFeedback(feedback);
    }
  }

  void rtcp() {
    nextRtcp_ += Duration::s(1);
    if (came_ == 0) return;
    const std::int64_t expected = expected_ - rtcpExpected_;
    controller_.onRoundTrip(link_.forward + link_.back + queueing(), now_);
    controller_.onLoss(expected - came_, expected, now_);
    rtcpExpected_ = expected_;
    came_ = 0;
  }

  void takeDecisions() {
    const auto& targets = controller_.targets();
    pacer_.setRates(targets.pacing, targets.padding, now_);
    for (const congestion::Probe& probe : controller_.takeProbes()) pacer_.addProbe(probe);
  }

  CallLink link_;
  DataRate encoderMost_;
  TimePoint now_;
  Controller controller_;
  pacing::Pacer pacer_;
  bool video_ = true, onlyRtcp_ = false;
  TimePoint nextFrame_, nextProcess_, nextRtcp_ = TimePoint::at(Duration::s(1));
  std::mt19937 random_{1};

  std::vector<congestion::SentPacket> sent_;
  DataSize inFlight_;
  TimePoint busyUntil_;
  Transfer* transfer_ = nullptr;
  std::deque<Arrival> arrivals_;

  std::int64_t expected_ = 0, rtcpExpected_ = 0, came_ = 0;
  std::vector<std::pair<std::int64_t, TimePoint>> pending_;
  DataSize received_, sinceReport_;
  TimePoint lastReport_;
  Duration interval_ = Duration::ms(100);
  std::deque<Report> reports_;
};

}  // namespace callflow::gcc
