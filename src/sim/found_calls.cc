#include "src/sim/found_calls.h"

#include <ns3/simulator.h>

#include <algorithm>
#include <array>
#include <deque>
#include <memory>
#include <string>
#include <utility>

#include "src/explain/found.h"
#include "src/sim/missed.h"
#include "src/sim/quiet_network.h"
#include "src/sim/schedule.h"
#include "src/sim/seeds.h"

namespace callflow::sim {

namespace {

using explain::Attempt;
using explain::CallPlan;
using explain::Finding;
using explain::MediaPath;
using topology::ElementId;
using topology::PathKind;

// A media processor sends to where it was nominated last, and a check by a longer way may come
// behind that of the pair that its client has selected by then: until the next, 2.5 s later.
constexpr Duration kSettling = Duration::s(3);

// The controlled side follows the other's media to a better pair: a packet now and then will do.
constexpr Duration kMedia = Duration::ms(250);

bool isTelephone(const topology::Participant& who) {
  return who.telephone != topology::Telephone::none;
}

// Replaces what is planned between two ends by what their session has found.
class Settlement {
 public:
  Settlement(const QuietNetwork& quiet, IceSession& session, CallPlan& plan)
      : quiet_(quiet),
        session_(session),
        plan_(plan),
        near_(session.element(0)),
        far_(session.element(1)) {}

  void settle() {
    if (session_.signaling() != nullptr && session_.signaling()->failure()) return;
    const std::vector<Attempt> planned = plannedAttempts();
    const FoundPath* const there = session_.connected() ? found(0) : nullptr;
    const FoundPath* const back = session_.connected() ? found(1) : nullptr;
    if (there == nullptr || back == nullptr) {
      fail(explain::failedAttempts(planned, missed()));
      return;
    }
    const auto attempts =
        explain::foundAttempts(quiet_.graph, {&there->path, &there->destinations},
                               {&back->path, &back->destinations}, planned, missed());
    replace(there->path, attempts);
    replace(back->path, attempts);
    std::erase_if(plan_.failures, [&](const auto& each) { return each.who == who(); });
  }

 private:
  const std::string& nameOf(ElementId element) const { return quiet_.graph.element(element).name; }
  std::string who() const {
    return nameOf(near_) + (session_.isClient(1) ? " and " + nameOf(far_) : "");
  }

  // Where it is lost again and again, what was used for the longest time.
  const FoundPath* found(std::size_t from) {
    session_.path(from);
    const IceSession::PathUse* const now = &session_.uses(from).back();
    if (now->found != nullptr) return now->found;
    const auto* const longest = session_.longestUse(from, now->since);
    return longest == nullptr ? nullptr : longest->found;
  }

  std::vector<Attempt> plannedAttempts() const {
    if (const MediaPath* const path = plan_.path(near_, far_)) return path->attempts;
    for (const explain::PlanFailure& each : plan_.failures)
      if (each.who == who()) return each.attempts;
    return {};
  }

  void replace(const MediaPath& path, const std::vector<Attempt>& attempts) {
    MediaPath made = path;
    made.attempts = attempts;
    for (MediaPath& each : plan_.paths) {
      if (each.from != path.from || each.to != path.to) continue;
      each = std::move(made);
      return;
    }
    plan_.paths.push_back(std::move(made));
  }

  void fail(std::vector<Attempt> attempts) {
    std::erase_if(plan_.paths, [&](const MediaPath& each) {
      return (each.from == near_ && each.to == far_) || (each.from == far_ && each.to == near_);
    });
    for (explain::PlanFailure& each : plan_.failures) {
      if (each.who != who()) continue;
      each.attempts = std::move(attempts);
      return;
    }
    explain::PlanFailure failure;
    failure.who = who();
    failure.attempts = std::move(attempts);
    plan_.failures.push_back(std::move(failure));
  }

  explain::Missed missed() const {
    return [this](PathKind kind) { return missedBy(quiet_.ice, session_, kind); };
  }

  const QuietNetwork& quiet_;
  IceSession& session_;
  CallPlan& plan_;
  ElementId near_, far_;
};

// All sessions of a case.
class Search : public SessionWatcher {
 public:
  Search(const topology::NetworkGraph& graph, const topology::Case& input,
         const std::string& wanted)
      : input_(input),
        quiet_(graph, input.topology),
        plans_(explain::planCalls(graph, input.topology, input.calls)) {
    const bool alone = !wanted.empty() && standsAlone(graph, wanted);
    for (std::size_t i = 0; i < input.calls.size(); ++i)
      if (!alone || input.calls[i].name == wanted) addCall(i);
  }

