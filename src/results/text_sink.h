// Text that goes on as it is made, so that what is large is never whole in memory.
#pragma once

#include <cstddef>
#include <functional>
#include <string_view>

namespace callflow::results {

// Gets a text piece by piece.
using TextSink = std::function<void(std::string_view)>;

// Writers that have a sink hand on what they have when it is about this long.
inline constexpr std::size_t kTextPiece = 64 * 1024;

}  // namespace callflow::results
