// A candidate pair and what its checks have found, as libwebrtc's Connection keeps it.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "models/ice/candidate.h"
#include "models/stun/message.h"
#include "src/units/units.h"

namespace callflow::ice {

enum class Role : std::uint8_t { controlling, controlled };

// Whether what is sent on it arrives, by the answers to its checks. In the order of preference.
enum class Writability : std::uint8_t { writable, unreliable, unknown, timedOut };

// Position of a local socket or relayed address in Agent's list.
using PortNumber = std::uint32_t;
using PairNumber = std::uint32_t;

class Pair {
 public:
  // `local` is the candidate that the port has by itself: its host or relayed one.
  Pair(PairNumber number, PortNumber port, std::uint8_t interface, const Candidate& local,
       const Candidate& remote, TimePoint created)
      : number_(number),
        port_(port),
        interface_(interface),
        local_(local),
        remote_(remote),
        created_(created) {}

  PairNumber number() const { return number_; }
  PortNumber port() const { return port_; }
  std::uint8_t interface() const { return interface_; }  // of the port
  const Candidate& local() const { return local_; }
  const Candidate& remote() const { return remote_; }
  std::uint64_t priority(Role role) const {
    return role == Role::controlling ? pairPriority(local_.priority, remote_.priority)
                                     : pairPriority(remote_.priority, local_.priority);
  }

  // ---- what happens to it
  void checkSent(const stun::TransactionId& transaction, TimePoint now);
  // Its round trip, if it was one of this pair's.
  std::optional<Duration> answered(const stun::TransactionId& transaction, TimePoint now);
  // The other side checks it, and perhaps nominates it.
  void checked(bool nominated, TimePoint now);
  // Media or other data has come.
  void heard(TimePoint now);
  // A check was answered from here, or the other side has told more of the candidate that its
  // checks come from.
  void setLocal(const Candidate& local) { local_ = local; }
  void setRemote(const Candidate& remote) { remote_ = remote; }
  // It is not checked any more; an answer would bring it back.
  void prune();
  // Nothing can be sent on it any more.
  void fail() { writability_ = Writability::timedOut; }
  // The agent tries it anew, as the other side checks it.
  void revive();
  // What time alone changes.
  void update(TimePoint now);
  // When that will be, at the earliest.
  std::optional<TimePoint> nextUpdate() const;

  // ---- what is known of it
  Writability writability() const { return writability_; }
  bool writable() const { return writability_ == Writability::writable; }
  bool receiving() const { return receiving_; }
  bool weak() const { return !writable() || !receiving_; }
  bool active() const { return writability_ != Writability::timedOut; }
  bool pruned() const { return pruned_; }
  bool nominated() const { return nominated_; }
  bool dead(TimePoint now) const;
  // Its round trip is known well, and no answer is missing.
  bool stable(TimePoint now) const;
  // Of a writable pair: when it is to be checked again. `weak`: no pair that is good is selected.
  TimePoint nextCheck(bool weak, TimePoint now) const;
  int checksSent() const { return checksSent_; }
  int answers() const { return answers_; }
  std::optional<TimePoint> firstSent() const { return firstSent_; }
  std::optional<TimePoint> lastSent() const { return lastSent_; }
  std::optional<TimePoint> lastChecked() const { return lastChecked_; }
  std::optional<TimePoint> lastAnswer() const { return lastAnswer_; }
  std::optional<TimePoint> lastHeard() const { return lastHeard_; }  // data
  std::optional<TimePoint> lastReceived() const;
  Duration roundTrip() const { return roundTrip_; }
  TimePoint created() const { return created_; }

 private:
  struct Check {
    stun::TransactionId transaction;
    TimePoint sent;
  };
  // A missing answer is to be waited for so long.
  Duration patience() const;
  bool tooManyUnanswered(TimePoint now) const;
  bool unansweredFor(Duration time, TimePoint now) const;

  PairNumber number_;
  PortNumber port_;
  std::uint8_t interface_;
  Candidate local_, remote_;
  TimePoint created_;
  Writability writability_ = Writability::unknown;
  bool receiving_ = false;
  bool pruned_ = false;
  bool nominated_ = false;
  int checksSent_ = 0;
  int answers_ = 0;
  Duration roundTrip_ = Duration::s(3);
  std::vector<Check> outstanding_;     // an answer may still come
  std::vector<TimePoint> unanswered_;  // when they were sent: those since the last answer
  std::optional<TimePoint> firstSent_, lastSent_, lastChecked_, lastAnswer_, lastHeard_;
};

}  // namespace callflow::ice
