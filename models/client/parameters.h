// What is written of the clients that participants use.
#pragma once

#include <cstdint>

namespace callflow::client {

// Which release of which client.
enum class Version : std::uint8_t { chrome2020, chrome2024, chrome2026 };

// Whose clock each client captures and plays by: one of its own, drawn (clock.h), or that of the
// simulation, at which frames of all begin at the same instants.
enum class Clocks : std::uint8_t { drawn, ideal };

}  // namespace callflow::client
