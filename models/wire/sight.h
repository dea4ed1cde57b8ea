// What a box can see of a packet beside its header.
#pragma once

#include "models/wire/dscp.h"

namespace callflow::wire {

struct Sight {
  Dscp dscp;
  bool plain = false;  // TCP whose bytes do not look like TLS
};

}  // namespace callflow::wire
