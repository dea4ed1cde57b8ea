#include "models/nat/box.h"

namespace callflow::nat {

std::unique_ptr<fabric::Box> makeBox(const Nat& parameters, const fabric::BoxPlace& place) {
  return std::make_unique<NatBox>(Policy{parameters, place.outside});
}

fabric::BoxResult NatBox::process(fabric::Packet& packet, fabric::Side from, TimePoint now) {
  using Action = fabric::BoxResult::Action;
  const bool out = from == fabric::Side::inside;
  const Verdict verdict = out ? translateOut(policy_, state_, packet.header(), now)
                              : translateIn(policy_, state_, packet.header(), now);
  ++counts_[static_cast<std::size_t>(verdict.reason)];
  if (!verdict.pass) return {Action::drop, static_cast<std::uint16_t>(verdict.reason)};
  packet.setHeader(verdict.header);
  return {out && !verdict.turned ? Action::pass : Action::translated,
          static_cast<std::uint16_t>(verdict.reason)};
}

fabric::Cause causeOf(Reason reason) {
  using fabric::Cause;
  switch (reason) {
    case Reason::existingSession:
    case Reason::newSession:
      return Cause::knownMapping;
    case Reason::newMapping:
      return Cause::newMapping;
    case Reason::admitted:
      return Cause::admitted;
    case Reason::portsExhausted:
    case Reason::blockExhausted:
    case Reason::poolExhausted:
      return Cause::portsFull;
    case Reason::hairpin:
      return Cause::hairpin;
    case Reason::noMapping:
      return Cause::noMapping;
    case Reason::filtered:
      return Cause::filtered;
    case Reason::count_:
      break;
  }
  return Cause::none;
}

std::vector<BoxCount> NatBox::counts() const {
  std::vector<BoxCount> list;
  for (std::size_t i = 0; i < counts_.size(); ++i) {
    const auto reason = static_cast<Reason>(i);
    if (counts_[i] > 0) list.push_back(BoxCount{passes(reason), describe(reason), counts_[i]});
  }
  return list;
}

std::string NatBox::describeReason(std::uint16_t reason) const {
  return "dropped: " + describe(static_cast<Reason>(reason));
}

}  // namespace callflow::nat
