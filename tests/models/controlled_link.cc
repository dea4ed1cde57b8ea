#include "tests/models/controlled_link.h"

#include <algorithm>
#include <deque>
#include <utility>

namespace callflow::congestion {
namespace {

constexpr Duration kTick = Duration::ms(1);
constexpr Duration kFrame = Duration::us(33'333);
constexpr Duration kFeedback = Duration::ms(100);
constexpr DataSize kPacket = DataSize::bytes(1000);

class Link {
 public:
  Link(Controller& controller, const LinkSetup& setup) : controller_(controller), setup_(setup) {}

  LinkRun run() {
    controller_.onDemand(setup_.demand, now_);
    for (; now_ < TimePoint::at(setup_.length); now_ += kTick) {
      learn();
      encode();
      pace();
      carry();
      report();
      if (now_ >= nextProcess_) {
        controller_.onQueue(waiting_);
        controller_.process(now_);
        nextProcess_ += controller_.period();
      }
      tenth_.target = controller_.targets().target;
      if (now_ >= nextTenth_) endTenth();
    }
    return std::move(result_);
  }

 private:
  struct Waiting {
    DataSize size;
    TimePoint since;
  };
  struct Queued {
    std::int64_t sequence;
    std::int64_t bitsLeft;
  };
  struct OnItsWay {
    TimePoint at;
    Feedback feedback;
  };

  void encode() {
    if (now_ < nextFrame_) return;
    nextFrame_ += kFrame;
    const Targets& targets = controller_.targets();
    DataSize frame = dataIn(scaled(targets.target, targets.encoderShare), kFrame);
    while (frame > DataSize{}) {
      const DataSize size = std::min(frame, kPacket);
      pacer_.push_back({size, now_});
      waiting_ += size;
      frame = frame - size;
    }
    controller_.onQueue(waiting_);
  }

  void pace() {
    // What is paid for in the last millisecond beyond the debt goes to the packet that waited.
    debt_ = debt_ - dataIn(controller_.targets().pacing, kTick);
    if (pacer_.empty()) debt_ = std::max(debt_, DataSize{});
    while (!pacer_.empty() && debt_ <= DataSize{}) {
      const Waiting packet = pacer_.front();
      pacer_.pop_front();
      waiting_ = waiting_ - packet.size;
      tenth_.waiting = std::max(tenth_.waiting, now_ - packet.since);
      const auto sequence = static_cast<std::int64_t>(packets_.size());
      packets_.push_back({{sequence, now_, packet.size, kNoCluster, false}, TimePoint::max()});
      inFlight_ += packet.size;
      controller_.onSent(packets_.back().packet, inFlight_);
      controller_.onQueue(waiting_);
      debt_ += packet.size;
      enter(sequence);
    }
  }

  void enter(std::int64_t sequence) {
    const DataSize size = packets_[static_cast<std::size_t>(sequence)].packet.size;
    const bool unlucky = setup_.loseOneOf > 0 && sequence % setup_.loseOneOf == 0;
    if (unlucky || transmissionTime(queued_ + size, rate()) > setup_.queue) {
      ++tenth_.dropped;
      return;
    }
    queue_.push_back({sequence, size.count() * 8});
    queued_ += size;
  }

  DataRate rate() const {
    DataRate rate;
    for (const Capacity& one : setup_.capacity) {
      if (TimePoint::at(one.from) <= now_) rate = one.rate;
    }
    return rate;
  }

  void carry() {
    std::int64_t bits = rate().count() / 1000;
    while (bits > 0 && !queue_.empty()) {
      Queued& head = queue_.front();
      const std::int64_t now = std::min(bits, head.bitsLeft);
      bits -= now;
      head.bitsLeft -= now;
      if (head.bitsLeft > 0) return;
      PacketResult& packet = packets_[static_cast<std::size_t>(head.sequence)];
      packet.received = now_ + setup_.propagation;
      queued_ = queued_ - packet.packet.size;
      delivered_ += packet.packet.size;
      tenth_.delay = std::max(tenth_.delay, packet.received - packet.packet.sent);
      queue_.pop_front();
    }
  }

  // The receiver tells what it has, up to the last that it has.
  void report() {
    if (now_ < nextReport_) return;
    nextReport_ += kFeedback;
    std::size_t end = reported_;
    for (std::size_t i = reported_; i < packets_.size(); ++i) {
      if (packets_[i].arrived() && packets_[i].received <= now_) end = i + 1;
    }
    if (end == reported_) return;
    Feedback feedback;
    feedback.at = now_ + setup_.propagation;
    const auto at = [&](std::size_t i) {
      return packets_.begin() + static_cast<std::ptrdiff_t>(i);
    };
    feedback.packets.assign(at(reported_), at(end));
    reported_ = end;
    reports_.push_back({feedback.at, std::move(feedback)});
  }

  void learn() {
    while (!reports_.empty() && reports_.front().at <= now_) {
      Feedback feedback = std::move(reports_.front().feedback);
      reports_.pop_front();
      for (const PacketResult& result : feedback.packets)
        inFlight_ = inFlight_ - result.packet.size;
      feedback.inFlight = inFlight_;
      controller_.onFeedback(feedback);
    }
  }

  void endTenth() {
    nextTenth_ += Duration::ms(100);
    tenth_.delivered = rateOf(delivered_, Duration::ms(100));
    result_.tenths.push_back(tenth_);
    tenth_ = {};
    delivered_ = {};
  }

  Controller& controller_;
  const LinkSetup& setup_;
  LinkRun result_;
  TimePoint now_, nextFrame_, nextReport_, nextProcess_;
  TimePoint nextTenth_ = TimePoint::at(Duration::ms(99));
  std::deque<Waiting> pacer_;
  DataSize waiting_;  // in it
  DataSize debt_;     // sent ahead of the pacing
  std::vector<PacketResult> packets_;
  std::size_t reported_ = 0;
  std::deque<Queued> queue_;
  DataSize queued_;  // bytes in it, those of which a part is sent with all theirs
  DataSize inFlight_;
  std::deque<OnItsWay> reports_;
  Tenth tenth_;
  DataSize delivered_;
};

template <class F>
void each(const LinkRun& run, Duration from, Duration to, F use) {
  const auto last = std::min(static_cast<std::int64_t>(run.tenths.size()), to / Duration::ms(100));
  for (std::int64_t i = from / Duration::ms(100); i < last; ++i)
    use(run.tenths[static_cast<std::size_t>(i)]);
}

}  // namespace

LinkRun runLink(Controller& controller, const LinkSetup& setup) {
  return Link{controller, setup}.run();
}

DataRate LinkRun::delivered(Duration from, Duration to) const {
  DataRate sum;
  each(*this, from, to, [&](const Tenth& tenth) { sum += tenth.delivered; });
  return scaled(sum, 0.1 / (to - from).seconds());
}

Duration LinkRun::longestDelay(Duration from, Duration to) const {
  Duration longest;
  each(*this, from, to, [&](const Tenth& tenth) { longest = std::max(longest, tenth.delay); });
  return longest;
}

Duration LinkRun::longestWaiting(Duration from, Duration to) const {
  Duration longest;
  each(*this, from, to, [&](const Tenth& tenth) { longest = std::max(longest, tenth.waiting); });
  return longest;
}

std::int64_t LinkRun::dropped(Duration from, Duration to) const {
  std::int64_t sum = 0;
  each(*this, from, to, [&](const Tenth& tenth) { sum += tenth.dropped; });
  return sum;
}

}  // namespace callflow::congestion
