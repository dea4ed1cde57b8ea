// What a TURN server remembers of one client: RFC 8656 3.2 lists it.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "models/stun/message.h"
#include "models/wire/address.h"
#include "src/units/units.h"

namespace callflow::turn {

// RFC 8656 9 and 12.
inline constexpr Duration kPermissionLifetime = Duration::s(300);
inline constexpr Duration kChannelLifetime = Duration::s(600);

struct Channel {
  wire::Endpoint peer;
  TimePoint expires;
};

struct Allocation {
  std::uint16_t port = 0;  // the relayed endpoint's
  std::string user;
  stun::TransactionId transaction{};  // of the request that made it
  TimePoint end;
  std::map<wire::Ipv4, TimePoint> permissions;  // until when, by address
  std::map<std::uint16_t, Channel> channels;    // by number
  std::map<wire::Endpoint, std::uint16_t> channelOf;

  bool permits(wire::Ipv4 peer, TimePoint now) const {
    const auto found = permissions.find(peer);
    return found != permissions.end() && now < found->second;
  }
  // Who is at the other end of it, and by which channel a peer is reached, if it is bound.
  std::optional<wire::Endpoint> peerOf(std::uint16_t channel, TimePoint now) const {
    const auto found = channels.find(channel);
    if (found == channels.end() || now >= found->second.expires) return std::nullopt;
    return found->second.peer;
  }
  std::optional<std::uint16_t> channelTo(const wire::Endpoint& peer, TimePoint now) const {
    const auto found = channelOf.find(peer);
    if (found == channelOf.end() || !peerOf(found->second, now)) return std::nullopt;
    return found->second;
  }

  void permit(wire::Ipv4 peer, TimePoint now) { permissions[peer] = now + kPermissionLifetime; }
  // False if either is bound to another (RFC 8656 12.2). A binding is a permission as well.
  bool bind(std::uint16_t channel, const wire::Endpoint& peer, TimePoint now) {
    const auto bound = peerOf(channel, now);
    const auto reached = channelTo(peer, now);
    if ((bound && *bound != peer) || (reached && *reached != channel)) return false;
    // What the two were bound to before is over.
    if (const auto old = channels.find(channel); old != channels.end())
      channelOf.erase(old->second.peer);
    if (const auto old = channelOf.find(peer); old != channelOf.end()) channels.erase(old->second);
    channels[channel] = {peer, now + kChannelLifetime};
    channelOf[peer] = channel;
    permit(peer.address, now);
    return true;
  }
};

}  // namespace callflow::turn
