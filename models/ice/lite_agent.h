// An ICE-lite end (RFC 8445 2.5), as servers on public addresses are: it has one host candidate,
// answers checks, sends none, and uses the pair that the other side nominates.
#pragma once

#include <cstdint>
#include <optional>

#include "models/ice/candidate.h"
#include "models/ice/credentials.h"
#include "models/stun/message.h"

namespace callflow::ice {

class LiteAgent {
 public:
  // Its socket; `seed` of its credentials.
  LiteAgent(wire::Endpoint socket, std::uint64_t seed);

  const Credentials& credentials() const { return local_; }
  Candidate candidate() const;

  // A datagram that begins as STUN does has come: the answer to it, if it is a check of this
  // session's.
  std::optional<stun::Bytes> onCheck(wire::Endpoint from, const stun::Bytes& bytes);
  // Where what is sent goes to; none before a check has nominated it.
  std::optional<wire::Endpoint> nominated() const { return nominated_; }

 private:
  wire::Endpoint socket_;
  Credentials local_;
  stun::Key key_;
  std::optional<wire::Endpoint> nominated_;
};

}  // namespace callflow::ice
