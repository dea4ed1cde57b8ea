#pragma once

#include <cstdint>

#include "src/units/units.h"

namespace callflow::config {
template <class T>
class Table;
}

namespace callflow::conference {

// Which layers of whose video a receiver gets, if its path does not carry all.
enum class AllocationRule : std::uint8_t {
  livekit,    // all rise together, from layer to layer, and as soon as there is rate
  mediasoup,  // in rounds, a step each; none to a larger size within 10 s of having to give one up
};

// Beyond so many participants only the loudest are heard, so many.
inline constexpr int kLargeCall = 50, kHeardOfLarge = 3;

// Of others' video, what a participant shows.
struct Layout {
  int videos = 9;    // at once at most
  int height = 0;    // of each, in pixels; 0: as their number leaves of 720
  int speakers = 0;  // so many are heard at once; 0: all, of large calls kHeardOfLarge
  AllocationRule allocation = AllocationRule::livekit;

  bool operator==(const Layout&) const = default;
};
const config::Table<Layout>& tableOf(const Layout*);

// What a media processor does with what it gets (RFC 7667 3.6, 3.7).
enum class Mode : std::uint8_t {
  sfu,  // forwards it
  mcu,  // decodes it, mixes and composes what each is to get, and codes that anew
};

struct MediaProcessor {
  std::uint16_t port = 3478;  // UDP, to which participants send
  Duration processing;        // from a packet's arrival to its departures
  // Of mode mcu: what it takes to decode, mix and code a frame of sound, besides the coder's
  // look-ahead; and to compose and code a picture.
  Duration mixing, composing;
};

const config::Table<MediaProcessor>& tableOf(const MediaProcessor*);

}  // namespace callflow::conference
