// How two clients of a call find a path to each other: their agents run on a quiet copy of the
// network, one without loss, jitter and other traffic, and all that they do is kept.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "models/ice/agent.h"
#include "src/sim/ice_session.h"
#include "src/topology/scenario.h"

namespace callflow::sim {

// The first packet of a pair's checks that died on its way.
struct LostCheck {
  std::string sender;    // element
  std::string element;   // a box, or a link, where it was dropped
  std::string reason;    // in the box's own words; else "no route", ...
  wire::Header5 header;  // as it came there
};

struct PairOutcome {
  ice::Candidate local, remote;
  int checks = 0, answers = 0;
  bool selected = false;
  std::uint64_t priority = 0;
  std::optional<Duration> roundTrip;  // of one that was answered
  std::optional<LostCheck> lost;
};

// What one side gathered and found, in the order of its preference.
struct SideOutcome {
  std::string participant;
  IceSide seen;
  std::vector<PairOutcome> pairs;
  // By relays that had no allocation for it, since the session began.
  std::vector<std::pair<Duration, ice::Port::Refused>> refused = {};
};

struct IceReport {
  std::string call;
  bool connected = false;  // DTLS at both
  std::array<SideOutcome, 2> sides;
  std::optional<SignalingReport> signaling;  // over HTTPS
};

// Of a call between two clients. Uses ns-3's process-wide simulator, as simulate() does.
IceReport runQuietIce(const topology::Case& input, const topology::Call& call);
// Of a participant of a call and its media processor, which has no pairs of its own; nothing if
// there is none.
std::optional<IceReport> runQuietIce(const topology::Case& input, const topology::Call& call,
                                     std::size_t participant);

// The whole of a call between two clients, with what happens to the network meanwhile: media goes
// both ways, and whoever offers restarts ICE when it is disconnected, as the clients of Azure
// Communication Services do. Times in it are since the call's start.
IceReport runQuietLife(const topology::Case& input, const topology::Call& call);

}  // namespace callflow::sim
