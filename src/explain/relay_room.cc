#include "src/explain/relay_room.h"

#include <algorithm>

namespace callflow::explain {

using topology::ElementId;

namespace {

// More than the clients of a case will ever have of one relay: nobody needs to count.
constexpr int kPlenty = 10000;

}  // namespace

RelayRoom::Left RelayRoom::left(ElementId relay, Duration now) const {
  const topology::Element& element = graph_.element(relay);
  int held = 0;
  if (const auto found = held_.find(relay); found != held_.end())
    for (const Held& each : found->second)
      if (each.until > now) held += each.allocations;
  const int ports = element.ports.last - element.ports.first + 1 - held;
  const int quota = element.allocations ? *element.allocations - held : ports;
  if (quota <= ports && element.allocations)
    return {std::max(quota, 0), {.kind = Refusal::Kind::relayQuota, .element = relay}};
  return {std::max(ports, 0), {.kind = Refusal::Kind::relayFull, .element = relay}};
}

std::optional<ElementId> RelayRoom::next(ElementId client, const topology::Call& call,
                                         const std::vector<ElementId>& asked) const {
  const auto alternate = graph_.alternateOf(asked.back());
  if (alternate && std::find(asked.begin(), asked.end(), *alternate) == asked.end())
    return alternate;
  return graph_.relay(client, call.relays, asked);
}

void RelayRoom::ask(Client& client, const topology::Call& call, const PathFinder& finder) {
  const auto nearest = graph_.relay(client.element, call.relays);
  std::vector<ElementId> asked;
  client.relay = nearest;
  while (client.relay) {
    const Left left = this->left(*client.relay, call.start);
    if (left.allocations > kPlenty) return;
    const std::vector<Access> wanted = finder.waysToRelay(client);
    // No packet of it comes there.
    if (wanted.empty()) break;
    for (std::size_t i = 0; i < wanted.size(); ++i)
      if (static_cast<int>(i) >= left.allocations)
        client.refused.emplace_back(wanted[i], left.beyond);
    if (left.allocations > 0) {
      const int given = std::min(left.allocations, static_cast<int>(wanted.size()));
      held_[*client.relay].push_back({call.start + call.setup + call.duration, given});
      return;
    }
    client.full.push_back(left.beyond);
    asked.push_back(*client.relay);
    client.relay = next(client.element, call, asked);
    if (client.relay) client.refused.clear();
  }
  // None has anything for it: it is told of all of them.
  if (!asked.empty()) {
    client.refused.clear();
    client.relay = nearest;
    for (const Access access : finder.waysToRelay(client))
      client.refused.emplace_back(access, client.full.front());
    client.full.erase(client.full.begin());
  }
}

}  // namespace callflow::explain