  std::vector<CallPlan> run() {
    if (!sought_.empty()) {
      for (Sought& each : sought_) {
        const TimePoint start = TimePoint::at(each.call->start);
        at(start, [&each] { each.session->start(); });
        at(start + kLook, [this, &each] { look(each); });
      }
      quiet_.ice.happen(input_.events);
      quiet_.network.keepTunnelsAlive();
      ns3::Simulator::Run();
    }
    ns3::Simulator::Destroy();
    return std::move(plans_);
  }

  void onConnected(IceSession&, TimePoint) override {}
  void onPath(IceSession& session, std::size_t from, TimePoint) override {
    if (session.connected()) session.path(from);
  }
  void onEnded(IceSession&, TimePoint) override {}

 private:
  struct Sought {
    const topology::Call* call = nullptr;
    CallPlan* plan = nullptr;
    std::unique_ptr<IceSession> session;
  };

  // What the others take in boxes and relays counts only where it decides.
  bool standsAlone(const topology::NetworkGraph& graph, const std::string& wanted) const {
    for (std::size_t i = 0; i < input_.calls.size(); ++i) {
      if (input_.calls[i].name != wanted) continue;
      const CallPlan alone = explain::planCall(graph, input_.topology, input_.calls[i]);
      if (waysOf(alone) != waysOf(plans_[i])) return false;
    }
    return true;
  }

  static std::vector<ElementId> waysOf(const CallPlan& plan) {
    std::vector<ElementId> ways;
    for (const MediaPath& path : plan.paths)
      for (const explain::Leg& leg : path.legs) ways.insert(ways.end(), {leg.from, leg.to});
    return ways;
  }

  void seek(const topology::Call& call, CallPlan& plan, std::unique_ptr<IceSession> session) {
    session->watch(*this);
    sought_.push_back({&call, &plan, std::move(session)});
  }

  void addCall(std::size_t number) {
    const topology::Call& call = input_.calls[number];
    CallPlan& plan = plans_[number];
    const auto elementOf = [&](std::size_t i) {
      return quiet_.graph.participant(call.participants[i]).value();
    };
    if (!call.viaMediaProcessor()) {
      if (isTelephone(call.participants[0]) || isTelephone(call.participants[1])) return;
      IceOptions options = optionsOf(call, plan.path(elementOf(0), elementOf(1)));
      options.mediaInterval = kMedia;
      options.restarts = options.again = call.iceRestart;
      seek(call, plan, std::make_unique<IceSession>(quiet_.ice, call, options));
      return;
    }
    if (!plan.mediaProcessor) return;
    for (std::size_t i = 0; i < call.participants.size(); ++i) {
      if (isTelephone(call.participants[i])) continue;
      IceOptions options = optionsOf(call, plan.path(elementOf(i), *plan.mediaProcessor));
      options.restarts = options.again = call.iceRestart;
      seek(call, plan,
           std::make_unique<IceSession>(quiet_.ice, call, i, *plan.mediaProcessor, options));
    }
  }

  void look(Sought& sought) {
    const TimePoint now = quiet_.simulation.simulator().now();
    if (!isSettled(*sought.session, now - TimePoint::at(sought.call->start), kSettling)) {
      at(now + kLook, [this, &sought] { look(sought); });
      return;
    }
    Settlement(quiet_, *sought.session, *sought.plan).settle();
    sought.session->stopMedia();
    // Until then it has its place in boxes and relays.
    const auto end = TimePoint::at(sought.call->start + sought.call->setup + sought.call->duration);
    at(std::max(end, now), [&sought] { sought.session->close(); });
    if (++settled_ == sought_.size()) ns3::Simulator::Stop();
  }

  const topology::Case& input_;
  QuietNetwork quiet_;
  std::vector<CallPlan> plans_;
  std::deque<Sought> sought_;
  std::size_t settled_ = 0;
};

}  // namespace

std::vector<CallPlan> findCalls(const topology::NetworkGraph& graph, const topology::Case& input,
                                const std::string& wanted) {
  seedStreams(1, 1);
  return Search(graph, input, wanted).run();
}

}  // namespace callflow::sim
