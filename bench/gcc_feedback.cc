#include "bench/gcc_feedback.h"

namespace callflow::bench {

namespace {

constexpr int kPackets = 20;
constexpr DataSize kSize = DataSize::bytes(1250);
constexpr Duration kApart = Duration::ms(5);  // 2 Mbit/s
constexpr std::int64_t kLostOneOf = 100;
constexpr Duration kDelay = Duration::ms(30);

}  // namespace

GccFeedbacks::GccFeedbacks() : controller_({}) {
  controller_.onDemand({DataRate::kbps(100), DataRate::mbps(2), DataRate{}}, now_);
}

void GccFeedbacks::send() {
  feedback_.packets.clear();
  feedback_.inFlight = DataSize{};
  for (int i = 0; i < kPackets; ++i, ++sequence_, now_ += kApart) {
    congestion::PacketResult result;
    result.packet.sequence = sequence_;
    result.packet.sent = now_;
    result.packet.size = kSize;
    controller_.onSent(result.packet, kSize * (i + 1));
    if (sequence_ % kLostOneOf != kLostOneOf - 1)
      result.received = now_ + kDelay + Duration::ms(sequence_ % 3);
    feedback_.packets.push_back(result);
    if (i % 5 == 4) controller_.process(now_);
  }
}

void GccFeedbacks::tell() {
  feedback_.at = now_ + kDelay * 2;
  controller_.onFeedback(feedback_);
  controller_.takeProbes();
}

}  // namespace callflow::bench
