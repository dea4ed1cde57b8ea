// Whatever the bytes of a measurement say, they give rows or faults: no crash, no hang, and what is
// written of them reads back. Tried with random damage to a sample of each kind.
#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <random>
#include <string>
#include <string_view>
#include <variant>

#include "models/fabric/trace.h"
#include "src/measurement/assessment.h"
#include "src/measurement/pcap.h"
#include "src/measurement/ping.h"
#include "src/measurement/windows.h"
#include "src/measurement/words.h"
#include "tests/fuzz/rounds.h"

namespace callflow::test {
namespace {

using namespace measurement;
using namespace std::string_view_literals;

const std::array kTexts{
    "PING 192.0.2.1 (192.0.2.1) 56(84) bytes of data.\n"
    "64 bytes from 192.0.2.1: icmp_seq=1 ttl=57 time=12.3 ms\n"
    "no answer yet for icmp_seq=2\n"
    "64 bytes from 192.0.2.1: icmp_seq=3 ttl=57 time=11.9 ms\n"
    "6 packets transmitted, 2 received, 66% packet loss, time 5008ms\n"sv,
    "[1700000000.010000] 64 bytes from 192.0.2.1: icmp_seq=1 ttl=57 time=10.0 ms\n"
    "[1700000001.020000] 64 bytes from 192.0.2.1: icmp_seq=2 ttl=57 time=20 ms\n"
    "[1700000004.030000] 64 bytes from 192.0.2.1: icmp_seq=5 ttl=57 time=30 ms\n"sv,
    "Pinging 192.0.2.1 with 32 bytes of data:\r\n"
    "Reply from 192.0.2.1: bytes=32 time=12ms TTL=57\r\n"
    "Request timed out.\r\n"
    "Reply from 192.0.2.1: bytes=32 time<1ms TTL=57\r\n"sv,
    "time,loss (%),latency (ms),jitter\n"
    "2026-11-27 23:59:55,0,24,1\n2026-11-28 00:00:00,1.5,30.5,1\n2026-11-28 00:00:05,100,,\n"sv,
    "23:59:55;0,5;24 ms\n"
    "elapsed;loss ratio;one-way delay (us)\n0;0,5;24000\n5;1;0\n10;0;1e3\n"sv,
    // A ping and a segment of TCP with its ACK, at raw IP.
    "\xa1\xb2\xc3\xd4\x00\x02\x00\x04\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\xff\xff\x00\x00\x00"
    "\x65"
    "\x00\x00\x00\x05\x00\x00\x00\x01\x00\x00\x00\x1c\x00\x00\x00\x1c"
    "\x45\x00\x00\x1c\x00\x00\x00\x00\x40\x01\x00\x00\x0a\x00\x00\x02\xc0\x00\x02\x01"
    "\x08\x00\x00\x00\x00\x07\x00\x01"
    "\x00\x00\x00\x05\x00\x00\x00\x0b\x00\x00\x00\x1c\x00\x00\x00\x1c"
    "\x45\x00\x00\x1c\x00\x00\x00\x00\x40\x01\x00\x00\xc0\x00\x02\x01\x0a\x00\x00\x02"
    "\x00\x00\x00\x00\x00\x07\x00\x01"sv,
    "\xa1\xb2\xc3\xd4\x00\x02\x00\x04\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\xff\xff\x00\x00\x00"
    "\x65"
    "\x00\x00\x00\x05\x00\x00\x00\x01\x00\x00\x00\x28\x00\x00\x00\x28"
    "\x45\x00\x00\x3c\x00\x00\x00\x00\x40\x06\x00\x00\x0a\x00\x00\x02\xc0\x00\x02\x01"
    "\xc3\x50\x01\xbb\x00\x00\x00\x10\x00\x00\x00\x20\x50\x10\xff\xff\x00\x00\x00\x00"
    "\x00\x00\x00\x05\x00\x00\x00\x02\x00\x00\x00\x28\x00\x00\x00\x28"
    "\x45\x00\x00\x3c\x00\x00\x00\x00\x40\x06\x00\x00\x0a\x00\x00\x02\xc0\x00\x02\x01"
    "\xc3\x50\x01\xbb\x00\x00\x00\x10\x00\x00\x00\x20\x50\x10\xff\xff\x00\x00\x00\x00"
    "\x00\x00\x00\x05\x00\x00\x00\x0b\x00\x00\x00\x28\x00\x00\x00\x28"
    "\x45\x00\x00\x28\x00\x00\x00\x00\x40\x06\x00\x00\xc0\x00\x02\x01\x0a\x00\x00\x02"
    "\x01\xbb\xc3\x50\x00\x00\x00\x20\x00\x00\x00\x24\x50\x10\xff\xff\x00\x00\x00\x00"sv,
};

constexpr std::array kWords{"0",     "-1",    "65535", "99999999999999999999",
                            "1e309", "time=", "ms",    "4000000000",
                            ".",     "[",     "\n",    "PING ",
                            ",",     ";",     "\"",    "9223372036.854775807",
                            "%",     "seq=",  "\xff",  "1969-12-31 0:00"};

class Damage {
 public:
  explicit Damage(unsigned seed) : random_(seed) {}

