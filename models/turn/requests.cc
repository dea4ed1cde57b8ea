// How a TURN server answers requests.
#include <algorithm>

#include "models/turn/allocations.h"
#include "models/turn/channel_data.h"
#include "models/turn/error_code.h"

namespace callflow::turn {
namespace {

using stun::Class;
using stun::Method;

constexpr std::uint8_t kUdp = 17;  // IANA protocol numbers

stun::Bytes sign(const stun::Message& message, const stun::Key* key) {
  return stun::encode(message, key, false);
}

stun::Address mappedAddress(const Client5& client) {
  return {client.source.address, client.source.port};
}

}  // namespace

struct Allocations::Request {
  const Client5& client;
  const stun::Message& message;
  TimePoint now;
  const stun::Key* key = nullptr;  // once it has proved whose it is; answers are signed with it
};

stun::Message Allocations::answer(const Request& request, Class messageClass) const {
  stun::Message message;
  message.messageClass = messageClass;
  message.method = request.message.method;
  message.transaction = request.message.transaction;
  if (!settings_.software.empty()) message.software = settings_.software;
  return message;
}

stun::Message Allocations::error(const Request& request, int code, const char* reason) const {
  stun::Message message = answer(request, Class::error);
  message.error = stun::ErrorCode{code, reason};
  return message;
}

stun::Bytes Allocations::refuse(const Request& request, int code, const char* reason) const {
  return sign(error(request, code, reason), request.key);
}

// With what the client needs to try again.
stun::Bytes Allocations::challenge(const Request& request, int code, const char* reason) const {
  stun::Message message = error(request, code, reason);
  message.realm = settings_.realm;
  message.nonce = nonces_.make(request.client, request.now);
  return sign(message, nullptr);
}

const stun::Key& Allocations::keyOf(const std::string& user, const std::string& password) {
  const auto known = keys_.find(user);
  if (known != keys_.end() && known->second.password == password) return known->second.key;
  UserKey made{password, stun::Key::longTerm(user, settings_.realm, password)};
  return keys_.insert_or_assign(user, std::move(made)).first->second.key;
}

// RFC 8489 9.2.4.
std::optional<stun::Bytes> Allocations::authenticate(Request& request, const stun::Bytes& bytes,
                                                     const stun::Parsed& parsed) {
  const stun::Message& message = request.message;
  if (!message.username || !message.realm || !message.nonce)
    return refuse(request, 400, "Bad Request");
  const auto password =
      settings_.passwordOf ? settings_.passwordOf(*message.username) : std::nullopt;
  if (!password) return challenge(request, 401, "Unauthorized");
  const stun::Key& key = keyOf(*message.username, *password);
  if (!stun::verify(bytes, parsed, key)) return challenge(request, 401, "Unauthorized");
  if (!nonces_.isFresh(*message.nonce, request.client, request.now))
    return challenge(request, 438, "Stale Nonce");
  request.key = &key;
  return std::nullopt;
}

stun::Bytes Allocations::onRequest(const Client5& client, const stun::Bytes& bytes,
                                   const stun::Parsed& parsed, TimePoint now) {
  Request request{client, parsed.message, now};
  const Method method = parsed.message.method;
  // A TURN server is a STUN server too, to everybody.
  if (method != Method::binding) {
    if (!parsed.hasIntegrity) return challenge(request, 401, "Unauthorized");
    if (auto refusal = authenticate(request, bytes, parsed)) return *std::move(refusal);
  }
  if (!parsed.unknown.empty()) {  // RFC 8489 6.3.1
    stun::Message message = error(request, 420, "Unknown Attribute");
    message.unknownAttributes = parsed.unknown;
    return sign(message, request.key);
  }
  if (method == Method::binding) {
    stun::Message message = answer(request, Class::success);
    message.mapped = mappedAddress(client);
    return sign(message, request.key);
  }
  if (method == Method::allocate) return onAllocate(request);

  // RFC 8656 5: all others are about an allocation, and of its owner only.
  const auto found = allocations_.find(client);
  if (found == allocations_.end()) return refuse(request, 437, "Allocation Mismatch");
  Allocation& allocation = found->second;
  if (allocation.user != *request.message.username)
    return refuse(request, 441, "Wrong Credentials");
  if (method == Method::refresh) return onRefresh(request, allocation);
  if (method == Method::createPermission) return onCreatePermission(request, allocation);
  return onChannelBind(request, allocation);
}

// RFC 8656 7.2: no less than the default, no more than the server allows.
Duration Allocations::lifetimeFor(const stun::Message& message) const {
  if (!message.lifetime) return settings_.defaultLifetime;
  return std::max(std::min(*message.lifetime, settings_.mostLifetime), settings_.defaultLifetime);
}

stun::Bytes Allocations::allocated(const Request& request, const Allocation& allocation) const {
  stun::Message message = answer(request, Class::success);
  message.lifetime = allocation.end - request.now;  // what is left of it, if it is asked again
  message.relayed = wire::Endpoint{settings_.address, allocation.port};
  message.mapped = mappedAddress(request.client);
  return sign(message, request.key);
}

// In the order of RFC 8656 7.2.
stun::Bytes Allocations::onAllocate(const Request& request) {
  if (const auto found = allocations_.find(request.client); found != allocations_.end()) {
    // A request that was sent again because its answer was late or lost.
    if (found->second.transaction == request.message.transaction)
      return allocated(request, found->second);
    return refuse(request, 437, "Allocation Mismatch");
  }
  if (!request.message.requestedTransport) return refuse(request, 400, "Bad Request");
  if (*request.message.requestedTransport != kUdp)
    return refuse(request, 442, "Unsupported Transport Protocol");
  const std::string& user = *request.message.username;
  if (settings_.allocationsPerUser > 0 && countOf(user) >= settings_.allocationsPerUser)
    return refuse(request, kQuotaReached, "Allocation Quota Reached");
  if (settings_.allocations > 0 && allocations_.size() >= settings_.allocations)
    return sendAway(request, kQuotaReached, "Allocation Quota Reached");
  const auto port = settings_.nextPort ? settings_.nextPort() : std::nullopt;
  if (!port) return sendAway(request, kInsufficientCapacity, "Insufficient Capacity");

  Allocation& made = allocations_[request.client];
  made.port = *port;
  made.user = user;
  made.transaction = request.message.transaction;
  setEnd(request.client, made, request.now + lifetimeFor(request.message));
  clients_[*port] = request.client;
  ++countByUser_[user];
  return allocated(request, made);
}

// RFC 8489 10: over the same transport, and so by the same port.
stun::Bytes Allocations::sendAway(const Request& request, int code, const char* reason) const {
  const auto alternate =
      settings_.alternate ? settings_.alternate(request.client.protocol) : std::nullopt;
  if (!alternate) return refuse(request, code, reason);
  stun::Message message = error(request, kTryAlternate, "Try Alternate");
  message.alternateServer = wire::Endpoint{*alternate, request.client.destination.port};
  return sign(message, request.key);
}

// RFC 8656 8.2.
stun::Bytes Allocations::onRefresh(const Request& request, Allocation& allocation) {
  stun::Message message = answer(request, Class::success);
  if (request.message.lifetime == Duration{}) {
    message.lifetime = Duration{};
    remove(request.client);
  } else {
    message.lifetime = lifetimeFor(request.message);
    setEnd(request.client, allocation, request.now + *message.lifetime);
  }
  return sign(message, request.key);
}

bool Allocations::isForbidden(wire::Ipv4 peer) const {
  return wire::contains(std::span<const wire::Prefix>(settings_.forbiddenPeers), peer);
}

// RFC 8656 10.2: all of them or none.
stun::Bytes Allocations::onCreatePermission(const Request& request, Allocation& allocation) const {
  const auto& peers = request.message.peers;
  if (peers.empty()) return refuse(request, 400, "Bad Request");
  if (std::any_of(peers.begin(), peers.end(),
                  [&](const wire::Endpoint& peer) { return isForbidden(peer.address); }))
    return refuse(request, 403, "Forbidden");
  for (const wire::Endpoint& peer : peers) allocation.permit(peer.address, request.now);
  return sign(answer(request, Class::success), request.key);
}

// RFC 8656 12.2.
stun::Bytes Allocations::onChannelBind(const Request& request, Allocation& allocation) const {
  const auto& channel = request.message.channel;
  const auto& peers = request.message.peers;
  if (!channel || !isChannel(*channel) || peers.size() != 1)
    return refuse(request, 400, "Bad Request");
  if (isForbidden(peers.front().address)) return refuse(request, 403, "Forbidden");
  if (!allocation.bind(*channel, peers.front(), request.now))
    return refuse(request, 400, "Bad Request");
  return sign(answer(request, Class::success), request.key);
}

}  // namespace callflow::turn
