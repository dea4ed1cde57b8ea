// Streams of a large call are told of by receiver: what one hears or sees of all others together.
#pragma once

#include <string_view>

namespace callflow::metrics {

// StreamRecord::from of such a stream. No participant is called so: theirs have an @.
inline constexpr std::string_view kOthers = "others";

}  // namespace callflow::metrics
