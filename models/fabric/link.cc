#include "models/fabric/link.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "models/fabric/backlog.h"

namespace callflow::fabric {
namespace {

Duration drainTime(DataSize size, DataRate rate) {
  if (rate.isUnlimited() || rate == DataRate{}) return Duration::max();
  constexpr double longest = 1e9;  // seconds; a limit beyond is none
  if (static_cast<double>(size.count()) * 8 > longest * static_cast<double>(rate.count())) {
    return Duration::max();
  }
  return transmissionTime(size, rate);
}

// The limit as a time at this rate.
Duration limitAsTime(const std::optional<QueueLimit>& limit, DataRate rate) {
  if (!limit) return std::max(usualQueueTime, drainTime(usualQueueSize, rate));
  if (const auto* time = std::get_if<Duration>(&*limit)) return *time;
  return drainTime(std::get<DataSize>(*limit), rate);
}

}  // namespace

struct Link::Cold {
  Cold(std::string link_name, const FlowNames* flows)
      : name(std::move(link_name)), loss(name, flows), jitter(name + " jitter", flows) {}

  std::string name;
  LinkParameters parameters;
  LossProcess loss;
  FlowDraws jitter;
  Backlog backlog;
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
  rate_ = parameters.rate.count();
  delay_ = parameters.delay;
  limit_ = limitAsTime(parameters.queue, parameters.rate);
  last_size_ = 0;
  last_time_ = Duration{};
  last_rest_ = 0;
  rounded_up_ = 0;
  reorders_ = parameters.jitter.reorder;
  special_ &= hasBacklog;
  if (!parameters.loss.none()) special_ |= hasLoss;
  if (parameters.jitter.mean > Duration{}) special_ |= hasJitter;
}

void Link::expectChanges() {
  if ((special_ & hasBacklog) == 0 && counters_.sent > 0) {
    throw std::logic_error("link " + name() + ": has been used already");
  }
  special_ |= hasBacklog;
}

std::vector<Retiming> Link::change(const LinkParameters& parameters, TimePoint now) {
  std::vector<Retiming> result;
  if ((special_ & hasBacklog) == 0) {
    if (counters_.sent > 0) throw std::logic_error("link " + name() + ": was not to change");
    configure(parameters);
    return result;
  }
  Backlog& backlog = cold_->backlog;
  backlog.halt(now, rate_, last_arrival_);
  configure(parameters);
  const Backlog::State state = backlog.resume(now, rate_, delay_, reorders_, result);
  transmitter_free_ = state.transmitter_free;
  rounded_up_ = state.rounded_up;
  last_arrival_ = state.last_arrival;
  counters_.busy += state.busy;
  return result;
}

const LinkParameters& Link::parameters() const {
  return cold_->parameters;
}
const std::string& Link::name() const {
  return cold_->name;
}

void Link::measure(std::uint16_t size) {
  // 65 535 B are 5.3e14 bit ns: no overflow.
  const std::int64_t bit_ns = std::int64_t{size} * 8 * 1'000'000'000;
  last_size_ = size;
  last_time_ = Duration::ns(bit_ns / rate_);
  last_rest_ = bit_ns % rate_;
}

void Link::special(const Packet& packet, PacketId id, TimePoint now, Transmission& result) {
  const TimePoint departure = now + result.queueing + result.serialization;
  if ((special_ & hasJitter) != 0) {
    result.jitter = drawJitter(cold_->parameters.jitter, cold_->jitter.of(packet));
    result.arrival += result.jitter;
  }
  if ((special_ & hasLoss) != 0 && cold_->loss.isLost(packet, departure, now)) {
    ++counters_.lost;
    result.verdict = LinkVerdict::lost;
  }
  const Duration draw = result.jitter;
  if (result.verdict == LinkVerdict::delivered) keepOrder(result);
  if ((special_ & hasBacklog) != 0 && rate_ != DataRate::unlimited().count()) {
    cold_->backlog.add(packet, id, now, result, draw, rounded_up_);
  }
}

}  // namespace callflow::fabric
