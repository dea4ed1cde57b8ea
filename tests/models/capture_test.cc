// The bytes of captured packets, worked out by hand from the RFCs.
#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "models/capture/ip_packet.h"
#include "models/capture/pcap_writer.h"
#include "models/capture/recorder.h"
#include "tests/models/capture_support.h"
#include "tests/models/fabric_support.h"

namespace callflow::capture {
namespace {

using namespace fabric;
using namespace fabric::testing;
using capture::testing::hex;

wire::Bytes bytesOf(std::initializer_list<std::uint32_t> words) {
  wire::Bytes bytes;
  for (const std::uint32_t word : words) bytes.u16(word);
  return bytes;
}

// Keeps what an observer is shown.
struct Shown : PacketObserver {
  struct One {
    LinkId link;
    LinkEnd end;
    TimePoint when;
    wire::Bytes bytes;
  };
  explicit Shown(Fabric& of) : fabric(of) {}
  void onPacket(LinkId link, LinkEnd end, const Packet& packet, TimePoint now) override {
    all.push_back({link, end, now, ipPacket(fabric, packet)});
  }
  Fabric& fabric;
  std::vector<One> all;
};

// Whoever sends packets that count their bytes: 1, 2, 3...
struct Counting : PacketOwner {
  void onDrop(const Drop&) override {}
  void writePayload(const Packet& packet, wire::Bytes& bytes) const override {
    for (std::uint32_t i = 28; i < packet.size; ++i) bytes.u8(i - 27);
  }
};

}  // namespace

TEST_CASE("checksums are RFC 1071's") {
  // Its section 3: 0001 f203 f4f5 f6f7 add up to ddf2.
  CHECK(internetChecksum(bytesOf({0x0001, 0xf203, 0xf4f5, 0xf6f7}), 0) == 0x220d);
  CHECK(internetChecksum(bytesOf({0xffff, 0x0001, 0xf203, 0xf4f5, 0xf6f7}), 2) == 0x220d);
  // An odd byte counts as the upper one: 0001 + f200 = f201.
  wire::Bytes odd = bytesOf({0x0001});
  odd.u8(0xf2);
  CHECK(internetChecksum(odd, 0) == 0x0dfe);
  CHECK(internetChecksum(bytesOf({0x0001}), 0, 0xffff) == 0xfffe);  // the carry comes round
}

TEST_CASE("a captured UDP packet has the header that RFC 791 and RFC 768 describe") {
  Chain chain;
  Counting owner;
  Shown shown(chain.fabric);
  chain.fabric.observe(chain.l0, LinkEnd::from, shown);
  chain.fabric.observe(chain.l1, LinkEnd::to, shown);
  Packet packet = packetTo(bob, 32, 7);
  packet.owner = chain.fabric.addOwner(owner);
  packet.dscp = 46;
  chain.sendAt(Duration::ms(5), packet);
  ns3::Simulator::Run();
  REQUIRE(shown.all.size() == 2);
  const Shown::One& sent = shown.all[0];
  CHECK(sent.link == chain.l0);
  CHECK(sent.end == LinkEnd::from);
  CHECK(sent.when == TimePoint::at(Duration::ms(5)));
  // 32 B take 32 us at 8 Mbit/s and 256 us at 1 Mbit/s; then 1 ms and 20 ms of line.
  CHECK(shown.all[1].end == LinkEnd::to);
  CHECK(shown.all[1].when == TimePoint::at(Duration::us(5'000 + 32 + 1'000 + 256 + 20'000)));
  CHECK(hex(shown.all[1].bytes) == hex(sent.bytes));

  // Version 4, five words; EF is 46, and 46 << 2 is b8; 32 B.
  CHECK(hex(sent.bytes, 0, 4) == "45 b8 00 20");
  // No fragment, 64 hops, UDP.
  CHECK(hex(sent.bytes, 6, 4) == "00 00 40 11");
  CHECK(hex(sent.bytes, 12, 8) == "0a 00 00 01 0a 00 00 02");
  wire::Bytes header;
  header.append(sent.bytes, 0, 20);
  CHECK(internetChecksum(header, 0) == 0);
  // Ports 5000, 12 B. The pseudo-header adds up to 1403 + 11 + c = 1420, the header to
  // 1388 + 1388 + c = 271c, the data to 0102 + 0304 = 0406: 3f42, whose complement is c0bd.
  CHECK(hex(sent.bytes, 20) == "13 88 13 88 00 0c c0 bd 01 02 03 04");
}

TEST_CASE("what nobody says of a packet is zeros, and a checksum of zero is written as ffff") {
  Chain chain;
  Shown shown(chain.fabric);
  chain.fabric.observe(chain.l0, LinkEnd::to, shown);
  // The pseudo-header with a length of 10 adds up to 1403 + 11 + a = 141e, ports and length to
  // 1388 + 1388 + a = 271a: 3b38. Data of c4c7 would make ffff, zeros make c4c7 the checksum.
  chain.fabric.send(chain.n0, packetTo(bob, 30, 0));
  struct Odd : Counting {
    void writePayload(const Packet&, wire::Bytes& bytes) const override { bytes.u16(0xc4c7); }
  } owner;
  Packet full = packetTo(bob, 30, 1);
  full.owner = chain.fabric.addOwner(owner);
  chain.fabric.send(chain.n0, full);
  ns3::Simulator::Run();
  REQUIRE(shown.all.size() == 2);
  CHECK(hex(shown.all[0].bytes, 20) == "13 88 13 88 00 0a c4 c7 00 00");
  CHECK(hex(shown.all[1].bytes, 20) == "13 88 13 88 00 0a ff ff c4 c7");
  // Two packets, two numbers.
  CHECK(hex(shown.all[0].bytes, 4, 2) != hex(shown.all[1].bytes, 4, 2));
}

TEST_CASE("fragments say where they belong, also when they are cut again") {
  // 2020 B have 2000 behind the header. Over 1020 B in pieces of 1000: at 0 and 1000. Over 520 B,
  // (520 - 20) / 8 * 8 = 496 at most: 0, 496, 992 (8 B) of the first, 1000, 1496, 1992 (8 B) of
  // the second. In units of 8: 0, 62, 124, 125, 187, 249.
  SimulatorSession session;
  Fabric fabric{session.simulator()};
  const NodeId n0 = fabric.addNode("alice"), n1 = fabric.addNode("a"), n2 = fabric.addNode("bob");
  LinkParameters wide = linkOf(DataRate::mbps(8), Duration::ms(1)), narrow = wide;
  wide.mtu = DataSize::bytes(1020);
  narrow.mtu = DataSize::bytes(520);
  const LinkId l0 = fabric.addLink(n0, n1, wide, "l0"), l1 = fabric.addLink(n1, n2, narrow, "l1");
  fabric.setRoute(n0, bob, fabric.addRoute(std::array{l0, l1}));
  Receiver receiver{fabric};
  fabric.bind(n2, Protocol::udp, port, &receiver);
  Counting owner;
  Shown shown(fabric);
  fabric.observe(l0, LinkEnd::to, shown);
  fabric.observe(l1, LinkEnd::to, shown);
  Packet packet = packetTo(bob, 2020, 0x12345);
  packet.owner = fabric.addOwner(owner);
  fabric.send(n0, packet);
  ns3::Simulator::Run();
  REQUIRE(receiver.arrivals.size() == 1);
  CHECK(receiver.arrivals[0].sequence == 0x12345);

  std::vector<std::string> first, second;
  wire::Bytes joined;
  for (const Shown::One& one : shown.all) {
    const std::string words = hex(one.bytes, 2, 2) + " " + hex(one.bytes, 6, 2);
    (one.link == l0 ? first : second).push_back(words);
    if (one.link == l1) joined.append(one.bytes, 20, one.bytes.size());
    CHECK(hex(one.bytes, 4, 2) == hex(shown.all[0].bytes, 4, 2));
    wire::Bytes header;
    header.append(one.bytes, 0, 20);
    CHECK(internetChecksum(header, 0) == 0);
  }
  // Sizes 1020 = 3fc, 516 = 204, 28 = 1c; flags 2000 where more follow.
  CHECK(first == std::vector<std::string>{"03 fc 20 00", "03 fc 00 7d"});
  CHECK(second == std::vector<std::string>{"02 04 20 00", "02 04 20 3e", "00 1c 20 7c",
                                           "02 04 20 7d", "02 04 20 bb", "00 1c 00 f9"});
  // Put together: the datagram of 2000 B, whose last byte is the 1992nd: 0xc8.
  REQUIRE(joined.size() == 2000);
  CHECK(hex(joined, 0, 6) == "13 88 13 88 07 d0");
  CHECK(hex(joined, 8, 3) == "01 02 03");
  CHECK(hex(joined, 1999) == "c8");
}

TEST_CASE("a pcap file begins as libpcap's with nanoseconds do") {
  std::ostringstream out;
  PcapWriter writer(out);
  writer.write(bytesOf({0x4500}), TimePoint::at(Duration::ms(1'500) + Duration::ns(3)));
  wire::Bytes file;
  file.text(out.str());
  // Magic, 2.4, time zone and accuracy 0, 65535, LINKTYPE_RAW 101; lowest bytes first.
  CHECK(hex(file, 0, 24) ==
        "4d 3c b2 a1 02 00 04 00 00 00 00 00 00 00 00 00 ff ff 00 00 65 00 00 00");
  // 1 s, 500,000,003 ns = 1dcd6503, 2 B of 2.
  CHECK(hex(file, 24) == "01 00 00 00 03 65 cd 1d 02 00 00 00 02 00 00 00 45 00");
  CHECK(writer.packets() == 1);
}

TEST_CASE("a recorder writes what its taps see, a packet once for each of them") {
  namespace fs = std::filesystem;
  const fs::path folder = CALLFLOW_TEST_DIR;
  Chain chain;
  Recorder recorder(chain.fabric);
  recorder.add(folder / "both.pcap", {{chain.l0, LinkEnd::from}, {chain.l2, LinkEnd::to}});
  recorder.add(folder / "one.pcap", {{chain.l0, LinkEnd::from}});
  recorder.add(folder / "other.pcap", {{chain.l1, LinkEnd::to}});
  chain.fabric.send(chain.n0, packetTo(bob, 40, 0));
  ns3::Simulator::Run();
  CHECK(recorder.finish() == std::vector<std::int64_t>{2, 1, 1});
  CHECK(fs::file_size(folder / "both.pcap") == 24 + 2 * (16 + 40));
  CHECK(fs::file_size(folder / "one.pcap") == 24 + 16 + 40);

  Recorder full(chain.fabric);
  full.add("/dev/full", {{chain.l0, LinkEnd::from}});
  CHECK_THROWS_AS(full.finish(), std::runtime_error);
}

}  // namespace callflow::capture
