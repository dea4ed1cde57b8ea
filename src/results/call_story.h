// What happened to calls once they stood: the few of their events that a user wants to be told.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "src/metrics/run_record.h"

namespace callflow::results {

// The same event of one client or of several who met it together.
struct Moment {
  Duration at;  // since the beginning of the run, of the first of them
  metrics::CallEventKind kind{};
  std::string detail;            // of the first of them
  std::vector<std::string> who;  // in the order in which they met it
};

// Clients that were disconnected, restarted ICE, connected again, moved to another pair, failed or
// were removed by a code. In the order of time, and until a client is connected again each kind
// once; nothing of how the call was set up, or why it was
// not: that is for metrics::FailedCall.
std::vector<Moment> midCall(const metrics::CallRecord& call);

// "34.1 s alice@hq disconnected"; "both" and "all" stand for all of a call's participants.
std::string wordsOf(const Moment& moment, std::size_t participants);
// "34.1 s both disconnected, 34.2 s alice@hq restarted ICE", of at most so many, "3 more" before
// the last; 0: of all.
std::string wordsOf(const std::vector<Moment>& moments, std::size_t participants,
                    std::size_t most = 0);
// What somebody did or met, without who: "moved to relay udp".
std::string deedOf(const Moment& moment);

// How media goes by a pair of an event, as its client sees it: "host" and "srflx" or "prflx" (one
// of the two is behind a NAT) without a relay, else "relay udp", "relay tcp", "relay tls", or what
// follows if the relay is the other one's.
std::string pathOf(const std::string& pair);
inline constexpr std::string_view kPeersRelay = "peer's relay";

// A call to which something happened in one or more of a variant's runs.
struct CallStory {
  std::string call;
  int copy = 0;
  int runs = 0;         // in which something happened
  int replication = 0;  // the first of these, which the moments are of
  std::size_t participants = 0;
  std::vector<Moment> moments;
};
// In the order in which calls are written.
std::vector<CallStory> storiesOf(const std::vector<const metrics::RunRecord*>& runs);

// A step of set-up, over the runs in which the participant came so far. Since the call's start.
struct SetUpSummary {
  std::string call;
  int copy = 0;
  std::string participant, step;
  int runs = 0;
  Duration least, mean, most;
};
std::vector<SetUpSummary> setUpOf(const std::vector<const metrics::RunRecord*>& runs);

// How often a participant's call ended otherwise than by 0/0.
struct EndSummary {
  std::string call;
  int copy = 0;
  std::string participant;
  int code = 0, subcode = 0;
  int runs = 0;
};
std::vector<EndSummary> endsOf(const std::vector<const metrics::RunRecord*>& runs);

}  // namespace callflow::results
