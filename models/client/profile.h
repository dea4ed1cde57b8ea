// What named versions of a client do, where versions differ. One row a version; users choose it by
// the key `profile:` of a call.
#pragma once

#include <cstdint>
#include <string_view>

#include "models/receiver/neteq_parameters.h"

namespace callflow::client {

enum class Version : std::uint8_t { chrome_2020, chrome_2024, chrome_2026 };

struct Profile {
  Version version{};
  std::string_view source;  // which release the row's values were read from
  receiver::NetEqParameters neteq;
};

const Profile& profile(Version version);

}  // namespace callflow::client
