#include "models/ice/candidate.h"

namespace callflow::ice {

std::string_view name(CandidateType type) {
  switch (type) {
    case CandidateType::host:
      return "host";
    case CandidateType::serverReflexive:
      return "srflx";
    case CandidateType::peerReflexive:
      return "prflx";
    case CandidateType::relayed:
      return "relay";
  }
  return "";
}

std::string_view name(RelayProtocol protocol) {
  switch (protocol) {
    case RelayProtocol::udp:
      return "udp";
    case RelayProtocol::tcp:
      return "tcp";
    case RelayProtocol::tls:
      return "tls";
  }
  return "";
}

std::uint32_t typePreference(CandidateType type, std::optional<RelayProtocol> relay,
                             Preferences preferences) {
  switch (type) {
    case CandidateType::host:
      return 126;
    case CandidateType::peerReflexive:
      return 110;
    case CandidateType::serverReflexive:
      return 100;
    case CandidateType::relayed:
      break;
  }
  switch (relay.value_or(RelayProtocol::udp)) {
    case RelayProtocol::udp:
      return preferences == Preferences::m150 ? 3 : 2;
    case RelayProtocol::tcp:
      return 1;
    case RelayProtocol::tls:
      return 0;
  }
  return 0;
}

}  // namespace callflow::ice
