// Who may send what where, and when allocations end. requests.cc has the answers to requests.
#include "models/turn/allocations.h"

#include <algorithm>
#include <utility>

#include "models/turn/channel_data.h"

namespace callflow::turn {

std::string_view words(Discard discard) {
  switch (discard) {
    case Discard::none:
      return "passed on";
    case Discard::noAllocation:
      return "no allocation";
    case Discard::noPermission:
      return "no permission for the peer's address";
    case Discard::noChannel:
      return "a channel that is not bound";
    case Discard::malformed:
      return "neither a STUN message nor ChannelData";
    case Discard::notForServers:
      return "a message that only servers send";
    case Discard::unknownAttribute:
      return "an attribute that must be known and is not";
    case Discard::incomplete:
      return "no data, or not to one peer";
  }
  return "unknown";
}

Allocations::Allocations(ServerSettings settings)
    : settings_(std::move(settings)), nonces_(scrambled(settings_.seed), settings_.nonceLifetime) {}

Allocations::FromClient Allocations::onClient(const Client5& client, const stun::Bytes& bytes,
                                              TimePoint now) {
  removeEnded(now);
  if (auto message = parseChannelData(bytes))
    return onChannelData(client, message->channel, std::move(message->data), now);
  auto parsed = stun::parse(bytes);
  if (!parsed) return {{}, {}, Discard::malformed};
  const stun::Message& message = parsed->message;
  if (message.messageClass == stun::Class::request)
    return {onRequest(client, bytes, *parsed, now), {}, Discard::none};
  if (message.method == stun::Method::send) return onSend(client, *std::move(parsed), now);
  return {{}, {}, Discard::notForServers};
}

// RFC 8656 12.6: a channel that was once bound asks for no permission.
Allocations::FromClient Allocations::onChannelData(const Client5& client, std::uint16_t channel,
                                                   stun::Bytes data, TimePoint now) const {
  const Allocation* const allocation = find(client, now);
  if (!allocation) return {{}, {}, Discard::noAllocation};
  const auto peer = allocation->peerOf(channel, now);
  if (!peer) return {{}, {}, Discard::noChannel};
  return {{}, ToPeer{allocation->port, *peer, std::move(data)}, Discard::none};
}

// RFC 8656 11.2: what is not right is dropped without a word.
Allocations::FromClient Allocations::onSend(const Client5& client, stun::Parsed parsed,
                                            TimePoint now) const {
  stun::Message& message = parsed.message;
  if (!parsed.unknown.empty()) return {{}, {}, Discard::unknownAttribute};
  if (!message.data || message.peers.size() != 1) return {{}, {}, Discard::incomplete};
  const Allocation* const allocation = find(client, now);
  if (!allocation) return {{}, {}, Discard::noAllocation};
  const wire::Endpoint to = message.peers.front();
  if (!allocation->permits(to.address, now)) return {{}, {}, Discard::noPermission};
  return {{}, ToPeer{allocation->port, to, *std::move(message.data)}, Discard::none};
}

Allocations::FromPeer Allocations::onPeer(std::uint16_t relayedPort, wire::Endpoint peer,
                                          const stun::Bytes& bytes, TimePoint now) {
  removeEnded(now);
  const auto client = clients_.find(relayedPort);
  if (client == clients_.end()) return {{}, {}, Discard::noAllocation};
  const Allocation& allocation = allocations_.at(client->second);
  if (!allocation.permits(peer.address, now)) return {{}, {}, Discard::noPermission};
  const bool reliable = client->second.protocol == wire::Protocol::tcp;
  if (const auto channel = allocation.channelTo(peer, now))
    return {client->second, encode(ChannelData{*channel, bytes}, reliable), Discard::none};
  stun::Message indication;
  indication.messageClass = stun::Class::indication;
  indication.method = stun::Method::data;
  const std::uint64_t mark = scrambled(settings_.seed ^ scrambled(indications_++));
  for (std::size_t i = 0; i < indication.transaction.size(); ++i)
    indication.transaction[i] = static_cast<std::uint8_t>(mark >> (8 * (i % 8)));
  indication.peers = {peer};
  indication.data = bytes;
  return {client->second, stun::encode(indication, nullptr, false), Discard::none};
}

const Allocation* Allocations::find(const Client5& client, TimePoint now) const {
  const auto found = allocations_.find(client);
  return found == allocations_.end() || now >= found->second.end ? nullptr : &found->second;
}

std::optional<std::uint16_t> Allocations::channel(const Client5& client, wire::Endpoint peer,
                                                  TimePoint now) const {
  const Allocation* const allocation = find(client, now);
  return allocation ? allocation->channelTo(peer, now) : std::nullopt;
}

std::optional<wire::Endpoint> Allocations::peer(const Client5& client, std::uint16_t channel,
                                                TimePoint now) const {
  const Allocation* const allocation = find(client, now);
  return allocation ? allocation->peerOf(channel, now) : std::nullopt;
}

std::optional<std::uint16_t> Allocations::relayedPort(const Client5& client, TimePoint now) const {
  const Allocation* const allocation = find(client, now);
  return allocation ? std::optional(allocation->port) : std::nullopt;
}

std::optional<Client5> Allocations::clientOf(std::uint16_t relayedPort) const {
  const auto client = clients_.find(relayedPort);
  return client == clients_.end() ? std::nullopt : std::optional(client->second);
}

bool Allocations::permits(std::uint16_t relayedPort, wire::Endpoint peer, TimePoint now) const {
  const auto client = clientOf(relayedPort);
  const Allocation* const allocation = client ? find(*client, now) : nullptr;
  return allocation != nullptr && allocation->permits(peer.address, now);
}

std::size_t Allocations::size(TimePoint now) const {
  return static_cast<std::size_t>(
      std::count_if(allocations_.begin(), allocations_.end(),
                    [&](const auto& entry) { return now < entry.second.end; }));
}

std::size_t Allocations::countOf(const std::string& user) const {
  const auto found = countByUser_.find(user);
  return found == countByUser_.end() ? 0 : found->second;
}

void Allocations::setEnd(const Client5& client, Allocation& allocation, TimePoint end) {
  ends_.erase({allocation.end, client});
  allocation.end = end;
  ends_.insert({end, client});
}

void Allocations::remove(const Client5& client) {
  const auto found = allocations_.find(client);
  if (found == allocations_.end()) return;
  const Allocation& allocation = found->second;
  ends_.erase({allocation.end, client});
  clients_.erase(allocation.port);
  --countByUser_[allocation.user];
  if (settings_.freePort) settings_.freePort(allocation.port);
  allocations_.erase(found);
}

void Allocations::removeEnded(TimePoint now) {
  while (!ends_.empty() && ends_.begin()->first <= now) {
    const Client5 client = ends_.begin()->second;
    remove(client);
  }
}

void Allocations::forget() {
  while (!ends_.empty()) {
    const Client5 client = ends_.begin()->second;
    remove(client);
  }
}

}  // namespace callflow::turn
