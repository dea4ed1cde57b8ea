#include "models/fabric/link.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "models/fabric/backlog.h"
#include "models/fabric/overhead.h"

namespace callflow::fabric {
namespace {

Duration drainTime(DataSize size, DataRate rate) {
  if (rate.isUnlimited() || rate == DataRate{}) return Duration::max();
  constexpr double kLongest = 1e9;  // seconds; a limit beyond is none
  if (static_cast<double>(size.count()) * 8 > kLongest * static_cast<double>(rate.count())) {
    return Duration::max();
  }
  return transmissionTime(size, rate);
}

// The limit as a time at this rate.
Duration limitAsTime(const std::optional<QueueLimit>& limit, DataRate rate,
                     const Overhead& overhead) {
  if (!limit) {
    const DataSize usual =
        DataSize::bytes(kUsualQueuePackets * sizeOnLine(kFullPacket.count(), overhead));
    return std::max(kUsualQueueTime, drainTime(usual, rate));
  }
  if (const auto* time = std::get_if<Duration>(&*limit)) return *time;
  return drainTime(std::get<DataSize>(*limit), rate);
}

}  // namespace

struct Link::Cold {
  Cold(std::string linkName, const FlowNames* flows)
      : name(std::move(linkName)), loss(name, flows), jitter(name + " jitter", flows) {}

  std::string name;
  LinkParameters parameters;
  LossProcess loss;
  FlowDraws jitter;
  Backlog backlog;
  std::int64_t lost = 0, queueDrops = 0, downDrops = 0;
};

Link::Link(std::string name, const LinkParameters& parameters, const FlowNames* flows)
    : cold_(std::make_unique<Cold>(std::move(name), flows)) {
  configure(parameters);
}
Link::Link(Link&&) noexcept = default;
Link& Link::operator=(Link&&) noexcept = default;
Link::~Link() = default;

void Link::configure(const LinkParameters& parameters) {
  cold_->parameters = parameters;
  cold_->loss.configure(parameters.loss);
  rate_ = parameters.down ? 0 : parameters.rate.count();
  delay_ = parameters.delay;
  limit_ = limitAsTime(parameters.queue, parameters.rate, parameters.overhead);
  lastSize_ = 0;
  lastTime_ = Duration{};
  lastRest_ = 0;
  roundedUp_ = 0;
  reorders_ = parameters.jitter.reorder.any();
  special_ &= kHasBacklog;
  if (!parameters.loss.none()) special_ |= kHasLoss;
  if (parameters.jitter.mean > Duration{} || parameters.jitter.reorder.share > Ratio{})
    special_ |= kHasJitter;
}

void Link::expectChanges() {
  if ((special_ & kHasBacklog) == 0 && sent_ > 0) {
    throw std::logic_error("link " + name() + ": has been used already");
  }
  special_ |= kHasBacklog;
}

std::vector<Retiming> Link::change(const LinkParameters& parameters, TimePoint now) {
  std::vector<Retiming> result;
  if ((special_ & kHasBacklog) == 0) {
    if (sent_ > 0) throw std::logic_error("link " + name() + ": was not to change");
    configure(parameters);
    return result;
  }
  Backlog& backlog = cold_->backlog;
  backlog.halt(now, rate_, lastArrival_);
  configure(parameters);
  const Backlog::State state = backlog.resume(now, rate_, delay_, reorders_, result);
  transmitterFree_ = state.transmitterFree;
  roundedUp_ = state.roundedUp;
  lastArrival_ = state.lastArrival;
  busy_ += state.busy;
  return result;
}

void Link::abandon() {
  ++cold_->downDrops;
}

void Link::refuse(LinkVerdict why, Transmission& result) {
  ++(why == LinkVerdict::down ? cold_->downDrops : cold_->queueDrops);
  result.verdict = why;
}

LinkCounters Link::counters() const {
  return {sent_, cold_->lost, cold_->queueDrops, cold_->downDrops, bytes_, busy_};
}

const LinkParameters& Link::parameters() const {
  return cold_->parameters;
}
const std::string& Link::name() const {
  return cold_->name;
}

std::int64_t Link::onLine(std::uint16_t size) const {
  return sizeOnLine(size, cold_->parameters.overhead);
}

void Link::measure(std::uint16_t size) {
  // 65 535 B are 5.3e14 bit ns, in cells 5.8e14: no overflow.
  const std::int64_t bitNs = onLine(size) * 8 * 1'000'000'000;
  lastSize_ = size;
  lastTime_ = Duration::ns(bitNs / rate_);
  lastRest_ = bitNs % rate_;
}

void Link::special(const Packet& packet, PacketId id, TimePoint now, Transmission& result) {
  const TimePoint departure = now + result.queueing + result.serialization;
  if ((special_ & kHasJitter) != 0) {
    result.jitter = drawJitter(cold_->parameters.jitter, cold_->jitter.of(packet));
    result.arrival += result.jitter;
  }
  if ((special_ & kHasLoss) != 0 && cold_->loss.isLost(packet, departure, now)) {
    ++cold_->lost;
    result.verdict = LinkVerdict::lost;
  }
  const Duration draw = result.jitter;
  if (result.verdict == LinkVerdict::delivered) keepOrder(result);
  if ((special_ & kHasBacklog) != 0 && rate_ != DataRate::unlimited().count()) {
    cold_->backlog.add(onLine(packet.size), id, now, result, draw, roundedUp_);
  }
}

}  // namespace callflow::fabric
