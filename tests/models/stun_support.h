// STUN messages by chance, all attributes among them.
#pragma once

#include <iterator>
#include <random>
#include <string>

#include "models/stun/message.h"

namespace callflow::stun {

inline bool chance(std::mt19937_64& random) {
  return random() % 2 == 0;
}

inline std::string randomText(std::mt19937_64& random, std::size_t longest = 40) {
  std::string text(random() % (longest + 1), ' ');
  for (char& c : text) c = static_cast<char>(random());
  return text;
}

inline wire::Endpoint randomEndpoint(std::mt19937_64& random) {
  return {wire::Ipv4{static_cast<std::uint32_t>(random())}, static_cast<std::uint16_t>(random())};
}

inline Message randomMessage(std::mt19937_64& random) {
  struct Kind {
    Class messageClass;
    Method method;
  };
  static constexpr Kind kKinds[] = {
      {Class::request, Method::binding},    {Class::indication, Method::binding},
      {Class::success, Method::binding},    {Class::error, Method::binding},
      {Class::request, Method::allocate},   {Class::success, Method::allocate},
      {Class::error, Method::refresh},      {Class::indication, Method::send},
      {Class::indication, Method::data},    {Class::request, Method::createPermission},
      {Class::success, Method::channelBind}};
  Message m;
  const Kind kind = kKinds[random() % std::size(kKinds)];
  m.messageClass = kind.messageClass;
  m.method = kind.method;
  for (std::uint8_t& byte : m.transaction) byte = static_cast<std::uint8_t>(random());
  if (chance(random)) m.software = randomText(random);
  if (chance(random))
    m.error = ErrorCode{static_cast<int>(300 + random() % 400), randomText(random)};
  while (chance(random)) m.unknownAttributes.push_back(static_cast<std::uint16_t>(random()));
  if (chance(random)) m.username = randomText(random);
  if (chance(random)) m.realm = randomText(random);
  if (chance(random)) m.nonce = randomText(random);
  if (chance(random)) m.requestedTransport = static_cast<std::uint8_t>(random());
  if (chance(random)) m.channel = static_cast<std::uint16_t>(random());
  if (chance(random)) m.lifetime = Duration::s(static_cast<std::uint32_t>(random()));
  while (chance(random)) m.peers.push_back(randomEndpoint(random));
  if (chance(random)) m.relayed = randomEndpoint(random);
  if (chance(random)) {
    const wire::Endpoint endpoint = randomEndpoint(random);
    m.mapped = Address{endpoint.address, endpoint.port};
    Ipv6 ip;
    for (std::uint8_t& byte : ip.bytes) byte = static_cast<std::uint8_t>(random());
    if (chance(random)) m.mapped->ip = ip;
  }
  if (chance(random)) m.networkInfo = static_cast<std::uint32_t>(random());
  if (chance(random)) m.controlled = random();
  if (chance(random)) m.controlling = random();
  m.useCandidate = chance(random);
  if (chance(random)) m.priority = static_cast<std::uint32_t>(random());
  if (chance(random)) {
    const std::string data = randomText(random, 300);
    m.data = Bytes(data.begin(), data.end());
  }
  return m;
}

}  // namespace callflow::stun
