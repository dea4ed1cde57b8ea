// Two agents without a network: what they send arrives after a delay, or not at all.
#pragma once

#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "models/ice/agent.h"

namespace callflow::testing {

using ice::Agent;
using wire::Endpoint;

inline Endpoint endpoint(std::uint8_t last, std::uint16_t port) {
  return {wire::Ipv4::of(10, 0, 0, last), port};
}

// The world of one agent. Its only socket is 10.0.0.<side + 1>:5000.
class FakeWorld : public ice::AgentWorld {
 public:
  struct Sent {
    TimePoint at;
    Endpoint from, to;
    stun::Bytes bytes;
  };

  explicit FakeWorld(std::uint8_t side)
      : socket(endpoint(static_cast<std::uint8_t>(side + 1), 5000)) {}

  ice::Socket openSocket(std::uint8_t) override { return {socket, socket}; }
  void sendDatagram(Endpoint from, Endpoint to, stun::Bytes bytes) override {
    sent.push_back({now, from, to, std::move(bytes)});
  }
  void connect(ice::PortNumber, std::uint8_t, const ice::Server&) override {}
  void sendStream(ice::PortNumber, const stun::Bytes&) override {}
  void onCandidate(const ice::Candidate& candidate) override { candidates.push_back(candidate); }
  void onGathered() override {}
  void onState(ice::State state) override { states.emplace_back(now, state); }
  void onSelected(const ice::Pair* pair) override {
    if (pair != nullptr) selected.emplace_back(now, pair->remote().address);
  }
  void onPayload(const stun::Bytes&) override {}
  void onRoundTrip(const ice::Pair&, Duration) override {}
  std::optional<TimePoint> lastMedia(const ice::Pair&) const override { return media; }

  Endpoint socket;
  TimePoint now;
  std::vector<Sent> sent;
  std::vector<ice::Candidate> candidates;
  std::vector<std::pair<TimePoint, ice::State>> states;
  std::vector<std::pair<TimePoint, Endpoint>> selected;
  std::optional<TimePoint> media;
};

inline ice::AgentSettings settings(ice::Role role, std::uint64_t seed) {
  ice::AgentSettings result;
  result.role = role;
  result.seed = seed;
  result.gathering.opening = Duration{};
  return result;
}

inline ice::Candidate hostAt(Endpoint address) {
  return {.type = ice::CandidateType::host,
          .address = address,
          .base = address,
          .relay = std::nullopt,
          .priority = 2122260223,
          .generation = 0,
          .networkCost = 0};
}

// Both, with a line of this delay between them.
class Both {
 public:
  explicit Both(Duration delay)
      : worlds{FakeWorld(0), FakeWorld(1)},
        agents{Agent(settings(ice::Role::controlling, 1), worlds[0]),
               Agent(settings(ice::Role::controlled, 2), worlds[1])},
        delay_(delay) {}

  // Both know of each other from the beginning.
  void begin() {
    for (std::size_t i : {0U, 1U}) agents[i].gather(TimePoint{});
    for (std::size_t i : {0U, 1U}) {
      agents[i].setRemote(agents[1 - i].credentials(), TimePoint{});
      agents[i].addRemoteCandidate(hostAt(worlds[1 - i].socket), TimePoint{});
    }
  }

  // Until then, with what is sent lost if `passes` says so.
  void run(TimePoint end) {
    while (true) {
      for (std::size_t i : {0U, 1U}) collect(i);
      std::optional<TimePoint> next;
      for (const auto& each : flying_) next = next ? std::min(*next, each.first) : each.first;
      std::array<std::optional<TimePoint>, 2> timers;
      for (std::size_t i : {0U, 1U}) {
        timers[i] = agents[i].nextTimer(now);
        if (timers[i]) next = next ? std::min(*next, *timers[i]) : *timers[i];
      }
      if (!next || *next > end) break;
      now = std::max(now, *next);
      for (FakeWorld& world : worlds) world.now = now;
      if (const auto due = flying_.begin(); due != flying_.end() && due->first <= now) {
        const auto [to, sent] = due->second;
        flying_.erase(due);
        agents[to].onDatagram(sent.to, sent.from, sent.bytes, now);
        continue;
      }
      for (std::size_t i : {0U, 1U})
        if (timers[i] && *timers[i] <= now) agents[i].onTimer(now);
    }
    now = end;
    for (FakeWorld& world : worlds) world.now = end;
  }

  std::function<bool(std::size_t from, TimePoint at)> passes = [](std::size_t, TimePoint) {
    return true;
  };
  TimePoint now;
  std::array<FakeWorld, 2> worlds;
  std::array<Agent, 2> agents;

 private:
  void collect(std::size_t i) {
    std::vector<FakeWorld::Sent>& sent = worlds[i].sent;
    for (; collected_[i] < sent.size(); ++collected_[i]) {
      const FakeWorld::Sent& each = sent[collected_[i]];
      if (each.to != worlds[1 - i].socket || !passes(i, each.at)) continue;
      flying_.insert({each.at + delay_, {1 - i, each}});
    }
  }

  Duration delay_;
  std::array<std::size_t, 2> collected_{};
  std::multimap<TimePoint, std::pair<std::size_t, FakeWorld::Sent>> flying_;
};

}  // namespace callflow::testing
