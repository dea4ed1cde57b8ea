#include "models/turn/client.h"

#include <algorithm>
#include <utility>

#include "models/turn/channel_data.h"
#include "models/turn/error_code.h"

namespace callflow::turn {
namespace {

using stun::Class;
using stun::Method;

constexpr std::uint8_t kUdp = 17;  // IANA protocol numbers
constexpr int kBadRequest = 400;
constexpr int kUnauthenticated = 401;
constexpr int kStaleNonce = 438;
constexpr int kNoAnswer = 701;

// libwebrtc M150, p2p/base/turn_port.cc: a minute before a permission of RFC 8656 9 would end. It
// renews channels as often, though they last twice as long.
constexpr Duration kRenewal = Duration::s(240);
constexpr Duration kBeforeEnd = Duration::s(60);
constexpr Duration kShortLifetime = Duration::s(120);
constexpr Duration kMostLifetime = Duration::s(3600);  // longer ones are renewed as if it were this
constexpr Duration kUsualLifetime = Duration::s(600);  // RFC 8656 3.2

constexpr std::uint16_t kLastChannel = 0x4fff;

// Errors of a server to which the client has not yet proved who it is (RFC 8489 9.2.4), or that
// sends it elsewhere (10).
bool mayBeUnproven(const stun::Message& answer) {
  if (answer.messageClass != Class::error || !answer.error) return false;
  const int code = answer.error->code;
  return code == kTryAlternate || code == kBadRequest || code == kUnauthenticated ||
         code == kStaleNonce;
}

}  // namespace

Client::Client(Credentials credentials, bool reliable,
               std::function<stun::TransactionId()> transactions, wire::Endpoint server)
    : credentials_(std::move(credentials)),
      reliable_(reliable),
      transactions_(std::move(transactions)),
      servers_({server}) {}

void Client::start(TimePoint now) {
  state_ = State::allocating;
  stun::Message allocate;
  allocate.method = Method::allocate;
  allocate.requestedTransport = kUdp;
  request(std::move(allocate), now);
}

void Client::fail() {
  fail(kNoAnswer);
}

void Client::fail(int error) {
  state_ = State::failed;
  error_ = error;
  requests_.clear();
  refresh_.reset();
  for (Peer& peer : peers_) peer.renewal.reset();
}

// ---- requests

void Client::request(stun::Message message, TimePoint now) {
  message.messageClass = Class::request;
  message.transaction = transactions_();
  requests_.push_back({std::move(message), Retransmissions(reliable_), false});
  requests_.back().retransmissions.start(now);
  transmit(requests_.back());
}

void Client::transmit(Request& request) {
  request.proven = key_.has_value();
  if (request.proven) {
    request.message.username = credentials_.user;
    request.message.realm = realm_;
    request.message.nonce = nonce_;
  }
  outgoing_.push_back(stun::encode(request.message, key_ ? &*key_ : nullptr, false));
}

bool Client::onMessage(const stun::Bytes& bytes, TimePoint now) {
  if (auto data = parseChannelData(bytes)) {
    const auto peer = std::find_if(peers_.begin(), peers_.end(),
                                   [&](const Peer& each) { return each.channel == data->channel; });
    if (peer != peers_.end()) received_.push_back({peer->address, std::move(data->data)});
    return true;
  }
  auto parsed = stun::parse(bytes);
  if (!parsed) return false;
  stun::Message& message = parsed->message;
  if (message.messageClass == Class::indication && message.method == Method::data) {
    if (message.peers.size() == 1 && message.data)
      received_.push_back({message.peers.front(), std::move(*message.data)});
    return true;
  }
  const auto found = std::find_if(requests_.begin(), requests_.end(), [&](const Request& each) {
    return each.message.transaction == message.transaction;
  });
  if (found == requests_.end() || found->message.method != message.method) return false;
  if (message.messageClass != Class::success && !message.error) return true;
  // What does not prove to be the server's is as good as not received (RFC 8489 9.2.5).
  if (found->proven && !mayBeUnproven(message) && !stun::verify(bytes, *parsed, *key_)) return true;
  Request request = std::move(*found);
  requests_.erase(found);
  if (message.messageClass == Class::success) {
    onSuccess(message, request.message, now);
  } else {
    onError(message, std::move(request), now);
  }
  return true;
}

void Client::onSuccess(const stun::Message& answer, const stun::Message& request, TimePoint now) {
  switch (request.method) {
    case Method::allocate:
      allocated(answer, now);
      break;
    case Method::refresh:
      refreshAfter(answer.lifetime.value_or(kUsualLifetime), now);
      break;
    case Method::channelBind:
      if (Peer* const peer = find(request.peers.front())) peer->bound = true;
      break;
    case Method::binding:
    case Method::send:
    case Method::data:
    case Method::createPermission:
      break;
  }
}

void Client::onError(const stun::Message& answer, Request request, TimePoint now) {
  const int code = answer.error ? answer.error->code : 0;
  const bool challenged = code == kUnauthenticated && !request.proven;
  if ((challenged || code == kStaleNonce) && answer.nonce) {
    if (answer.realm) realm_ = *answer.realm;
    nonce_ = *answer.nonce;
    key_ = stun::Key::longTerm(credentials_.user, realm_, credentials_.password);
    this->request(std::move(request.message), now);
    return;
  }
  const bool sentAway = code == kTryAlternate && request.message.method == Method::allocate;
  if (sentAway && goElsewhere(answer, now)) return;
  onFailure(request.message, code);
}

// RFC 8489 10: with the same credentials, over the same transport, and nowhere twice. libwebrtc
// M150 (p2p/base/turn_port.cc) keeps the nonce, which the other server finds stale.
bool Client::goElsewhere(const stun::Message& answer, TimePoint now) {
  const auto& to = answer.alternateServer;
  if (!to || std::find(servers_.begin(), servers_.end(), *to) != servers_.end()) return false;
  servers_.push_back(*to);
  requests_.clear();
  if (reliable_) {
    state_ = State::idle;
  } else {
    start(now);
  }
  return true;
}

// Without its allocation a session is over; without permission or channel a peer is given up, as
// libwebrtc prunes its pairs.
void Client::onFailure(const stun::Message& request, int code) {
  if (request.method == Method::allocate || request.method == Method::refresh) {
    fail(code);
    return;
  }
  error_ = code;
  if (Peer* const peer = find(request.peers.front())) {
    peer->failed = true;
    peer->renewal.reset();
  }
}

void Client::allocated(const stun::Message& answer, TimePoint now) {
  if (!answer.relayed) {
    fail(kBadRequest);
    return;
  }
  relayed_ = *answer.relayed;
  if (answer.mapped)
    if (const auto* const address = std::get_if<wire::Ipv4>(&answer.mapped->ip))
      mapped_ = {*address, answer.mapped->port};
  state_ = State::ready;
  refreshAfter(answer.lifetime.value_or(kUsualLifetime), now);
}

void Client::refreshAfter(Duration lifetime, TimePoint now) {
  refresh_ = now + (lifetime < kShortLifetime ? lifetime / 2
                                              : std::min(lifetime, kMostLifetime) - kBeforeEnd);
}

// ---- peers

Client::Peer* Client::find(wire::Endpoint peer) {
  const auto found = std::find_if(peers_.begin(), peers_.end(),
                                  [&](const Peer& each) { return each.address == peer; });
  return found == peers_.end() ? nullptr : &*found;
}

std::optional<std::uint16_t> Client::channel(wire::Endpoint peer) const {
  for (const Peer& each : peers_)
    if (each.address == peer && each.bound && !each.failed) return each.channel;
  return std::nullopt;
}

bool Client::failed(wire::Endpoint peer) const {
  return std::any_of(peers_.begin(), peers_.end(),
                     [&](const Peer& each) { return each.address == peer && each.failed; });
}

void Client::permit(wire::Endpoint peer, TimePoint now) {
  if (state_ != State::ready || find(peer) != nullptr) return;
  peers_.push_back({peer, std::nullopt, 0});
  askForPermission(peers_.back(), now);
}

void Client::askForPermission(Peer& peer, TimePoint now) {
  peer.renewal = now + kRenewal;
  stun::Message permission;
  permission.method = Method::createPermission;
  permission.peers = {peer.address};
  request(std::move(permission), now);
}

void Client::askForChannel(Peer& peer, TimePoint now) {
  peer.renewal = now + kRenewal;
  stun::Message binding;
  binding.method = Method::channelBind;
  binding.channel = peer.channel;
  binding.peers = {peer.address};
  request(std::move(binding), now);
}

void Client::send(wire::Endpoint peer, stun::Bytes bytes, bool payload, TimePoint now) {
  if (state_ != State::ready) return;
  permit(peer, now);
  Peer& to = *find(peer);
  if (to.failed) return;
  if (payload && to.channel == 0 && nextChannel_ <= kLastChannel) {
    to.channel = nextChannel_++;
    askForChannel(to, now);
  }
  if (to.bound) {
    outgoing_.push_back(encode(ChannelData{to.channel, std::move(bytes)}, reliable_));
    return;
  }
  stun::Message indication;
  indication.messageClass = Class::indication;
  indication.method = Method::send;
  indication.transaction = transactions_();
  indication.peers = {peer};
  indication.data = std::move(bytes);
  outgoing_.push_back(stun::encode(indication, nullptr, false));
}

void Client::close(TimePoint now) {
  if (state_ == State::ready) {
    stun::Message refresh;
    refresh.method = Method::refresh;
    refresh.lifetime = Duration{};
    request(std::move(refresh), now);
  }
  state_ = State::idle;
  requests_.clear();  // nobody waits for the answer
  refresh_.reset();
  peers_.clear();
}

// ---- time

std::optional<TimePoint> Client::nextTimer() const {
  std::optional<TimePoint> next = refresh_;
  const auto note = [&](std::optional<TimePoint> when) {
    if (when) next = next ? std::min(*next, *when) : *when;
  };
  for (const Request& each : requests_) note(each.retransmissions.next());
  for (const Peer& each : peers_) note(each.renewal);
  return next;
}

void Client::onTimer(TimePoint now) {
  std::vector<stun::Message> lost;
  std::erase_if(requests_, [&](Request& each) {
    const Retransmissions::Due due = each.retransmissions.onTimer(now);
    if (due == Retransmissions::Due::sendAgain) transmit(each);
    if (due == Retransmissions::Due::giveUp) lost.push_back(each.message);
    return due == Retransmissions::Due::giveUp;
  });
  for (const stun::Message& each : lost) onFailure(each, kNoAnswer);
  if (state_ != State::ready) return;
  if (refresh_ && now >= *refresh_) {
    refresh_.reset();
    stun::Message refresh;
    refresh.method = Method::refresh;
    request(std::move(refresh), now);
  }
  for (Peer& peer : peers_) {
    if (!peer.renewal || now < *peer.renewal) continue;
    if (peer.bound) {
      askForChannel(peer, now);
    } else {
      askForPermission(peer, now);
    }
  }
}

std::vector<stun::Bytes> Client::takeOutgoing() {
  return std::exchange(outgoing_, {});
}

std::vector<Client::Received> Client::takeReceived() {
  return std::exchange(received_, {});
}

}  // namespace callflow::turn
