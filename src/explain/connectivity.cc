#include "src/explain/connectivity.h"

#include <algorithm>

namespace callflow::explain {

std::string_view name(Connectivity connectivity) {
  switch (connectivity) {
    case Connectivity::direct:
      return "DIRECT";
    case Connectivity::relay:
      return "RELAY";
    case Connectivity::http:
      return "HTTP";
    case Connectivity::failed:
      break;
  }
  return "FAILED";
}

std::string_view name(CandidateType type) {
  switch (type) {
    case CandidateType::os:
      return "OS";
    case CandidateType::peerDerived:
      return "PeerDerived";
    case CandidateType::stun:
      return "Stun";
    case CandidateType::turn:
      break;
  }
  return "Turn";
}

CandidateType candidateType(const std::vector<wire::Endpoint>& own, const wire::Endpoint& seen,
                            const std::optional<wire::Endpoint>& known) {
  if (std::find(own.begin(), own.end(), seen) != own.end()) return CandidateType::os;
  return known == seen ? CandidateType::stun : CandidateType::peerDerived;
}

}  // namespace callflow::explain
