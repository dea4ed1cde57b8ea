#include "models/client/set_up.h"

#include <algorithm>

namespace callflow::client {
namespace {

// RFC 8656 7.2: Allocate, which is refused for want of a nonce, and again with one; 9:
// CreatePermission.
constexpr std::int64_t kRelayRounds = 2 + 1;
constexpr std::int64_t kCheckRounds = 1;  // RFC 8445 7.2.4
// RFC 6347 4.2.4: four flights. RFC 9147 5.7: three, of which the last leaves together with media.
constexpr std::int64_t kDtls12Rounds = 2;
constexpr std::int64_t kDtls13Rounds = 1;

}  // namespace

Duration setUpTime(const SetUpPath& path, Version version) {
  // libwebrtc: DTLS 1.3 is the default in M150, not in M125 (api/peer_connection_interface.h).
  const std::int64_t dtls = version == Version::chrome2026 ? kDtls13Rounds : kDtls12Rounds;
  return std::max(path.ownRelay, path.otherRelay) * kRelayRounds +
         path.ends * (kCheckRounds + dtls);
}

}  // namespace callflow::client
