#include "models/fabric/link.h"

#include <utility>

namespace callflow::fabric {
namespace {

// The limit as a time at this rate.
Duration limitAsTime(const QueueLimit& limit, DataRate rate) {
  if (const auto* time = std::get_if<Duration>(&limit)) return *time;
  if (rate.isUnlimited() || rate == DataRate{}) return Duration::max();
  const DataSize size = std::get<DataSize>(limit);
  constexpr double longest = 1e9;  // seconds; a limit beyond is none
  if (static_cast<double>(size.count()) * 8 > longest * static_cast<double>(rate.count())) {
    return Duration::max();
  }
  return transmissionTime(size, rate);
}

}  // namespace

struct Link::Cold {
  explicit Cold(std::string link_name)
      : name(std::move(link_name)), loss(name), jitter(name + " jitter") {}

  std::string name;
  LinkParameters parameters;
  LossProcess loss;
  FlowDraws jitter;
};

Link::Link(std::string name, const LinkParameters& parameters)
    : cold_(std::make_unique<Cold>(std::move(name))) {
  setParameters(parameters);
}
Link::Link(Link&&) noexcept = default;
Link& Link::operator=(Link&&) noexcept = default;
Link::~Link() = default;

void Link::setParameters(const LinkParameters& parameters) {
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
  random_ = 0;
  if (!parameters.loss.none()) random_ |= hasLoss;
  if (parameters.jitter.mean > Duration{}) random_ |= hasJitter;
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

void Link::chance(const Packet& packet, TimePoint departure, Transmission& result) {
  if ((random_ & hasJitter) != 0) {
    result.jitter = drawJitter(cold_->parameters.jitter, cold_->jitter.of(packet));
    result.arrival += result.jitter;
  }
  if ((random_ & hasLoss) != 0 && cold_->loss.isLost(packet, departure)) {
    ++counters_.lost;
    result.verdict = LinkVerdict::lost;
  }
}

}  // namespace callflow::fabric
