// Nonces of a TURN server (RFC 8489 9.2): each says when it was given out and to whom, so that none
// has to be remembered.
#pragma once

#include <cstdint>
#include <string>

#include "models/wire/address.h"
#include "src/units/units.h"

namespace callflow::turn {

// A number that nobody guesses from those before it (SplitMix64, Steele et al. 2014).
std::uint64_t scrambled(std::uint64_t number);

class Nonces {
 public:
  Nonces(std::uint64_t secret, Duration lifetime) : secret_(secret), lifetime_(lifetime) {}

  std::string make(const wire::Header5& client, TimePoint now) const;
  // Whether it was made for this client, and less than a lifetime ago.
  bool isFresh(const std::string& nonce, const wire::Header5& client, TimePoint now) const;

 private:
  std::uint64_t secret_;
  Duration lifetime_;
};

}  // namespace callflow::turn
