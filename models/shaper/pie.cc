#include "models/shaper/pie.h"

#include <algorithm>

namespace callflow::shaper {
namespace {

// RFC 8033 4.2: small probabilities change in small steps.
double stepScale(double probability) {
  constexpr std::pair<double, double> kScales[] = {{0.000001, 1.0 / 2048}, {0.00001, 1.0 / 512},
                                                   {0.0001, 1.0 / 128},    {0.001, 1.0 / 32},
                                                   {0.01, 1.0 / 8},        {0.1, 1.0 / 2}};
  for (const auto& [below, scale] : kScales) {
    if (probability < below) return scale;
  }
  return 1;
}

}  // namespace

PieQueue::PieQueue(const QueueBound& bound, const PieParameters& parameters,
                   const std::string& name)
    : Queue(bound),
      parameters_(parameters),
      random_(name + " pie"),
      burst_(parameters.burstAllowance),
      nextUpdate_(TimePoint{} + parameters.updatePeriod) {}

void PieQueue::updateUntil(TimePoint now) {
  // What waits is as old as its first packet will be; an empty queue does not wait.
  while (nextUpdate_ <= now) {
    update(line_.packets() == 0 ? Duration{} : wait_);
    nextUpdate_ += parameters_.updatePeriod;
    // After a long rest all has decayed: no need to count every period of it.
    if (probability_ == 0 && lastWait_ == Duration{} && line_.packets() == 0 && nextUpdate_ < now) {
      const std::int64_t periods = (now - nextUpdate_).count() / parameters_.updatePeriod.count();
      nextUpdate_ += parameters_.updatePeriod * periods;
      burst_ = parameters_.burstAllowance;
    }
  }
}

void PieQueue::update(Duration wait) {
  constexpr double kSecond = 1e9;
  const double target = static_cast<double>(parameters_.target.count()) / kSecond;
  const double now = static_cast<double>(wait.count()) / kSecond;
  const double last = static_cast<double>(lastWait_.count()) / kSecond;
  double step = parameters_.alpha * (now - target) + parameters_.beta * (now - last);
  step *= stepScale(probability_);
  // RFC 8033 5.5: not by leaps once it is high, except when the wait is far too long (5.6).
  if (probability_ >= 0.1 && step > 0.02) step = 0.02;
  probability_ += step;
  if (now > 0.25) probability_ += 0.02;
  if (wait == Duration{} && lastWait_ == Duration{}) probability_ *= 0.98;
  probability_ = std::clamp(probability_, 0.0, 1.0);
  lastWait_ = wait;
  burst_ = std::max(Duration{}, burst_ - parameters_.updatePeriod);
  if (probability_ == 0 && now < target / 2 && last < target / 2) {
    burst_ = parameters_.burstAllowance;
  }
}

bool PieQueue::dropsEarly() {
  constexpr std::int64_t kFullPacket = 1500;
  if (burst_ > Duration{}) return false;
  // RFC 8033 5.1: a short queue is left alone.
  const bool calm = lastWait_ < Duration::ns(parameters_.target.count() / 2) && probability_ < 0.2;
  if (calm || line_.bytes() <= 2 * kFullPacket) return false;
  if (probability_ == 0) accumulated_ = 0;
  // RFC 8033 5.3: neither drops in a row nor long runs without one.
  accumulated_ += probability_;
  if (accumulated_ < 0.85) return false;
  if (accumulated_ < 8.5 && random_.uniform() >= probability_) return false;
  accumulated_ = 0;
  return true;
}

void PieQueue::put(const Waiting& packet, const Waiting* ahead, TimePoint now, Drops& drops) {
  updateUntil(now);
  const bool idle = line_.packets() == 0 && ahead == nullptr;
  if (!idle && !line_.fits(packet, ahead, bound())) {
    drops.push_back({packet, DropReason::queueFull});
  } else if (dropsEarly()) {
    drops.push_back({packet, DropReason::early});
  } else {
    line_.push(packet);
  }
}

std::optional<Waiting> PieQueue::take(TimePoint now, Drops&) {
  updateUntil(now);
  const std::optional<Waiting> packet = line_.pop();
  if (packet) wait_ = now - packet->arrived;
  return packet;
}

}  // namespace callflow::shaper
