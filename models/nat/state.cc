#include "models/nat/state.h"

#include <algorithm>
#include <utility>

namespace callflow::nat {
namespace {

using wire::Protocol;

FlowKey hostKey(wire::Ipv4 address) {
  return FlowKey(wire::Endpoint{address, 0}, wire::Endpoint{}, wire::Protocol::udp);
}

// Leaves out the records that have expired, and says by which numbers the others are known then.
template <class Record>
std::vector<std::uint32_t> compact(std::vector<Record>& records, TimePoint now) {
  std::vector<std::uint32_t> renumbered(records.size(), FlowIndex::kNone);
  std::uint32_t kept = 0;
  for (std::size_t i = 0; i < records.size(); ++i) {
    if (records[i].expires <= now) continue;
    renumbered[i] = kept;
    records[kept++] = records[i];
  }
  records.resize(kept);
  return renumbered;
}

template <class Record, class KeyOf>
void rebuild(FlowIndex& index, const std::vector<Record>& records, KeyOf&& keyOf) {
  index.reset(records.size());
  for (std::size_t i = 0; i < records.size(); ++i)
    index.add(keyOf(records[i]).hash(), static_cast<std::uint32_t>(i));
}

}  // namespace

void State::forget(wire::RuleProtocol which) {
  if (which == wire::RuleProtocol::any) {
    State fresh;
    fresh.draws = draws;
    fresh.turns = turns;
    *this = std::move(fresh);
    return;
  }
  // Records that have expired are as good as gone, and leave with the next makeRoom().
  const auto expire = [&](auto& records, auto&& keyOf) {
    for (auto& each : records)
      if (wire::contains(which, keyOf(each).protocol())) each.expires = TimePoint{};
  };
  expire(mappings, [](const Mapping& each) { return each.key; });
  expire(sessions, [](const Session& each) { return each.inside; });
  expire(permissions, [](const Permission& each) { return each.key; });
  const auto protocol = which == wire::RuleProtocol::udp ? Protocol::udp : Protocol::tcp;
  for (PortSearches& each : searches) each[static_cast<std::size_t>(protocol)] = {};
}

std::size_t State::liveMappings(TimePoint now) const {
  return static_cast<std::size_t>(std::count_if(
      mappings.begin(), mappings.end(), [&](const Mapping& each) { return now < each.expires; }));
}

std::uint32_t State::findMapping(const FlowKey& key, TimePoint now) const {
  return mappingsByKey_.find(key.hash(), [&](std::uint32_t record) {
    const Mapping& each = mappings[record];
    return each.key == key && now < each.expires;
  });
}

std::uint32_t State::findPublic(const wire::Endpoint& outside, wire::Protocol protocol,
                                TimePoint now) const {
  return mappingsByPublic_.find(publicKey(outside, protocol).hash(), [&](std::uint32_t record) {
    const Mapping& each = mappings[record];
    return each.outside == outside && each.protocol == protocol && now < each.expires;
  });
}

std::uint32_t State::findPermission(const FlowKey& key, TimePoint now) const {
  return permissionsByKey_.find(key.hash(), [&](std::uint32_t record) {
    const Permission& each = permissions[record];
    return each.key == key && now < each.expires;
  });
}

std::uint32_t State::findHost(wire::Ipv4 address) const {
  return hostsByAddress_.find(hostKey(address).hash(), [&](std::uint32_t record) {
    return hosts[record].address == address;
  });
}

void State::makeRoom(TimePoint now) {
  if (!sessionsByInside_.full() && !mappingsByKey_.full() && !permissionsByKey_.full()) return;
  const std::vector<std::uint32_t> mappingNumbers = compact(mappings, now);
  const std::vector<std::uint32_t> permissionNumbers = compact(permissions, now);
  compact(sessions, now);
  for (Session& session : sessions) {
    session.mapping = mappingNumbers[session.mapping];  // outlives its sessions, so it was kept
    if (session.permission != FlowIndex::kNone)
      session.permission = permissionNumbers[session.permission];
  }
  rebuild(mappingsByKey_, mappings, [](const Mapping& each) { return each.key; });
  rebuild(mappingsByPublic_, mappings,
          [](const Mapping& each) { return publicKey(each.outside, each.protocol); });
  rebuild(permissionsByKey_, permissions, [](const Permission& each) { return each.key; });
  rebuild(sessionsByInside_, sessions, [](const Session& each) { return each.inside; });
  rebuild(sessionsByOutside_, sessions, [](const Session& each) { return each.outside; });
}

std::uint32_t State::add(const Mapping& mapping) {
  const auto record = static_cast<std::uint32_t>(mappings.size());
  mappings.push_back(mapping);
  mappingsByKey_.add(mapping.key.hash(), record);
  mappingsByPublic_.add(publicKey(mapping.outside, mapping.protocol).hash(), record);
  return record;
}

std::uint32_t State::add(const Permission& permission) {
  const auto record = static_cast<std::uint32_t>(permissions.size());
  permissions.push_back(permission);
  permissionsByKey_.add(permission.key.hash(), record);
  return record;
}

std::uint32_t State::add(const Host& host) {
  if (hostsByAddress_.full())
    rebuild(hostsByAddress_, hosts, [](const Host& each) { return hostKey(each.address); });
  const auto record = static_cast<std::uint32_t>(hosts.size());
  hosts.push_back(host);
  hostsByAddress_.add(hostKey(host.address).hash(), record);
  return record;
}

void State::add(const Session& session) {
  const auto record = static_cast<std::uint32_t>(sessions.size());
  sessions.push_back(session);
  sessionsByInside_.add(session.inside.hash(), record);
  sessionsByOutside_.add(session.outside.hash(), record);
}

}  // namespace callflow::nat