  std::size_t below(std::size_t limit) { return limit == 0 ? 0 : random_() % limit; }

  // Up to four faults of random kinds.
  std::string apply(std::string text) {
    for (std::size_t faults = below(5); faults > 0; --faults) fault(text);
    return text;
  }

 private:
  void fault(std::string& text) {
    const std::size_t at = below(text.size() + 1);
    switch (below(5)) {
      case 0:
        if (at < text.size()) text[at] = static_cast<char>(below(256));
        break;
      case 1:
        text.erase(at, 1 + below(4));
        break;
      case 2:
        text.resize(at);
        break;
      case 3: {  // a piece once more
        const std::string piece = text.substr(below(text.size() + 1), below(80));
        text.insert(at, piece);
        break;
      }
      default:
        text.replace(at, below(12), kWords[below(kWords.size())]);
    }
  }

  std::mt19937 random_;
};

// Whether rows came of it.
bool check(const Result<Measurement>& read) {
  if (const auto* faults = std::get_if<Faults>(&read)) {
    REQUIRE_FALSE(faults->empty());
    for (const Fault& fault : *faults) CHECK_FALSE(fault.problem.empty());
    return false;
  }
  const auto& measured = std::get<Measurement>(read);
  fabric::Trace trace;
  trace.period = measured.end;
  for (const Row& row : measured.rows)
    trace.steps.push_back({row.at, std::nullopt, row.delay, row.loss});
  const fabric::ParsedTrace back = fabric::parseTrace(fabric::traceText(trace));
  INFO(back.line << ": " << back.problem);
  REQUIRE(back.trace);
  CHECK(*back.trace == trace);
  return true;
}

bool check(const Result<Probes>& read, Duration step) {
  const auto* probes = std::get_if<Probes>(&read);
  return check(probes == nullptr ? Result<Measurement>(std::get<Faults>(read))
                                 : inWindows(*probes, step));
}

TEST_CASE("a damaged measurement gives rows that read back, or faults") {
  Rounds rounds(20261127, 2'000);
  Damage damage(rounds.seed());
  int good = 0, bad = 0;
  while (rounds.next()) {
    const std::string bytes = damage.apply(std::string(kTexts[damage.below(kTexts.size())]));
    const Duration step = Duration::ms(static_cast<std::int64_t>(1 + damage.below(10'000)));
    CAPTURE(rounds.seed(), rounds.number(), bytes);
    const std::string text = plain(bytes);
    // Each reader has to bear what is of another kind.
    for (const bool rows : {check(readPcap(bytes), step), check(readPing(text, step), step),
                            check(readAssessment(text, step))})
      ++(rows ? good : bad);
    (void)(isCapture(bytes) || isPing(text) || isTable(text) || hasTimes(text));
  }
  CHECK(good > 300);
  CHECK(bad > 1'000);
}

}  // namespace
}  // namespace callflow::test
