#include "src/sim/call_events.h"

#include <algorithm>
#include <optional>

namespace callflow::sim {

namespace {

using metrics::CallEventKind;

class Events {
 public:
  Events(const IceSession& session, std::size_t side, const std::string& participant,
         std::vector<metrics::CallEvent>& events)
      : session_(session), side_(side), participant_(participant), events_(events) {}

  void add() {
    const IceSide& seen = session_.side(side_);
    for (const IceSide::Gathered& each : seen.candidates)
      note(each.at, CallEventKind::candidate,
           words(each.candidate) + seen.place(each.candidate.interface));
    if (seen.gathered) {
      note(*seen.gathered, CallEventKind::gathered);
      if (missesRelays(seen))
        note(*seen.gathered, CallEventKind::networkRelaysNotReachable, "true");
    }
    for (const ice::Port::Refused& each : session_.refusals(side_))
      note(each.at - session_.started(), CallEventKind::relayRefused,
           std::to_string(each.code) + " by " + toText(each.by.address) + " " +
               std::string(ice::name(each.by.protocol)));
    const ice::Agent& agent = session_.client(side_).agent();
    for (const ice::Pairs* const pairs : {&agent.pairs(), &agent.former()}) {
      for (const auto& pair : *pairs)
        if (pair->firstSent())
          note(*pair->firstSent() - session_.started(), CallEventKind::pair, seen.words(*pair));
    }
    for (const IceSide::Selection& each : seen.selections)
      note(each.at, each.none ? CallEventKind::lost : CallEventKind::selected, each.words);
    addStates(seen);
    // At the same time as what made the client do so.
    for (const Duration at : seen.restarts) note(at, CallEventKind::restart);
    if (seen.dtlsConnected) note(*seen.dtlsConnected, CallEventKind::dtls);
  }

 private:
  void note(Duration at, CallEventKind kind, std::string detail = {}) {
    events_.push_back(
        {session_.started().sinceStart() + at, participant_, kind, std::move(detail)});
  }

  // It was given relays, and by the time that all is gathered it has an address at none.
  bool missesRelays(const IceSide& seen) const {
    const auto& servers = session_.client(side_).agent().gathering().servers();
    const auto relayed = [&](const IceSide::Gathered& each) {
      return each.candidate.type == ice::CandidateType::relayed && each.at <= *seen.gathered;
    };
    return std::any_of(servers.begin(), servers.end(),
                       [](const ice::Server& server) { return server.relays; }) &&
           std::none_of(seen.candidates.begin(), seen.candidates.end(), relayed);
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
  if (session.signaling() != nullptr) {
    const SignalingReport& report = session.signaling()->report();
    add("resolved", report.lines[side]->resolved);
    add("signaling", report.lines[side]->stands);
    for (std::size_t i = 0; i < signaling::kSteps; ++i) {
      const auto step = static_cast<signaling::Step>(i);
      if (step != signaling::Step::resolve &&
          signaling::concerns(step, static_cast<signaling::Party>(side)))
        add(signaling::key(step), report.steps[i]);
    }
  }
  std::stable_sort(steps.begin(), steps.end(),
                   [](const auto& a, const auto& b) { return a.at < b.at; });
  return steps;
}

}  // namespace callflow::sim
