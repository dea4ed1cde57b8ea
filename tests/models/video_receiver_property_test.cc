// What holds of a receiver whatever arrives: packets are lost, sent again, doubled and overtaken.
#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <random>
#include <set>
#include <vector>

#include "models/video_receiver/receiver.h"
#include "tests/models/video_receiver_support.h"

using namespace callflow;
using namespace callflow::video_receiver;

namespace {

// Sends frames of three temporal layers (0 2 1 2 ...) and what it is asked for, over a path that
// loses and delays.
class World : public Listener {
 public:
  World(unsigned seed, double loss) : random_(seed), loss_(loss), receiver_({}, TimePoint{}, this) {
    receiver_.onRoundTrip(Duration::ms(120), TimePoint{});
  }

  void run(int frames) {
    for (int i = 0; i < frames; ++i) {
      const TimePoint captured = TimePoint::at(Duration::us(33'333) * i);
      deliverUntil(captured);
      sendFrame(captured);
    }
    deliverUntil(TimePoint::at(Duration::us(33'333) * frames + Duration::s(5)));
  }

  void onFrame(const SeenFrame& seen) override {
    const Frame& frame = seen.frame;
    CHECK(decoded_.count(frame.number) == 0);
    CHECK((decoded_.empty() || frame.number > *decoded_.rbegin()));
    CHECK((frame.dependsOn == kNoFrame || decoded_.count(frame.dependsOn) == 1));
    CHECK((!decoded_.empty() || frame.key));
    CHECK(seen.released >= frame.lastArrival);
    CHECK(frame.lastArrival >= frame.firstArrival);
    CHECK(seen.released >= lastDecoded_);
    CHECK(frame.size == DataSize::bytes(1000) * packetsOf_.at(frame.number));
    decoded_.insert(frame.number);
    lastDecoded_ = seen.decoded;
  }
  void onFreeze(TimePoint from, TimePoint to) override { frozen_ += to - from; }

  void check() const {
    const Statistics all = receiver_.statistics();
    CHECK(all.framesDecoded == static_cast<std::int64_t>(decoded_.size()));
    CHECK(all.framesDecoded <= all.framesReceived);
    CHECK(all.framesReceived <= frame_);
    CHECK(all.jitterBufferEmittedCount == all.framesDecoded);
    CHECK(all.totalFreezesDuration == frozen_);
    CHECK(all.packetsReceived == arrived_);
    // All that came after the last one that was decoded would have to wait for a lost frame.
    CHECK(frame_ - *decoded_.rbegin() < 120);
  }
  std::int64_t decodedFrames() const { return static_cast<std::int64_t>(decoded_.size()); }

 private:
  void sendFrame(TimePoint captured) {
    if (keyFrameAt_ <= captured) {
      position_ = 0;
      keyFrameAt_ = TimePoint::max();
      base_ = middle_ = frame_;
    }
    static constexpr int kLayers[] = {0, 2, 1, 2};
    const int layer = kLayers[position_ % 4];
    Packet packet;
    packet.frame = frame_;
    packet.key = position_ == 0;
    packet.dependsOn = packet.key ? kNoFrame : layer == 2 ? middle_ : base_;
    packet.temporalLayer = static_cast<std::uint8_t>(layer);
    packet.captured = captured;
    packet.size = DataSize::bytes(1000);
    packet.width = 640;
    packet.height = 360;
    const int count = packet.key ? 8 : 1 + static_cast<int>(random_() % 4);
    for (int i = 0; i < count; ++i) {
      packet.sequence = static_cast<std::int64_t>(sent_.size());
      packet.first = i == 0;
      packet.last = i == count - 1;
      sent_.push_back(packet);
      send(packet, captured + Duration::ms(i));
    }
    packetsOf_[frame_] = count;
    if (layer == 0) base_ = middle_ = frame_;
    if (layer == 1) middle_ = frame_;
    ++position_;
    ++frame_;
  }

  void send(const Packet& packet, TimePoint now) {
    const double draw = share_(random_);
    const int times = draw < loss_ ? 0 : draw > 0.99 ? 2 : 1;
    for (int i = 0; i < times; ++i)
      underway_.emplace(now + Duration::ms(60) + Duration::us(random_() % 8000), packet);
  }

  void deliverUntil(TimePoint until) {
    for (;;) {
      const TimePoint packet = underway_.empty() ? TimePoint::max() : underway_.begin()->first;
      const TimePoint wake = receiver_.nextWakeUp();
      const TimePoint now = std::min(packet, wake);
      if (now > until) return;
      if (packet <= wake) {
        ++arrived_;
        answer(receiver_.onPacket(underway_.begin()->second, now), now);
        underway_.erase(underway_.begin());
      } else {
        answer(receiver_.process(now), now);
        CHECK(receiver_.nextWakeUp() > now);
      }
    }
  }

  void answer(const Requests& requests, TimePoint now) {
    for (const std::int64_t sequence : requests.nack) {
      Packet packet = sent_.at(static_cast<std::size_t>(sequence));
      packet.retransmitted = true;
      send(packet, now + Duration::ms(60));
    }
    if (requests.keyFrame) keyFrameAt_ = std::min(keyFrameAt_, now + Duration::ms(60));
  }

  std::mt19937 random_;
  std::uniform_real_distribution<double> share_;
  double loss_;
  Receiver receiver_;
  std::vector<Packet> sent_;
  std::multimap<TimePoint, Packet> underway_;
  std::map<std::int64_t, int> packetsOf_;
  std::set<std::int64_t> decoded_;
  TimePoint lastDecoded_;
  TimePoint keyFrameAt_ = TimePoint::max();
  Duration frozen_;
  std::int64_t arrived_ = 0;
  std::int64_t frame_ = 0;
  std::int64_t position_ = 0;
  std::int64_t base_ = 0;
  std::int64_t middle_ = 0;
};

}  // namespace

TEST_CASE("Frames are decoded in order, once, and never before what they depend on") {
  for (const double loss : {0.0, 0.02, 0.1, 0.4}) {
    for (unsigned seed = 1; seed <= 5; ++seed) {
      World world(seed, loss);
      world.run(600);
      INFO("loss " << loss << ", seed " << seed << ", decoded " << world.decodedFrames());
      world.check();
      if (loss == 0) CHECK(world.decodedFrames() == 600);
      if (loss == 0.02) CHECK(world.decodedFrames() > 500);
    }
  }
}
