// For which packets of an inside endpoint a mapping is the same (RFC 4787 section 4.1).
#pragma once

#include "models/nat/flow_index.h"
#include "models/nat/parameters.h"

namespace callflow::nat {

// As much of a remote endpoint as counts; the rest is zero.
constexpr wire::Endpoint countingPart(Dependence dependence, const wire::Endpoint& remote) {
  switch (dependence) {
    case Dependence::addressDependent:
      return {remote.address, 0};
    case Dependence::addressAndPortDependent:
      return remote;
    case Dependence::endpointIndependent:
      break;
  }
  return {};
}

// Two packets from inside leave by the same mapping if their keys are equal.
constexpr FlowKey mappingKey(const Nat& nat, const wire::Header5& fromInside) {
  return FlowKey(fromInside.source, countingPart(nat.mapping, fromInside.destination),
                 fromInside.protocol);
}

}  // namespace callflow::nat
