// Link-layer overhead: the sizes on the line by tc-cake(8), and what a link makes of them.
#include <catch2/catch.hpp>
#include <string_view>

#include "models/fabric/link.h"
#include "models/fabric/overhead.h"
#include "tests/models/link_support.h"

using namespace callflow;
using namespace callflow::fabric;

namespace {

Overhead word(std::string_view name) {
  for (const OverheadWord& one : kOverheadWords)
    if (one.name == name) return one.overhead;
  FAIL("no word " << name);
  return {};
}

}  // namespace

TEST_CASE("sizes on the line of cake's keywords") {
  struct Row {
    std::string_view name;
    std::int64_t sizes[5];  // of IP packets of 52, 146, 226, 1238 and 1500 B
  };
  // By hand: ethernet adds 38 (146 + 38 = 184, at least 84); in ATM 146 + 40 = 186 take 4 cells of
  // 53 = 212; in PTM 146 + 30 = 176 take 3 bytes more (176 / 64 = 2.75).
  const Row rows[] = {
      {"raw", {52, 146, 226, 1238, 1500}},
      {"ethernet", {90, 184, 264, 1276, 1538}},
      {"ether-vlan", {94, 188, 268, 1280, 1542}},
      {"docsis", {70, 164, 244, 1256, 1518}},
      {"bridged-ptm", {76, 171, 252, 1280, 1546}},
      {"pppoe-ptm", {84, 179, 260, 1288, 1554}},
      {"ipoa-vcmux", {106, 212, 265, 1378, 1696}},
      {"ipoa-llcsnap", {106, 212, 318, 1431, 1696}},
      {"pppoa-vcmux", {106, 212, 265, 1378, 1696}},
      {"pppoa-llc", {106, 212, 265, 1431, 1696}},
      {"bridged-vcmux", {106, 212, 318, 1431, 1696}},
      {"bridged-llcsnap", {106, 212, 318, 1431, 1696}},
      {"pppoe-vcmux", {106, 212, 318, 1431, 1696}},
      {"pppoe-llcsnap", {106, 212, 318, 1431, 1749}},
      {"conservative", {159, 265, 318, 1431, 1749}},
  };
  const std::int64_t packets[] = {52, 146, 226, 1238, 1500};
  CHECK(std::size(rows) == std::size(kOverheadWords));
  for (const Row& row : rows)
    for (std::size_t i = 0; i < 5; ++i) {
      INFO(row.name << ", " << packets[i] << " B");
      CHECK(sizeOnLine(packets[i], word(row.name)) == row.sizes[i]);
    }
  CHECK(sizeOnLine(20, word("ethernet")) == 84);  // the smallest frame with preamble and gap
  CHECK(sizeOnLine(20, word("docsis")) == 64);
  CHECK(sizeOnLine(8, word("pppoe-llcsnap")) == 53);
  CHECK(sizeOnLine(9, word("pppoe-llcsnap")) == 106);
}

TEST_CASE("overhead is counted in serialization and in what the queue holds") {
  LinkParameters line = plain(DataRate::mbps(1), Duration::ms(10));
  line.overhead = word("pppoe-llcsnap");
  line.queue = DataSize::bytes(636);  // three packets of 146 B, 212 B each
  Link link("l", line);
  // 212 B at 1 Mbit/s: 1.696 ms.
  CHECK(link.offer(packetOf(146), at({})).serialization == Duration::us(1696));
  CHECK(link.offer(packetOf(146), at({})).queueing == Duration::us(1696));
  CHECK(link.offer(packetOf(146), at({})).arrival == at(Duration::us(3 * 1696 + 10'000)));
  CHECK(link.offer(packetOf(146), at({})).verdict == LinkVerdict::queueFull);
  // 0.1 ms later 12.5 B have left, not 106.
  CHECK(link.offer(packetOf(8), at(Duration::us(100))).verdict == LinkVerdict::queueFull);
  CHECK(link.offer(packetOf(8), at(Duration::us(424))).verdict == LinkVerdict::delivered);
  CHECK(link.counters().bytes == DataSize::bytes(3 * 146 + 8));  // IP's
}

TEST_CASE("ten full packets fit the usual queue of a slow line with their overhead") {
  LinkParameters line = plain(DataRate::kbps(500), Duration{});
  line.overhead = word("pppoe-llcsnap");
  line.queue = std::nullopt;
  Link link("l", line);
  for (int i = 0; i < 10; ++i)
    CHECK(link.offer(packetOf(1500), at({})).verdict == LinkVerdict::delivered);
  CHECK(link.offer(packetOf(1500), at({})).verdict == LinkVerdict::queueFull);
}

TEST_CASE("what waits when the rate changes still has its overhead") {
  LinkParameters line = plain(DataRate::mbps(1), Duration{});
  line.overhead = word("ethernet");
  Link link("l", line);
  link.expectChanges();
  // 87 + 38 = 125 B: 1 ms each.
  CHECK(link.offer(packetOf(87), at({}), PacketId{1}).arrival == at(Duration::ms(1)));
  CHECK(link.offer(packetOf(87), at({}), PacketId{2}).arrival == at(Duration::ms(2)));
  line.rate = DataRate::mbps(2);
  const auto retimed = link.change(line, at(Duration::us(500)));
  REQUIRE(retimed.size() == 2);
  CHECK(retimed[0].arrival == at(Duration::us(750)));
  CHECK(retimed[1].arrival == at(Duration::us(1250)));
}
