// What the flights of a handshake consist of, how large it is, and how it is put into datagrams.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "models/dtls/records.h"
#include "models/stun/message.h"

namespace callflow::dtls {

// The client's are odd, the server's even: 1 ClientHello, 2 ServerHello to Done or Finished, 3 the
// client's certificate to Finished, 4 the server's Finished or, of 1.3, its acknowledgement.
using FlightNumber = int;

struct Message {
  ContentType content = ContentType::handshake;
  MessageType type = MessageType::clientHello;  // of a handshake message
  std::size_t length = 0;
  Epoch epoch = 0;
};

// With the share of a key exchange that is safe from quantum computers as well (X25519MLKEM768).
std::vector<Message> flightOf(Version version, FlightNumber number, bool postQuantum);

// How many handshake messages the sender of a flight has sent before it.
std::uint16_t firstSequence(Version version, FlightNumber number);

// No datagram is larger: kDtlsMtu of libwebrtc's p2p/dtls/dtls_transport.cc, which it sets where
// DTLS may travel in STUN. Else it takes 1200 (openssl_stream_adapter.h), which parts the same
// flights, those with a post-quantum share, into as many datagrams.
inline constexpr std::size_t kMtu = 900;

// Numbers of records, by epoch; each end counts its own.
using RecordNumbers = std::vector<std::uint64_t>;

// As BoringSSL packs (ssl/d1_both.cc): before there are keys, a message a record; then as many as
// go in. A message that does not fit into what is left of a datagram is parted.
std::vector<stun::Bytes> datagramsOf(Version version, const std::vector<Message>& flight,
                                     std::uint16_t firstSequence, RecordNumbers& numbers);

}  // namespace callflow::dtls
