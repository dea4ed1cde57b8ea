// TLS around a TCP leg, and what is dropped when its socket takes no more.
#include "models/transport/secured_stream.h"

#include <catch2/catch.hpp>

#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "src/sim/run.h"
#include "tests/support/scenarios.h"
#include "tests/support/show_units.h"

namespace callflow::sim {
namespace {

using transport::End;
using transport::SecuredStream;
using transport::Security;

// A socket that can be blocked by hand.
class FakeStream final : public transport::Stream {
 public:
  void open() override { opened = true; }
  void send(End, DataSize size, transport::MessageToken token) override {
    sent.emplace_back(size.count(), token);
  }
  bool writable(End) const override { return !blocked; }
  DataSize waiting(End) const override { return DataSize::bytes(kept); }
  bool established() const override { return opened; }
  transport::StreamCounters counters(End) const override { return {}; }

  bool opened = false;
  bool blocked = false;
  std::int64_t kept = 0;
  std::vector<std::pair<std::int64_t, transport::MessageToken>> sent;
};

constexpr DataSize message = DataSize::bytes(100);

TEST_CASE("each record of TLS costs what its RFC says") {
  CHECK(transport::recordOverhead(Security::none) == DataSize{});
  CHECK(transport::recordOverhead(Security::pseudo) == DataSize{});
  CHECK(transport::recordOverhead(Security::tls12) == DataSize::bytes(29));  // RFC 5288
  CHECK(transport::recordOverhead(Security::tls13) == DataSize::bytes(22));  // RFC 8446
}

TEST_CASE("messages wait for the handshake and go out in order, with the record's bytes") {
  FakeStream socket;
  SecuredStream secured(socket, Security::tls13, false, 0, {}, {});
  secured.open();
  REQUIRE(socket.sent.size() == 1);  // ClientHello
  CHECK(socket.sent[0].first == 517);
  CHECK(secured.send(End::client, message, 7, TimePoint{}) == SecuredStream::Sent::held);
  CHECK(SecuredStream::ownsToken(socket.sent[0].second));
  secured.flightArrived(socket.sent[0].second);
  REQUIRE(socket.sent.size() == 2);
  CHECK(secured.takeHeld(End::client).empty());
  secured.flightArrived(socket.sent[1].second);
  REQUIRE(socket.sent.size() == 3);  // the client's Finished, and it may send
  const auto held = secured.takeHeld(End::client);
  REQUIRE(held.size() == 1);
  CHECK(held[0].token == 7);
  CHECK(secured.send(End::client, message, 7, TimePoint{}) == SecuredStream::Sent::yes);
  CHECK(socket.sent.back() == std::pair<std::int64_t, transport::MessageToken>{122, 7});
  CHECK_FALSE(secured.mayWrite(End::server));  // not before the client's Finished is there
  secured.flightArrived(socket.sent[2].second);
  CHECK(secured.mayWrite(End::server));
}

TEST_CASE("a full socket drops what is beyond the application's queue") {
  FakeStream socket;
  SecuredStream secured(socket, Security::none, false, 0, DataSize::bytes(250), {});
  secured.open();
  socket.blocked = true;
  socket.kept = 150;
  CHECK(secured.send(End::client, message, 1, TimePoint{}) == SecuredStream::Sent::yes);
  socket.kept = 151;
  CHECK(secured.send(End::client, message, 2, TimePoint{}) == SecuredStream::Sent::dropped);
  CHECK(secured.send(End::server, message, 3, TimePoint{}) == SecuredStream::Sent::dropped);
  socket.blocked = false;
  CHECK(secured.send(End::client, message, 4, TimePoint{}) == SecuredStream::Sent::yes);
  CHECK(secured.dropped(End::client) == 1);
  CHECK(secured.dropped(End::server) == 1);
}

metrics::RunRecord simulated(const std::string& path) {
  return testing::simulated(testing::loadedScenario(path), true);
}

metrics::RunRecord runWith(const std::string& name, const std::string& uplink,
                           const std::string& call, const std::string& more = "") {
  const std::string path = std::string(CALLFLOW_TEST_DIR) + "/" + name + ".yaml";
  std::ofstream(path) << R"(
scenario: secured
topology:
  topology: round
  sites:
    office:
      location: westeurope
      access: {rate: unlimited, delay: 1 ms}
      uplink: {)" << uplink
                      << R"(, delay: 4 ms}
  remote:
    home: {location: westeurope, access: {rate: unlimited, delay: 1 ms}, uplink: {rate: unlimited, delay: 4 ms}}
  internet: {minimum-delay: 10 ms, jitter: 0 ms}
  azure: {regions: [westeurope], edges: [westeurope], relay: {processing: 0 ms}}
calls:
  - {clocks: ideal, participants: [alice@office, bob@home], senders: [alice], paths: [relay-tcp], )"
                      << call << "}\nruns: 1\nwarm-up: 0 s\n"
                      << more;
  return simulated(path);
}

TEST_CASE("media waits for TCP's and TLS's round trips") {
  // 15 ms from Alice to the relay, as much from there to Bob. The connection stands after TCP's
  // round trip of 30 ms, and one more for TLS 1.3 and libwebrtc's pseudo-TLS, two more for TLS 1.2.
  // It begins after 12 ms for her sockets and 50 ms for those who answer over UDP. Then come two of
  // Alice's to her relay, and two of 60 ms from end to end: a check, which may wait for its turn
  // (48 ms), and DTLS 1.3.
  const auto [security, roundTrips] = GENERATE(
      table<const char*, int>({{"none", 1}, {"pseudo-tls", 2}, {"tls-1.3", 2}, {"tls-1.2", 3}}));
  INFO(security);
  const metrics::RunRecord record =
      runWith(security, "rate: unlimited",
              "setup: 0 s, duration: 1 s, transport: {security: " + std::string(security) + "}");
  REQUIRE(record.streams.size() == 1);
  const auto& trace = record.streams.front().trace;
  REQUIRE(trace.size() == 50);
  const Duration least = Duration::ms(12 + 50 + 30 * roundTrips + 2 * 30 + 2 * 60);
  CHECK(trace[0].sent >= TimePoint::at(least));
  CHECK(trace[0].sent <= TimePoint::at(least + Duration::ms(48 + 30)));
  CHECK(trace[0].received - trace[0].sent == Duration::ms(30));
  CHECK(trace[49].received - trace[49].sent == Duration::ms(30));
}

TEST_CASE("a link that is down fills the socket: a native client drops, a patient one delivers") {
  // Media begins at 1 s; nothing passes from 2 s to 4 s, in which 100 packets become due.
  const std::string outage =
      "events: [{at: 2 s, link: office.uplink, loss: 100%}, {at: 4 s, link: office.uplink, loss: "
      "0%}]\n";
  const auto with = [&](const std::string& queue) {
    return runWith(
        "outage-" + queue.substr(0, 2), "rate: 10 Mbit/s",
        "duration: 6 s, tcp: {send-buffer: 2 KiB}, transport: {client-queue: " + queue + "}",
        outage);
  };
  const metrics::RunRecord native = with("0 B");
  const metrics::RunRecord patient = with("64 MiB");
  using metrics::MetricId;
  const auto lost = [](const metrics::RunRecord& record) {
    return record.streams.front().totals[MetricId::audio_packets_lost];
  };
  CHECK(lost(patient) == 0);
  CHECK(patient.drops.empty());
  REQUIRE(native.drops.size() == 1);
  CHECK(native.drops[0].element == "alice@office");
  // A few of what is dropped are STUN and RTCP: checks come each 0.5 to 0.9 s when none is
  // answered.
  CHECK(static_cast<double>(native.drops[0].packets) >= lost(native));
  CHECK(static_cast<double>(native.drops[0].packets) <= lost(native) + 20);
  // Nothing moves for 2 s, and then not before a timer of either side goes off: its time-outs have
  // doubled to 1.8 s at most. The buffer takes a few packets, again when the first time-out has
  // joined what it held into one segment.
  CHECK(lost(native) > 80);
  CHECK(lost(native) <= 190);
}

TEST_CASE("an end that is closed sends no more, and what it held comes back") {
  FakeStream socket;
  SecuredStream secured(socket, Security::tls13, false, 0, {}, {});
  secured.open();
  CHECK(secured.send(End::client, message, 7, TimePoint{}) == SecuredStream::Sent::held);
  const auto held = secured.close(End::client);
  REQUIRE(held.size() == 1);
  CHECK(held[0].token == 7);
  REQUIRE(socket.sent.size() == 2);  // ClientHello, and a FIN behind it
  CHECK(socket.sent[1].first == 1);
  CHECK(SecuredStream::endsStream(socket.sent[1].second));
  CHECK_FALSE(SecuredStream::endsStream(socket.sent[0].second));
  CHECK(secured.send(End::client, message, 8, TimePoint{}) == SecuredStream::Sent::closed);
  // The server answers the hello, which the client does not.
  secured.flightArrived(socket.sent[0].second);
  REQUIRE(socket.sent.size() == 3);
  secured.flightArrived(socket.sent[2].second);
  CHECK(socket.sent.size() == 3);
  // Then the server hears of it.
  CHECK(secured.send(End::server, message, 9, TimePoint{}) == SecuredStream::Sent::held);
  CHECK(secured.closeAfterOther(End::server).size() == 1);
  CHECK(secured.send(End::server, message, 9, TimePoint{}) == SecuredStream::Sent::closed);
  CHECK(socket.sent.size() == 3);
}

}  // namespace
}  // namespace callflow::sim
