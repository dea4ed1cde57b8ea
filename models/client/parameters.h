// Which release of which client the participants use.
#pragma once

#include <cstdint>

namespace callflow::client {

enum class Version : std::uint8_t { chrome_2020, chrome_2024, chrome_2026 };

}  // namespace callflow::client
