#pragma once

#include <string>
#include <string_view>

namespace callflow::results {

// XXH3, 128 bits, as 32 hex digits. Tells contents apart; it is no protection against forgery.
std::string hashHex(std::string_view bytes);

}  // namespace callflow::results
