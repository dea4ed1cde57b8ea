// Captures, written byte by byte: pings, and TCP from data to ACK.
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "src/measurement/pcap.h"
#include "tests/support/show_units.h"
#include "tests/unit/measurement_support.h"

using namespace callflow;
using namespace callflow::measurement;

namespace {

// Numbers as networks write them.
std::string big(std::uint32_t value, int bytes) {
  std::string text;
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8)
    text += static_cast<char>(value >> shift & 0xff);
  return text;
}

constexpr std::uint32_t kClient = 0x0a000002, kServer = 0xc0000201;  // 10.0.0.2, 192.0.2.1

std::string ipv4(std::uint32_t from, std::uint32_t to, std::uint32_t protocol,
                 const std::string& carried, std::size_t length) {
  return big(0x45, 1) + big(0, 1) + big(static_cast<std::uint32_t>(20 + length), 2) + big(0, 4) +
         big(64, 1) + big(protocol, 1) + big(0, 2) + big(from, 4) + big(to, 4) + carried;
}

std::string echo(bool request, std::uint32_t sequence) {
  const std::string icmp = big(request ? 8 : 0, 1) + big(0, 3) + big(7, 2) + big(sequence, 2);
  return ipv4(request ? kClient : kServer, request ? kServer : kClient, 1, icmp, icmp.size());
}

constexpr std::uint32_t kSyn = 2, kAck = 16;

// Of the data only the header is captured, as by `tcpdump -s 64`.
std::string tcp(bool there, std::uint32_t sequence, std::uint32_t number, std::uint32_t flags,
                std::size_t data = 0) {
  const std::uint32_t client = 50'000, server = 443;
  const std::string header = big(there ? client : server, 2) + big(there ? server : client, 2) +
                             big(sequence, 4) + big(number, 4) + big(0x50, 1) + big(flags, 1) +
                             big(0xffff, 2) + big(0, 4);
  return ipv4(there ? kClient : kServer, there ? kServer : kClient, 6, header,
              header.size() + data);
}

struct Captured {
  Duration at;
  std::string packet;
};

struct Form {
  bool little = true;
  bool nanoseconds = false;
  std::uint32_t link = 101;  // raw IP
  std::string before = {};   // each packet
};

