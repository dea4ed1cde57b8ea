// How far the set-up of a one-to-one call has come, and when whoever waits for it gives up. It is
// told what happens and when; it says when it wants to be asked again, and schedules nothing.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "src/units/units.h"

namespace callflow::signaling {

// In the order of "Detailed call flows" of Azure Communication Services. A client need not wait for
// one of them to be over before it begins the next.
enum class Step : std::uint8_t {
  resolve,         // the caller knows the address of its server
  allocate,        // its relay has given it a port
  invite,          // its invite is at its server
  notify,          // the callee has it
  allocateCallee,  // the callee's relay has given it a port
  answer,          // the caller has the callee's answer
  media,           // both have a path and keys: ICE's checks and DTLS are over
  telemetry        // what both say of it is at their servers
};
inline constexpr std::size_t kSteps = 8;
std::string_view name(Step step);  // "resolved", "relay allocated" ...
const char* key(Step step);        // in a result: "resolved", "relay-allocated" ...

// The two who set up a call.
enum class Party : std::uint8_t { caller, callee };
// Whether a step is one of its.
bool concerns(Step step, Party party);

// Whom a call is to: a telephone may ring for longer.
enum class Callee : std::uint8_t { client, telephone };

// How long the calling SDKs of Azure Communication Services wait (Calling SDK overview, timeouts).
inline constexpr Duration kEstablishment = Duration::s(85);
inline constexpr Duration kTelephoneEstablishment = Duration::s(115);

// A code and subcode of "Call end codes" of Azure Communication Services.
struct Ending {
  int code = 0;
  int subcode = 0;
  bool operator==(const Ending&) const = default;
};
inline constexpr Ending kRequestFailed{490, 4502};  // HTTP request failed
inline constexpr Ending kNotFinalized{408, 10057};  // the callee failed to finalize the set-up
inline constexpr Ending kMediaLost{410, 301005};    // its media's connectivity
inline constexpr Ending kNetworkLost{496, 7};       // all of it, and no attempt to reconnect worked

// How long the set-up may take.
constexpr Duration establishment(Callee callee) {
  return callee == Callee::telephone ? kTelephoneEstablishment : kEstablishment;
}
// Of somebody who has not come back in time (client::kReconnectLimit): whether the service has
// heard of the attempts tells a network that is gone from one that carries no media.
constexpr Ending lossOf(bool heard) {
  return heard ? kMediaLost : kNetworkLost;
}

class SetUp {
 public:
  SetUp(TimePoint start, Callee callee);

  // A party's connection to its server stands.
  void reached(Party party);
  // The first time counts.
  void done(Step step, TimePoint now);

  std::optional<TimePoint> at(Step step) const { return at_[static_cast<std::size_t>(step)]; }
  bool established() const { return at(Step::media).has_value(); }
  // When to look next; nothing: there is nothing to wait for.
  std::optional<TimePoint> deadline() const;
  // How the call ends, if it does: from its deadline on.
  std::optional<Ending> look(TimePoint now) const;
  // How it does if nothing more comes.
  Ending ending() const;

 private:
  TimePoint start_;
  Duration limit_;
  std::array<std::optional<TimePoint>, kSteps> at_;
  std::array<bool, 2> reached_{};
};

}  // namespace callflow::signaling
