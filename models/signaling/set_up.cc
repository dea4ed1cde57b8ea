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

const char* key(Step step) {
  switch (step) {
    case Step::resolve:
      return "resolved";
    case Step::allocate:
    case Step::allocateCallee:
      return "relay-allocated";
    case Step::invite:
      return "invite-sent";
    case Step::notify:
      return "notified";
    case Step::answer:
      return "answered";
    case Step::media:
      return "media";
    case Step::telemetry:
      return "telemetry";
  }
  return "";
}

bool concerns(Step step, Party party) {
  switch (step) {
    case Step::resolve:
    case Step::allocate:
    case Step::invite:
    case Step::answer:
      return party == Party::caller;
    case Step::notify:
    case Step::allocateCallee:
      return party == Party::callee;
    case Step::media:
    case Step::telemetry:
      break;
  }
  return true;
}

SetUp::SetUp(TimePoint start, Callee callee) : start_(start), limit_(establishment(callee)) {}

void SetUp::reached(Party party) {
  reached_[static_cast<std::size_t>(party)] = true;
}

void SetUp::done(Step step, TimePoint now) {
  std::optional<TimePoint>& at = at_[static_cast<std::size_t>(step)];
  if (!at) at = now;
}

std::optional<TimePoint> SetUp::deadline() const {
  return established() ? std::nullopt : std::optional(start_ + limit_);
}

std::optional<Ending> SetUp::look(TimePoint now) const {
  const auto until = deadline();
  if (!until || now < *until) return std::nullopt;
  return ending();
}

Ending SetUp::ending() const {
  return reached_[static_cast<std::size_t>(Party::caller)] ? kNotFinalized : kRequestFailed;
}

}  // namespace callflow::signaling
