// How an agent's checks are known from anybody else's (RFC 8445 5.3), and how datagrams are told
// apart.
#pragma once

#include <random>
#include <string>

#include "models/stun/message.h"

namespace callflow::ice {

struct Credentials {
  std::string fragment;  // ice-ufrag
  std::string password;  // ice-pwd
};

// By chance; of the lengths that libwebrtc gives them.
Credentials drawCredentials(std::mt19937_64& random);

// RFC 7983 7: STUN messages begin with 0 to 3.
inline bool looksLikeStun(const stun::Bytes& bytes) {
  return !bytes.empty() && bytes.front() < 4;
}

// The answer to a check (RFC 8445 7.3.1.2).
stun::Bytes answerTo(const stun::Message& check, wire::Endpoint from, const stun::Key& key);

}  // namespace callflow::ice
