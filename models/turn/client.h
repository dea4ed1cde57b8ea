// A client's session with its TURN server (RFC 8656), as libwebrtc's TurnPort keeps one: it
// allocates, permits, binds channels, and keeps all that alive. It knows no sockets and no clock.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "models/stun/message.h"
#include "models/turn/retransmissions.h"
#include "models/wire/address.h"
#include "src/units/units.h"

namespace callflow::turn {

// Long-term (RFC 8489 9.2).
struct Credentials {
  std::string user;
  std::string password;
};

class Client {
 public:
  enum class State : std::uint8_t { idle, allocating, ready, failed };
  // `reliable`: over TCP or TLS, where nothing is sent again.
  Client(Credentials credentials, bool reliable, std::function<stun::TransactionId()> transactions,
         wire::Endpoint server = {});

  // Asks for an allocation. Over TCP: when the connection stands.
  void start(TimePoint now);
  // Where its messages go: to the server that it was made for, or to another to which that has sent
  // it. Over TCP it is idle then, until it is started on a connection to there.
  wire::Endpoint server() const { return servers_.back(); }
  // Its connection has failed, or the server is out of reach.
  void fail();
  // What has come from the server's address: false if it is none of this session's.
  bool onMessage(const stun::Bytes& bytes, TimePoint now);

  // Packets from this peer's address are to come through.
  void permit(wire::Endpoint peer, TimePoint now);
  // To a peer; the first payload (DTLS, media; no checks) binds a channel.
  void send(wire::Endpoint peer, stun::Bytes bytes, bool payload, TimePoint now);
  // The allocation is given back.
  void close(TimePoint now);

  std::optional<TimePoint> nextTimer() const;
  void onTimer(TimePoint now);

  // What is to be sent to the server, and what peers have sent; each is given once.
  std::vector<stun::Bytes> takeOutgoing();
  struct Received {
    wire::Endpoint peer;
    stun::Bytes bytes;
  };
  std::vector<Received> takeReceived();

  State state() const { return state_; }
  // RFC 8656 18, or 701 if the server did not answer (W3C webrtc 5.7.3); 0 if nothing failed.
  int error() const { return error_; }
  wire::Endpoint relayed() const { return relayed_; }  // of a ready one
  wire::Endpoint mapped() const { return mapped_; }
  // Of a peer, if one is bound: media to it may go as ChannelData.
  std::optional<std::uint16_t> channel(wire::Endpoint peer) const;
  // The server has refused permission or channel, or not answered: nothing is sent to it any more.
  bool failed(wire::Endpoint peer) const;

 private:
  // A request without an answer.
  struct Request {
    stun::Message message;  // as it was sent, but for what proves who sent it
    Retransmissions retransmissions;
    bool proven = false;  // with credentials
  };
  // Somebody who is to be reached (libwebrtc's TurnEntry).
  struct Peer {
    wire::Endpoint address;
    std::optional<TimePoint> renewal;  // of its permission, or of its channel
    std::uint16_t channel = 0;         // asked for; 0: none
    bool bound = false;
    bool failed = false;
  };

  void request(stun::Message message, TimePoint now);
  void transmit(Request& request);
  void onSuccess(const stun::Message& answer, const stun::Message& request, TimePoint now);
  void onError(const stun::Message& answer, Request request, TimePoint now);
  void onFailure(const stun::Message& request, int code);
  void fail(int error);
  bool goElsewhere(const stun::Message& answer, TimePoint now);
  void allocated(const stun::Message& answer, TimePoint now);
  void refreshAfter(Duration lifetime, TimePoint now);
  void askForPermission(Peer& peer, TimePoint now);
  void askForChannel(Peer& peer, TimePoint now);
  Peer* find(wire::Endpoint peer);

  Credentials credentials_;
  bool reliable_;
  std::function<stun::TransactionId()> transactions_;
  std::vector<wire::Endpoint> servers_;  // that it was sent to, one by the other
  State state_ = State::idle;
  int error_ = 0;
  std::string realm_, nonce_;
  std::optional<stun::Key> key_;
  wire::Endpoint relayed_, mapped_;
  std::optional<TimePoint> refresh_;
  std::vector<Request> requests_;
  std::vector<Peer> peers_;
  std::uint16_t nextChannel_ = 0x4000;  // RFC 8656 12: to 0x4fff
  std::vector<stun::Bytes> outgoing_;
  std::vector<Received> received_;
};

}  // namespace callflow::turn
