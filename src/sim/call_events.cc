#include "src/sim/call_events.h"

#include <algorithm>
#include <optional>

namespace callflow::sim {

std::string words(const ice::Candidate& candidate) {
  std::string text = std::string(ice::name(candidate.type)) + " " + toText(candidate.address);
  if (candidate.relay) text += " by " + std::string(ice::name(*candidate.relay));
  return text;
}

namespace {

using metrics::CallEventKind;

std::string wordsOf(const ice::Pair& pair) {
  return words(pair.local()) + " - " + words(pair.remote());
}

class Events {
 public:
  Events(const IceSession& session, std::size_t side, const std::string& participant,
         std::vector<metrics::CallEvent>& events)
      : session_(session), side_(side), participant_(participant), events_(events) {}

  void add() {
    const IceSide& seen = session_.side(side_);
    for (const IceSide::Gathered& each : seen.candidates)
      note(each.at, CallEventKind::candidate, words(each.candidate));
    if (seen.gathered) note(*seen.gathered, CallEventKind::gathered);
    const ice::Agent& agent = session_.client(side_).agent();
    for (const ice::Pairs* const pairs : {&agent.pairs(), &agent.former()}) {
      for (const auto& pair : *pairs)
        if (pair->firstSent())
          note(*pair->firstSent() - session_.started(), CallEventKind::pair, wordsOf(*pair));
    }
    for (const IceSide::Selection& each : seen.selections)
      note(each.at, each.none ? CallEventKind::lost : CallEventKind::selected, each.words);
    for (const Duration at : seen.restarts) note(at, CallEventKind::restart);
    if (seen.dtlsConnected) note(*seen.dtlsConnected, CallEventKind::dtls);
    addStates(seen);
  }

 private:
  void note(Duration at, CallEventKind kind, std::string detail = {}) {
    events_.push_back({session_.started().sinceStart() + at, participant_, kind, std::move(detail)});
  }

  // With what the client tells its user of them.
  void addStates(const IceSide& seen) {
    bool connected = false, bad = false;
    for (const IceSide::Change& each : seen.states) {
      switch (each.state) {
        case ice::State::connected:
        case ice::State::completed:
          if (!connected) note(each.at, CallEventKind::connected);
          if (bad) note(each.at, CallEventKind::networkReconnect, "good");
          connected = true;
          bad = false;
          break;
        case ice::State::disconnected:
        case ice::State::failed: {
          const bool failed = each.state == ice::State::failed;
          note(each.at, failed ? CallEventKind::failed : CallEventKind::disconnected);
          if (connected && !bad) {
            note(each.at, CallEventKind::networkReconnect, "bad");
            bad = true;
          }
          connected = false;
          break;
        }
        case ice::State::fresh:
        case ice::State::checking:
          break;
      }
    }
  }

  const IceSession& session_;
  std::size_t side_;
  const std::string& participant_;
  std::vector<metrics::CallEvent>& events_;
};

}  // namespace

void addEvents(const IceSession& session, std::size_t side, const std::string& participant,
               std::vector<metrics::CallEvent>& events) {
  Events(session, side, participant, events).add();
}

std::vector<metrics::SetUpStep> stepsOf(const IceSession& session, std::size_t side) {
  const IceSide& seen = session.side(side);
  std::vector<metrics::SetUpStep> steps;
  const auto add = [&](const char* name, std::optional<Duration> at) {
    if (at) steps.push_back({name, *at});
  };
  if (!seen.candidates.empty()) add("first-candidate", seen.candidates.front().at);
  add("gathered", seen.gathered);
  add("ice", seen.iceConnected);
  add("dtls", seen.dtlsConnected);
  std::stable_sort(steps.begin(), steps.end(),
                   [](const auto& a, const auto& b) { return a.at < b.at; });
  return steps;
}

}  // namespace callflow::sim
