#include "models/nat/filtering.h"

#include <algorithm>

namespace callflow::nat {

std::optional<TimePoint> admittedUntil(const Nat& nat, const State& state, const Mapping& mapping,
                                       const wire::Endpoint& remote, TimePoint now) {
  switch (nat.filtering) {
    case Dependence::endpointIndependent:
      return mapping.expires;
    case Dependence::addressDependent: {
      const std::uint32_t found = state.findPermission(
          permissionKey(mapping.outside, remote.address, mapping.protocol), now);
      if (found != FlowIndex::kNone) return state.permissions[found].expires;
      break;
    }
    case Dependence::addressAndPortDependent:
      break;
  }
  return std::nullopt;
}

std::uint32_t permit(const Nat& nat, State& state, const wire::Endpoint& outside,
                     const wire::Header5& fromInside, TimePoint expires, TimePoint now) {
  if (nat.filtering != Dependence::addressDependent) return FlowIndex::kNone;
  const FlowKey key = permissionKey(outside, fromInside.destination.address, fromInside.protocol);
  const std::uint32_t known = state.findPermission(key, now);
  if (known == FlowIndex::kNone) return state.add(Permission{key, expires});
  TimePoint& end = state.permissions[known].expires;
  end = std::max(end, expires);
  return known;
}

}  // namespace callflow::nat
