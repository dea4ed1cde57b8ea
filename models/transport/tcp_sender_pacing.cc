// What a sender does whose congestion control paces it: BBR.
#include "models/transport/rate_control.h"
#include "models/transport/tcp_sender.h"

namespace callflow::transport {

Bbr::Flow TcpSender::flow(TimePoint now) const {
  Bbr::Flow flow;
  flow.now = now;
  flow.ticks = ticks_.at(now);
  flow.inFlight = inFlight();
  flow.lost = lostTotal_;
  if (state_ == State::recovery) flow.repair = Bbr::Repair::recovery;
  if (state_ == State::loss) flow.repair = Bbr::Repair::loss;
  flow.smoothedRtt = rtt_.smoothed();
  flow.nextDeparture = rate_->pacer.next();
  return flow;
}

bool TcpSender::mayLeave(TimePoint now) {
  if (rate_->pacer.open(now)) return true;
  if (paceAt_ == TimePoint::max()) paceAt_ = rate_->pacer.next();
  return false;
}

void TcpSender::paceAfter(std::int64_t bytes, TimePoint now) {
  rate_->pacer.sent(DataSize::bytes(bytes), rate_->bbr.pacing(),
                    counters_.dataSegments + counters_.retransmissions, now);
}

// Less than a segment waits although the window has room: the application is what limits
// (net/ipv4/tcp_rate.c: tcp_rate_check_app_limited()).
void TcpSender::noteWrite() {
  if (unsent() < segment_ && inFlight() < window_.size && lostOut_ <= resentOut_) {
    rate_->samples.limit(inFlight());
  }
}

void TcpSender::controlRate(const Ack& ack) {
  RateSample sample = rate_->samples.finish(ack.delivered, rtt_.smallest(), ack.now);
  sample.lost = ack.lost;
  sample.priorInFlight = ack.priorInFlight;
  sample.rtt = ack.rtt;
  sample.maybeDelayed = ack.maybeDelayed;
  rate_->bbr.acknowledged(window_, rate_->samples, sample, flow(ack.now));
}

void TcpSender::onPaceTimer(TimePoint now) {
  paceAt_ = TimePoint::max();
  if (lostOut_ > resentOut_ && inFlight() < window_.size) resendLost(now);
  push(now);
}

}  // namespace callflow::transport
