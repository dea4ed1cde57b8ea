#include "models/pacing/pacer.h"

#include <algorithm>

namespace callflow::pacing {
namespace {

// libwebrtc, modules/pacing/pacing_controller.{h,cc}.
constexpr Duration kSignOfLife = Duration::ms(500);
constexpr Duration kMostDebt = Duration::ms(500);
constexpr Duration kMostPassed = Duration::s(2);
constexpr Duration kPaddingAtOnce = Duration::ms(5);
constexpr Duration kMostMadeGood = Duration::ms(50);
constexpr DataSize kMostAtOnce = DataSize::bytes(63'000);  // what sockets are sure to take
constexpr DataSize kLeastPadding = DataSize::bytes(1);
constexpr Duration kLeastTimeLeft = Duration::ms(1);

DataSize drained(DataSize debt, DataRate rate, Duration passed) {
  return std::max(DataSize{}, debt - dataIn(rate, passed));
}

// Nearly always so, and without a division.
bool carries(DataRate rate, Duration time, DataSize size) {
  return static_cast<Int128>(rate.count()) * time.count() >=
         static_cast<Int128>(size.count()) * 8'000'000'000;
}

}  // namespace

Pacer::Pacer(const PacerParameters& parameters, TimePoint now)
    : parameters_(parameters), settled_(now), lastSent_(now) {}

void Pacer::setRates(DataRate pacing, DataRate padding, TimePoint now) {
  pacing_ = pacing;
  padding_ = std::min(padding, pacing);
  adaptRate(now);
}

void Pacer::setCongested(bool congested, TimePoint now) {
  if (congested_ && !congested) settle(now);
  congested_ = congested;
}

void Pacer::queue(Outgoing packet, TimePoint now) {
  prober_.onQueued(packet.size, now);
  // The time in which nothing waited gives no right to a burst.
  if (queue_.empty()) settle(std::min(now, nextSendTime()));
  packet.queued = now;
  queue_.push(packet);
  begun_ = true;
  adaptRate(now);
}

TimePoint Pacer::nextSendTime() const {
  if (prober_.active() && !burstFailed_) return prober_.nextTime();
  if (audioWaits()) return queue_.front().queued;
  if (!begun_) return TimePoint::max();
  if (congested_) return lastSent_ + kSignOfLife;
  if (!queue_.empty()) {
    if (rate_ <= DataRate{}) return TimePoint::max();
    return mediaDebt_ < atOnce_ ? settled_ : settled_ + mediaDrain();
  }
  if (padding_ <= DataRate{}) return TimePoint::max();
  return settled_ + std::max(mediaDrain(), transmissionTime(paddingDebt_, padding_));
}

std::optional<Outgoing> Pacer::next(TimePoint now) {
  if (burst_) {
    if (std::optional<Outgoing> more = continueBurst(now)) return more;
  }
  if (signOfLifeDue(now)) {
    lastSent_ = now;
    return ask(kLeastPadding, congestion::kNoCluster);
  }
  const TimePoint due = nextSendTime();
  if (now >= due) {
    settle(due);
    std::optional<Outgoing> leaves = beginBurst(now) ? continueBurst(now) : paced(now);
    if (leaves) return leaves;
  }
  if (shorter_) adaptRate(now);
  return std::nullopt;
}

// By the rate alone, or none of its business.
std::optional<Outgoing> Pacer::paced(TimePoint now) {
  if (congested_ && !audioWaits()) return std::nullopt;
  if (!queue_.empty()) return take(congestion::kNoCluster, now);
  if (padding_ <= DataRate{} || paddingDebt_ > DataSize{}) return std::nullopt;
  // A rate that has risen makes padding overdue: not all of it is made good.
  settled_ = std::max(settled_, now - kMostMadeGood);
  return ask(std::max(kLeastPadding, dataIn(padding_, kPaddingAtOnce)), congestion::kNoCluster);
}

bool Pacer::beginBurst(TimePoint now) {
  burst_ = prober_.burst(now);
  burstSent_ = DataSize{};
  return burst_.has_value();
}

std::optional<Outgoing> Pacer::continueBurst(TimePoint now) {
  // A small packet in front makes it known exactly when the probe began.
  if (burst_->first) {
    burst_->first = false;
    return ask(kLeastPadding, burst_->cluster);
  }
  if (!queue_.empty()) {
    const Outgoing packet = take(burst_->cluster, now);
    addToBurst(packet.size, now);
    return packet;
  }
  if (!congested_) return ask(burst_->size - burstSent_, burst_->cluster);
  endBurst(now);
  return std::nullopt;
}

void Pacer::addToBurst(DataSize size, TimePoint now) {
  burstSent_ += size;
  if (burstSent_ >= burst_->size) endBurst(now);
}

void Pacer::endBurst(TimePoint now) {
  burstFailed_ = burstSent_ == DataSize{};
  if (!burstFailed_) prober_.onSent(burstSent_, now);
  burst_.reset();
  adaptRate(now);
}

void Pacer::paddingSent(DataSize sent, TimePoint now) {
  const DataSize wanted = asked_.value_or(DataSize{});
  asked_.reset();
  if (sent > DataSize{}) {
    prober_.onQueued(sent, now);
    lastSent_ = now;
    owe(sent);
    if (burst_) addToBurst(sent, now);
    return;
  }
  // Else it would be asked for again at once.
  owePadding(burst_ ? burst_->size : wanted);
  if (burst_ && queue_.empty()) endBurst(now);
}

Outgoing Pacer::take(int cluster, TimePoint now) {
  Outgoing packet = queue_.pop();
  shorter_ = true;
  packet.cluster = cluster;
  lastSent_ = now;
  if (packet.priority != Priority::audio || parameters_.audioCounts) owe(packet.size);
  return packet;
}

Outgoing Pacer::ask(DataSize size, int cluster) {
  asked_ = size;
  Outgoing padding;
  padding.size = size;
  padding.cluster = cluster;
  padding.priority = Priority::padding;
  return padding;
}

bool Pacer::signOfLifeDue(TimePoint now) const {
  return congested_ && begun_ && now - lastSent_ >= kSignOfLife;
}

bool Pacer::audioWaits() const {
  return !queue_.empty() && queue_.front().priority == Priority::audio;
}

Duration Pacer::mediaDrain() const {
  return mediaDebt_ > DataSize{} ? transmissionTime(mediaDebt_, rate_) : Duration{};
}

void Pacer::settle(TimePoint when) {
  if (when <= settled_) return;
  const Duration passed = std::min(when - settled_, kMostPassed);
  settled_ = when;
  if (mediaDebt_ > DataSize{}) mediaDebt_ = drained(mediaDebt_, rate_, passed);
  if (paddingDebt_ > DataSize{}) paddingDebt_ = drained(paddingDebt_, padding_, passed);
}

void Pacer::owe(DataSize size) {
  mediaDebt_ = std::min(mediaDebt_ + size, dataIn(rate_, kMostDebt));
  owePadding(size);
}

void Pacer::owePadding(DataSize size) {
  paddingDebt_ = std::min(paddingDebt_ + size, dataIn(padding_, kMostDebt));
}

// What waits is to be gone before it has waited too long.
void Pacer::adaptRate(TimePoint now) {
  shorter_ = false;
  DataRate rate = pacing_;
  if (!queue_.empty()) {
    const Duration left =
        std::max(kLeastTimeLeft, parameters_.longestWait - queue_.averageWait(now));
    if (!carries(pacing_, left, queue_.size())) {
      rate = std::max(pacing_, rateOf(queue_.size(), left));
    }
  }
  if (rate == rate_) return;
  rate_ = rate;
  atOnce_ = std::min(kMostAtOnce, dataIn(rate_, parameters_.burst));
}

Duration Pacer::expectedWait() const {
  if (queue_.empty() || rate_ <= DataRate{}) return Duration{};
  return transmissionTime(queue_.size(), rate_);
}

}  // namespace callflow::pacing
