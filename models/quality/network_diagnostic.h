// What a client tells its user of the network it receives over or sends over: the User Facing
// Diagnostics networkReceiveQuality and networkSendQuality of Azure Communication Services.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "src/units/units.h"

namespace callflow::quality {

enum class NetworkQuality : std::uint8_t { good, poor, bad };

// Of one second, over all streams; what is not known stays zero.
struct NetworkSecond {
  double concealed = 0;  // share of the sound that is heard
  double frozen = 0;     // share of the time that a picture stands
  double lost = 0;       // share of the packets
  Duration roundTrip;
};

// Microsoft does not say where these change. Here a mean over five seconds is bad beyond what the
// Call Quality Dashboard calls poor (7 % concealed, 10 % lost, 500 ms of round trip) or with a
// picture that stands half of the time, and poor beyond half of that. It gets better only when it
// was better for five seconds.
class NetworkDiagnostic {
 public:
  // Good at first. Told when it changes.
  std::optional<NetworkQuality> add(const NetworkSecond& second);

 private:
  static constexpr std::size_t kSeconds = 5;

  std::array<NetworkSecond, kSeconds> last_{};
  std::size_t next_ = 0;
  NetworkQuality told_ = NetworkQuality::good;
  std::size_t betterFor_ = 0;  // seconds
};

}  // namespace callflow::quality
