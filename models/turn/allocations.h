// A TURN server as a policy (RFC 8656): what it answers to its clients, what it passes on between
// them and their peers, and what it drops. It knows no sockets and no clock.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "models/stun/message.h"
#include "models/turn/allocation.h"
#include "models/turn/nonces.h"
#include "models/wire/address.h"
#include "models/wire/address_range.h"
#include "src/units/units.h"

namespace callflow::turn {

struct ServerSettings {
  wire::Ipv4 address;  // of the relayed addresses
  std::string realm = "callflow";
  // Password of a user; nothing for whom it does not know.
  std::function<std::optional<std::string>(const std::string& user)> passwordOf;
  // The next free port for a relayed address; nothing if none is left.
  std::function<std::optional<std::uint16_t>()> nextPort;
  std::function<void(std::uint16_t)> freePort;  // it is given back
  Duration nonceLifetime = Duration::s(600);    // coturn's default; RFC 8656 5: an hour at most
  // RFC 8656 3.2 and 7.2.
  Duration defaultLifetime = Duration::s(600), mostLifetime = Duration::s(3600);
  std::uint32_t allocationsPerUser = 0;  // 486 beyond; 0: any number
  std::uint32_t allocations = 0;         // of all users at once; 486 beyond; 0: any number
  // Of the server to which it sends those who come by this protocol when it is full (RFC 8489 10);
  // nothing: it refuses them.
  std::function<std::optional<wire::Ipv4>(wire::Protocol)> alternate;
  std::uint64_t seed = 0;                    // of the nonces
  std::string software;                      // what it calls itself in answers; empty: nothing
  std::vector<wire::Prefix> forbiddenPeers;  // 403 for permissions to these
};

// A client as the server sees it: source is the client, destination the server.
using Client5 = wire::Header5;

// Why something is not passed on.
enum class Discard : std::uint8_t {
  none,
  noAllocation,      // nobody has this relayed port, or the client has none
  noPermission,      // the client has not permitted the peer's address, or not lately
  noChannel,         // from a client: on a channel that is not bound
  malformed,         // from a client: neither a STUN message nor ChannelData
  notForServers,     // from a client: a response, or an indication that only servers send
  unknownAttribute,  // from a client: an indication with one that must be known
  incomplete,        // from a client: an indication without data, or not to one peer
};
// "no permission for the peer's address"
std::string_view words(Discard discard);

// Times given to it must not go back. A lifetime holds for all instants before it is over, and not
// at its end; what is over is forgotten when the next message comes.
class Allocations {
 public:
  explicit Allocations(ServerSettings settings);

  struct ToPeer {
    std::uint16_t port = 0;  // the relayed port that it leaves from
    wire::Endpoint peer;
    stun::Bytes bytes;
  };
  struct FromClient {
    std::optional<stun::Bytes> answer;  // to the client
    std::optional<ToPeer> toPeer;
    Discard discard = Discard::none;
  };
  // A Binding request is answered as well.
  FromClient onClient(const Client5& client, const stun::Bytes& bytes, TimePoint now);

  struct FromPeer {
    std::optional<Client5> client;  // to whom `bytes` go, as ChannelData or in a Data indication
    stun::Bytes bytes;
    Discard discard = Discard::none;
  };
  FromPeer onPeer(std::uint16_t relayedPort, wire::Endpoint peer, const stun::Bytes& bytes,
                  TimePoint now);

  // A client's connection is closed, and what it had allocated is given back.
  void onClosed(const Client5& client) { remove(client); }

  // The channel that is bound to a peer of the client's allocation; and back.
  std::optional<std::uint16_t> channel(const Client5& client, wire::Endpoint peer,
                                       TimePoint now) const;
  std::optional<wire::Endpoint> peer(const Client5& client, std::uint16_t channel,
                                     TimePoint now) const;
  std::optional<std::uint16_t> relayedPort(const Client5& client, TimePoint now) const;
  std::optional<Client5> clientOf(std::uint16_t relayedPort) const;
  // Whether what comes from a peer to this relayed port is passed on.
  bool permits(std::uint16_t relayedPort, wire::Endpoint peer, TimePoint now) const;
  std::size_t size(TimePoint now) const;
  // It has died: nothing is known any more.
  void forget();

 private:
  struct Request;

  FromClient onChannelData(const Client5& client, std::uint16_t channel, stun::Bytes data,
                           TimePoint now) const;
  FromClient onSend(const Client5& client, stun::Parsed parsed, TimePoint now) const;

  stun::Bytes onRequest(const Client5& client, const stun::Bytes& bytes, const stun::Parsed& parsed,
                        TimePoint now);
  // The answer, if whoever sent it has not proved who he is.
  std::optional<stun::Bytes> authenticate(Request& request, const stun::Bytes& bytes,
                                          const stun::Parsed& parsed);
  // Of a user with this password.
  const stun::Key& keyOf(const std::string& user, const std::string& password);
  stun::Bytes onAllocate(const Request& request);
  // What whoever asks for an allocation is told if there is none left: to go elsewhere, or this.
  stun::Bytes sendAway(const Request& request, int code, const char* reason) const;
  stun::Bytes onRefresh(const Request& request, Allocation& allocation);
  stun::Bytes onCreatePermission(const Request& request, Allocation& allocation) const;
  stun::Bytes onChannelBind(const Request& request, Allocation& allocation) const;

  stun::Message answer(const Request& request, stun::Class messageClass) const;
  stun::Message error(const Request& request, int code, const char* reason) const;
  stun::Bytes allocated(const Request& request, const Allocation& allocation) const;
  stun::Bytes refuse(const Request& request, int code, const char* reason) const;
  stun::Bytes challenge(const Request& request, int code, const char* reason) const;

  Duration lifetimeFor(const stun::Message& message) const;
  bool isForbidden(wire::Ipv4 peer) const;
  std::size_t countOf(const std::string& user) const;
  const Allocation* find(const Client5& client, TimePoint now) const;
  void setEnd(const Client5& client, Allocation& allocation, TimePoint end);
  void remove(const Client5& client);
  void removeEnded(TimePoint now);

  ServerSettings settings_;
  Nonces nonces_;
  std::uint64_t indications_ = 0;
  std::map<Client5, Allocation> allocations_;
  std::map<std::uint16_t, Client5> clients_;  // by relayed port
  std::map<std::string, std::uint32_t> countByUser_;
  struct UserKey {
    std::string password;
    stun::Key key;
  };
  std::map<std::string, UserKey> keys_;           // by user: they cost more than a message's code
  std::set<std::pair<TimePoint, Client5>> ends_;  // soonest first
};

}  // namespace callflow::turn