std::string pcap(const std::vector<Captured>& packets, const Form& form = {}) {
  const auto number = [&form](std::uint32_t value, int bytes) {
    const std::string text = big(value, bytes);
    return form.little ? std::string(text.rbegin(), text.rend()) : text;
  };
  std::string file = number(form.nanoseconds ? 0xa1b23c4d : 0xa1b2c3d4, 4) + number(2, 2) +
                     number(4, 2) + number(0, 8 / 2) + number(0, 4) + number(65'535, 4) +
                     number(form.link, 4);
  for (const Captured& one : packets) {
    const std::string packet = form.before + one.packet;
    const auto size = static_cast<std::uint32_t>(packet.size());
    const std::int64_t rest = one.at.count() % 1'000'000'000;
    file += number(static_cast<std::uint32_t>(1'700'000'000 + one.at / Duration::s(1)), 4) +
            number(static_cast<std::uint32_t>(form.nanoseconds ? rest : rest / 1000), 4) +
            number(size, 4) + number(size, 4) + packet;
  }
  return file;
}

const std::vector<Captured> kEchoes{
    {Duration::ms(0), echo(true, 1)},     {Duration::ms(10), echo(false, 1)},
    {Duration::ms(1000), echo(true, 2)},  {Duration::ms(2000), echo(true, 3)},
    {Duration::ms(2030), echo(false, 3)}, {Duration::ms(2040), echo(false, 3)},
    {Duration::ms(3000), echo(true, 4)}};
// The second of three is lost; of the fourth, nobody knows. (10 + 30) / 2 / 2 = 10; the square
// root of 2/3 is 0.8164965809.
const std::string kEchoesCsv = "time_s,delay_ms,loss_percent;0,10,18.3503419;5";

// Data of 100 bytes each, of which those from `first` + 101 on are lost once.
std::vector<Captured> connection(std::uint32_t first) {
  const auto at = [](int tenths) { return Duration::us(100) * tenths; };
  return {{at(0), tcp(true, first - 1, 0, kSyn)},
          {at(400), tcp(false, 77, first, kSyn | kAck)},  // 40 ms
          {at(401), tcp(true, first, 78, kAck)},
          {at(1000), tcp(true, first, 78, kAck, 100)},
          {at(1410), tcp(false, 78, first + 100, kAck)},      // 41 ms
          {at(2000), tcp(true, first + 100, 78, kAck, 100)},  // is lost
          {at(2010), tcp(true, first + 200, 78, kAck, 100)},
          {at(2410), tcp(false, 78, first + 100, kAck)},
          {at(4000), tcp(true, first + 100, 78, kAck, 100)},  // again: tells no round trip
          {at(4400), tcp(false, 78, first + 300, kAck)},
          {at(5000), tcp(true, first + 300, 78, kAck, 100)},
          {at(5420), tcp(false, 78, first + 400, kAck)}};  // 42 ms
}
// Half of 41 ms; one of six packets, SYN among them, was sent again.
const std::string kConnectionCsv = "time_s,delay_ms,loss_percent;0,20.5,16.6666667;5";

std::string csvOfCapture(const std::string& bytes) {
  REQUIRE(isCapture(bytes));
  return csvOf(readPcap(bytes), Duration::s(5));
}

}  // namespace

TEST_CASE("pings of a capture, in both byte orders, of micro- and nanoseconds") {
  for (const bool little : {true, false}) {
    for (const bool nanoseconds : {true, false})
      CHECK(csvOfCapture(pcap(kEchoes, {little, nanoseconds})) == kEchoesCsv);
  }
}

TEST_CASE("the first packet of a capture, byte by byte") {
  const std::string file(
      "\xa1\xb2\x3c\x4d\x00\x02\x00\x04\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\xff\xff"
      "\x00\x00\x00\x65"                                  // raw IP
      "\x00\x00\x00\x05\x00\x00\x00\x01"                  // at 5.000000001 s
      "\x00\x00\x00\x1c\x00\x00\x00\x1c"                  // 28 bytes, all of them
      "\x45\x00\x00\x1c\x00\x00\x00\x00\x40\x01\x00\x00"  // IPv4, ICMP
      "\x0a\x00\x00\x02\xc0\x00\x02\x01"                  // 10.0.0.2 to 192.0.2.1
      "\x08\x00\x00\x00\x00\x07\x00\x01"                  // echo request 1 of 7
      "\x00\x00\x00\x05\x00\x00\x00\x0b"                  // at 5.000000011 s
      "\x00\x00\x00\x1c\x00\x00\x00\x1c"
      "\x45\x00\x00\x1c\x00\x00\x00\x00\x40\x01\x00\x00"
      "\xc0\x00\x02\x01\x0a\x00\x00\x02"
      "\x00\x00\x00\x00\x00\x07\x00\x01",
      24 + 2 * (16 + 28));
  const Probes probes = valueOf(readPcap(file));
  CHECK(probes.list == std::vector<Probe>{{Duration::s(5) + Duration::ns(1), Duration::ns(10)}});
}

TEST_CASE("links of several kinds, IPv6 and VLANs") {
  const std::string addresses(12, '\x02');
  CHECK(csvOfCapture(pcap(kEchoes, {true, false, 1, addresses + big(0x0800, 2)})) == kEchoesCsv);
  CHECK(csvOfCapture(
            pcap(kEchoes, {true, false, 1, addresses + big(0x81000005, 4) + big(0x0800, 2)})) ==
        kEchoesCsv);
  CHECK(csvOfCapture(pcap(kEchoes, {true, false, 113, std::string(14, '\0') + big(0x0800, 2)})) ==
        kEchoesCsv);
  CHECK(csvOfCapture(pcap(kEchoes, {true, false, 276, big(0x0800, 2) + std::string(18, '\0')})) ==
        kEchoesCsv);
  CHECK(csvOfCapture(pcap(kEchoes, {true, false, 0, big(0x02000000, 4)})) == kEchoesCsv);
  const auto six = [](bool request) {
    const std::string a(16, '\x11'), b(16, '\x22');
    return big(0x60000000, 4) + big(8, 2) + big(58, 1) + big(64, 1) + (request ? a + b : b + a) +
           big(request ? 128 : 129, 1) + big(0, 3) + big(7, 2) + big(1, 2);
  };
  CHECK(csvOfCapture(pcap({{Duration{}, six(true)}, {Duration::ms(8), six(false)}})) ==
        "time_s,delay_ms,loss_percent;0,4,0;5");
}

TEST_CASE("TCP: round trips from data to ACK, loss by what is sent again") {
  CHECK(csvOfCapture(pcap(connection(1000))) == kConnectionCsv);
  const Probes probes = valueOf(readPcap(pcap(connection(1000))));
  CHECK(probes.notes == std::vector<std::string>{
                            "round trips are those of TCP, from data of 10.0.0.2 to its ACK; loss "
                            "is of what was sent again"});
  REQUIRE(probes.list.size() == 6);
  CHECK(probes.list[0].roundTrip == Duration::ms(40));
  CHECK(probes.list[1].roundTrip == Duration::ms(41));
  CHECK((!probes.list[2].roundTrip && !probes.list[2].arrived));
  CHECK((!probes.list[3].roundTrip && probes.list[3].arrived));
  CHECK((!probes.list[4].roundTrip && probes.list[4].arrived));
  CHECK(probes.list[5].roundTrip == Duration::ms(42));
  // Numbers begin anew after 2^32.
  CHECK(csvOfCapture(pcap(connection(0xffffff80))) == kConnectionCsv);
  // Pings are what was meant to be measured.
  std::vector<Captured> both = connection(1000);
  both.push_back({Duration::ms(600), echo(true, 1)});
  both.push_back({Duration::ms(606), echo(false, 1)});
  CHECK(csvOfCapture(pcap(both)) == "time_s,delay_ms,loss_percent;0,3,0;5");
}

TEST_CASE("a capture that is damaged or of something else is refused with what to do") {
  const auto said = [](const std::string& bytes) { return faultsOf(readPcap(bytes)); };
  const std::string whole = pcap(kEchoes);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const std::string cut = whole.substr(0, size);
    if (size >= 24 && (size - 24) % 44 == 0) continue;  // between packets
    INFO(size);
    CHECK_FALSE(said(cut).empty());
  }
  CHECK(
      said(whole.substr(0, 24 + 44 + 20)) ==
      "0:0 is damaged: packet 2 ends behind the end of the file; stop the capture before the file "
      "is copied, or cut it by editcap -F pcap -r IN OUT 1-1\n");
  CHECK(said(whole.substr(0, 10)) ==
        "0:0 is no whole pcap capture; write one with tcpdump -w FILE icmp\n");
  CHECK(said(pcap({})) ==
        "0:0 has no pings, and no TCP whose data is acknowledged; capture while ping runs: tcpdump "
        "-w FILE icmp or icmp6\n");
  CHECK(said(big(0x0a0d0d0a, 4)) ==
        "0:0 is a pcapng capture; make a classic one of it: editcap -F pcap IN OUT\n");
  CHECK(said("\x1f\x8b\x08") == "0:0 is compressed; unpack it with gunzip\n");
  CHECK(said(pcap(kEchoes, {true, false, 127})) ==
        "0:0 was captured at a link of type 127; capture at Ethernet, Linux cooked or raw IP: "
        "tcpdump -i any\n");
  std::vector<Captured> others = kEchoes;
  others.push_back(
      {Duration::s(4), ipv4(kClient, kServer + 1, 1, big(0x08000000, 4) + big(1, 4), 8)});
  CHECK(said(pcap(others)) ==
        "0:0 has pings of several pairs of addresses; take one: tcpdump -r IN -w OUT host 10.0.0.2 "
        "and 192.0.2.1\n");
  CHECK_FALSE(isCapture("PING"));
  CHECK_FALSE(isCapture(""));
}
