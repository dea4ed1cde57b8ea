// A TURN server and what is asked of it, with the client's side of each request made by hand.
#pragma once

#include <catch2/catch.hpp>

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "models/stun/message.h"
#include "models/turn/allocations.h"
#include "tests/support/show_units.h"

namespace callflow::turn {

using stun::Bytes;
using stun::Class;
using stun::Message;
using stun::Method;
using wire::Endpoint;
using wire::Ipv4;

inline constexpr Ipv4 kRelayAddress = Ipv4::of(20, 202, 0, 9);
inline constexpr Endpoint kListening{kRelayAddress, 3478};
inline constexpr Endpoint kAlice{Ipv4::of(198, 51, 100, 7), 50000};
inline constexpr Client5 kAliceUdp{kAlice, kListening, wire::Protocol::udp};
inline constexpr Client5 kAliceTcp{kAlice, {kRelayAddress, 443}, wire::Protocol::tcp};
inline constexpr Endpoint kBob{Ipv4::of(203, 0, 113, 2), 40000};
inline constexpr Endpoint kBobElsewhere{kBob.address, 40002};
inline constexpr Endpoint kCarol{Ipv4::of(203, 0, 113, 3), 40000};

inline TimePoint at(double seconds) {
  return TimePoint::at(Duration::fromSeconds(seconds));
}

// The n-th that somebody makes.
inline stun::TransactionId numbered(std::uint8_t who, int n) {
  return {who,
          0,
          0,
          0,
          0,
          0,
          0,
          0,
          0,
          0,
          static_cast<std::uint8_t>(n >> 8),
          static_cast<std::uint8_t>(n)};
}

// Ports from 50000 on, lowest first.
class Ports {
 public:
  explicit Ports(std::size_t count = 100) {
    for (std::size_t i = 0; i < count; ++i) free.insert(static_cast<std::uint16_t>(50000 + i));
  }
  std::optional<std::uint16_t> next() {
    if (free.empty()) return std::nullopt;
    return free.extract(free.begin()).value();
  }
  std::set<std::uint16_t> free;
};

inline ServerSettings settingsWith(Ports& ports) {
  ServerSettings settings;
  settings.address = kRelayAddress;
  settings.realm = "example.org";
  settings.passwordOf = [](const std::string& user) -> std::optional<std::string> {
    if (user == "alice") return "wonderland";
    if (user == "mallory") return "secret";
    return std::nullopt;
  };
  settings.nextPort = [&ports] { return ports.next(); };
  settings.freePort = [&ports](std::uint16_t port) { ports.free.insert(port); };
  return settings;
}

// Asks a server, and reads its answers.
class Asker {
 public:
  explicit Asker(Allocations& server, Client5 from = kAliceUdp, std::string user = "alice",
                 std::string password = "wonderland")
      : server_(server), from_(from), user_(std::move(user)), password_(std::move(password)) {}

  // As it is; the answer must be one to it.
  Message ask(Message message, TimePoint now, const stun::Key* key = nullptr) {
    if (message.transaction == stun::TransactionId{})
      message.transaction = numbered(static_cast<std::uint8_t>(from_.source.port), ++asked_);
    return answerTo(stun::encode(message, key, false), now);
  }
  Message answerTo(const Bytes& bytes, TimePoint now) {
    const auto outcome = server_.onClient(from_, bytes, now);
    REQUIRE(outcome.answer);
    CHECK_FALSE(outcome.toPeer);
    CHECK(outcome.discard == Discard::none);
    answer_ = *outcome.answer;
    const auto parsed = stun::parse(*outcome.answer);
    REQUIRE(parsed);
    return parsed->message;
  }
  const Bytes& lastAnswer() const { return answer_; }

  // With credentials, and a nonce that the server gives when first asked.
  Message askSigned(Message message, TimePoint now) {
    if (nonce_.empty()) learnNonce(now);
    const stun::Key key = this->key();
    return ask(credited(std::move(message)), now, &key);
  }
  void learnNonce(TimePoint now) {
    Message message;
    message.method = Method::allocate;
    nonce_ = ask(message, now).nonce.value();
  }
  Message credited(Message message) const {
    message.username = user_;
    message.realm = "example.org";
    message.nonce = nonce_;
    return message;
  }
  stun::Key key() const { return stun::Key::longTerm(user_, "example.org", password_); }

  Message allocate(TimePoint now, std::optional<Duration> lifetime = {}) {
    Message message;
    message.method = Method::allocate;
    message.requestedTransport = 17;
    message.lifetime = lifetime;
    return askSigned(message, now);
  }
  Message refresh(TimePoint now, std::optional<Duration> lifetime = {}) {
    Message message;
    message.method = Method::refresh;
    message.lifetime = lifetime;
    return askSigned(message, now);
  }
  Message permit(std::vector<Endpoint> peers, TimePoint now) {
    Message message;
    message.method = Method::createPermission;
    message.peers = std::move(peers);
    return askSigned(message, now);
  }
  Message bind(std::optional<std::uint16_t> channel, std::vector<Endpoint> peers, TimePoint now) {
    Message message;
    message.method = Method::channelBind;
    message.channel = channel;
    message.peers = std::move(peers);
    return askSigned(message, now);
  }

 private:
  Allocations& server_;
  Client5 from_;
  std::string user_, password_, nonce_;
  int asked_ = 0;
  Bytes answer_;
};

inline int codeOf(const Message& message) {
  if (message.messageClass == Class::success) return 0;
  REQUIRE(message.messageClass == Class::error);
  REQUIRE(message.error);
  return message.error->code;
}

inline Bytes sendIndication(Endpoint peer, Bytes data) {
  Message message;
  message.messageClass = Class::indication;
  message.method = Method::send;
  message.peers = {peer};
  message.data = std::move(data);
  return stun::encode(message, nullptr, false);
}

}  // namespace callflow::turn
