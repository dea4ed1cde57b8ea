// How a receiver's jitter buffer is set.
#pragma once

#include <cstdint>

#include "src/units/units.h"

namespace callflow::receiver {

enum class JitterBufferKind : std::uint8_t { neteq, adaptive, fixed };

struct JitterBufferParameters {
  JitterBufferKind kind = JitterBufferKind::neteq;
  Duration delay;    // fixed: the playout delay; else the target to start with
  Duration minimum;  // not fixed
  Duration maximum;  // not fixed
};

}  // namespace callflow::receiver
