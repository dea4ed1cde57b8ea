// What an HTTP proxy is given by.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "models/wire/address_range.h"
#include "src/units/units.h"

namespace callflow::config {
template <class T>
class Table;
}

namespace callflow::proxy {

// How often a CONNECT is answered by 407 before it is heard: not at all; once, as the client then
// knows what to send (RFC 9110 11.7); twice, as NTLM is a challenge of its own (MS-NTHT).
enum class Authentication : std::uint8_t { none, basic, negotiate, ntlm };

constexpr int challenges(Authentication how) {
  switch (how) {
    case Authentication::none:
      return 0;
    case Authentication::basic:
    case Authentication::negotiate:
      return 1;
    case Authentication::ntlm:
      break;
  }
  return 2;
}

struct Proxy {
  bool present = false;
  std::vector<wire::PortRange> ports;  // that CONNECT may name; none: all
  Authentication authentication = Authentication::none;
  bool inspectsTls = false;  // opens what is in tunnels, and lets only the web's TLS through
  Duration processing;       // of each chunk of bytes, before it passes it on
  // It closes a tunnel that has stood for so long, or over which nothing has come either way for so
  // long; nothing: it does not.
  std::optional<Duration> longest, idle;

  bool closesTunnels() const { return longest || idle; }
};

const config::Table<Proxy>& tableOf(const Proxy*);

}  // namespace callflow::proxy
