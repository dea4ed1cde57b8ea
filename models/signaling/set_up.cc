#include "models/signaling/set_up.h"

namespace callflow::signaling {

std::string_view name(Step step) {
  switch (step) {
    case Step::resolve:
      return "resolved";
    case Step::allocate:
      return "relay allocated";
    case Step::invite:
      return "invite at the service";
    case Step::notify:
      return "callee notified";
    case Step::allocateCallee:
      return "callee's relay allocated";
    case Step::answer:
      return "answered";
    case Step::media:
      return "media can begin";
    case Step::telemetry:
      return "telemetry sent";
  }
  return {};
}

SetUp::SetUp(TimePoint start, Callee callee)
    : start_(start),
      limit_(callee == Callee::telephone ? kTelephoneEstablishment : kEstablishment) {}

void SetUp::reached(Party party) {
  reached_[static_cast<std::size_t>(party)] = true;
}

void SetUp::done(Step step, TimePoint now) {
  std::optional<TimePoint>& at = at_[static_cast<std::size_t>(step)];
  if (!at) at = now;
}

void SetUp::lost(TimePoint now) {
  if (established() && !lost_) lost_ = now;
}

void SetUp::found() {
  lost_.reset();
}

std::optional<TimePoint> SetUp::deadline() const {
  if (!established()) return start_ + limit_;
  if (lost_) return *lost_ + kReconnection;
  return std::nullopt;
}

std::optional<Ending> SetUp::look(TimePoint now) const {
  const auto until = deadline();
  if (!until || now < *until) return std::nullopt;
  if (established()) return kLostForGood;
  return reached_[static_cast<std::size_t>(Party::caller)] ? kNotFinalized : kRequestFailed;
}

}  // namespace callflow::signaling
