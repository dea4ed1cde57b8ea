// Two ends of a handshake with a path between them.
#pragma once

#include <catch2/catch.hpp>

#include <algorithm>
#include <functional>
#include <map>
#include <utility>
#include <vector>

#include "models/dtls/handshake.h"
#include "tests/support/show_units.h"

namespace callflow::dtls {

inline TimePoint at(std::int64_t ms) {
  return TimePoint::at(Duration::ms(ms));
}

// A datagram that was sent, in the order of sending.
struct Sent {
  Role from = Role::client;
  TimePoint when;
  std::size_t size = 0;
  bool operator==(const Sent&) const = default;
};

// Datagrams take 25 ms each way, and both ends know the round trip. Both start at 0.
class Pair {
 public:
  static constexpr Duration kOneWay = Duration::ms(25);
  // Whether the path loses the n-th datagram of all, counted from 0.
  using Loses = std::function<bool(Role from, std::size_t n)>;

  explicit Pair(Version version, Loses loses = {}, bool postQuantum = false)
      : client(Role::client, version, postQuantum),
        server(Role::server, version, postQuantum),
        loses_(std::move(loses)) {}

  void start() {
    client.start(kOneWay * 2, now);
    server.start(kOneWay * 2, now);
  }
  // Until nothing happens any more, or this time.
  void run(TimePoint end = at(1'000'000)) {
    for (;;) {
      collect(client, Role::client);
      collect(server, Role::server);
      const auto never = TimePoint::max();
      const TimePoint arrival = onTheirWay_.empty() ? never : onTheirWay_.begin()->first;
      const TimePoint next = std::min(
          {arrival, client.nextTimer().value_or(never), server.nextTimer().value_or(never)});
      if (next > end) return;
      now = next;
      if (arrival == now) {
        const auto letter = onTheirWay_.extract(onTheirWay_.begin()).mapped();
        Handshake& to = letter.first == Role::client ? server : client;
        to.onDatagram(letter.second, now);
        (letter.first == Role::client ? toServer : toClient).push_back(letter.second);
        note();
        continue;
      }
      client.onTimer(now);
      server.onTimer(now);
    }
  }

  Handshake client, server;
  TimePoint now;
  std::vector<Sent> sent;
  std::vector<stun::Bytes> toClient, toServer;  // that arrived
  TimePoint clientMaySend = TimePoint::max(), serverMaySend = TimePoint::max();
  std::size_t toClientBefore = 0, toServerBefore = 0;  // that had arrived by then

 private:
  void collect(Handshake& from, Role role) {
    for (stun::Bytes& bytes : from.takeOutgoing()) {
      sent.push_back({role, now, bytes.size()});
      if (!loses_ || !loses_(role, sent.size() - 1))
        onTheirWay_.emplace(now + kOneWay, std::pair{role, std::move(bytes)});
    }
  }
  void note() {
    if (client.maySend() && clientMaySend == TimePoint::max()) {
      clientMaySend = now;
      toClientBefore = toClient.size();
    }
    if (server.maySend() && serverMaySend == TimePoint::max()) {
      serverMaySend = now;
      toServerBefore = toServer.size();
    }
  }

  Loses loses_;
  std::multimap<TimePoint, std::pair<Role, stun::Bytes>> onTheirWay_;
};

}  // namespace callflow::dtls
