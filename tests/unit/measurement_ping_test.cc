// What ping prints, of several systems, as rows of delay and loss.
#include <catch2/catch.hpp>
#include <string>

#include "src/measurement/ping.h"
#include "src/measurement/words.h"
#include "tests/support/show_units.h"
#include "tests/unit/measurement_support.h"

using namespace callflow;
using namespace callflow::measurement;

namespace {

constexpr Duration kSecond = Duration::s(1);

std::string reply(int sequence, const std::string& time) {
  return "64 bytes from 192.0.2.1: icmp_seq=" + std::to_string(sequence) + " ttl=57 time=" + time +
         " ms\n";
}

const std::string kLinuxBegin = "PING 192.0.2.1 (192.0.2.1) 56(84) bytes of data.\n";

std::string linuxEnd(const std::string& counts) {
  return "\n--- 192.0.2.1 ping statistics ---\n" + counts +
         "\nrtt min/avg/max/mdev = 11.900/212.940/1014.000/400.531 ms\n";
}

}  // namespace

TEST_CASE("Linux: a packet is lost, and a reply comes behind the next") {
  const std::string text =
      kLinuxBegin + reply(1, "12.3") + reply(2, "11.9") + reply(4, "14.0") + reply(3, "1014") +
      reply(6, "12.5") +
      linuxEnd("6 packets transmitted, 5 received, 16.6667% packet loss, time 5008ms");
  REQUIRE(isPing(text));
  const Probes probes = valueOf(readPing(text, kSecond));
  REQUIRE(probes.list.size() == 6);
  // 5008 ms between the first and the sixth; the clock is that of their numbers.
  CHECK(probes.list[3] == Probe{Duration::us(4 * 1'001'600), Duration::ms(14)});
  CHECK(probes.list[2].roundTrip == Duration::ms(1014));
  CHECK_FALSE(probes.list[4].roundTrip);
  CHECK(probes.notes == std::vector<std::string>{"packets were taken as 1.0016 s apart"});
  // Of the first five: half the median of 11.9, 12.3, 14 and 1014 is (12.3 + 14) / 2 / 2 = 6.575;
  // four of five come back: each way lets the square root of it through, 0.894427191.
  CHECK(csvOf(probes, Duration::s(5)) ==
        "time_s,delay_ms,loss_percent;0,6.575,10.5572809;5,6.25,0;10");
}

TEST_CASE("Linux: packets lost at the beginning and the end are in its last lines") {
  const std::string text = kLinuxBegin + reply(2, "20") + reply(3, "20") +
                           linuxEnd("5 packets transmitted, 2 received, 60% packet loss");
  const Probes probes = valueOf(readPing(text, kSecond));
  REQUIRE(probes.list.size() == 5);
  CHECK_FALSE(probes.list[0].roundTrip);
  CHECK_FALSE(probes.list[4].roundTrip);
  // Before the first answer the delay is that of the first answer.
  CHECK(csvOf(probes, kSecond) ==
        "time_s,delay_ms,loss_percent;0,10,100;1,10,0;2,10,0;3,10,100;4,10,100;5");
  // Of a text that was cut nobody knows.
  CHECK(valueOf(readPing(reply(2, "20") + reply(3, "20"), kSecond)).list.size() == 2);
}

TEST_CASE("Linux: complaints, copies and numbers that begin anew") {
  const std::string text =
      kLinuxBegin + reply(65534, "10") + "no answer yet for icmp_seq=65535\n" +
      "From 192.0.2.9 icmp_seq=65535 Destination Host Unreachable\n" + reply(0, "10") +
      "64 bytes from 192.0.2.1: icmp_seq=0 ttl=57 time=99 ms (DUP!)\n" + reply(1, "0.040");
  const Probes probes = valueOf(readPing(text.substr(kLinuxBegin.size()), kSecond));
  REQUIRE(probes.list.size() == 4);
  CHECK_FALSE(probes.list[1].roundTrip);
  CHECK(probes.list[2].roundTrip == Duration::ms(10));
  CHECK(probes.list[3].roundTrip == Duration::us(40));
}

TEST_CASE("ping -D: packets were sent at the times in brackets, less the round trip") {
  const std::string text = kLinuxBegin + "[1700000000.010000] " + reply(1, "10.0") +
                           "[1700000000.420000] " + reply(3, "20.0") +
                           linuxEnd("3 packets transmitted, 2 received, 33% packet loss, time 9s");
  const Probes probes = valueOf(readPing(text, kSecond));
  REQUIRE(probes.list.size() == 3);
  CHECK(probes.list[0].sent == kSecond * 1'700'000'000);
  CHECK(probes.list[1].sent - probes.list[0].sent == Duration::ms(200));
  CHECK(probes.list[2].sent - probes.list[0].sent == Duration::ms(400));
  CHECK(probes.notes.empty());
  CHECK(csvOf(probes, Duration::ms(200)) ==
        "time_s,delay_ms,loss_percent;0,5,0;0.2,5,100;0.4,10,0;0.6");
}

TEST_CASE("macOS counts from 0 and tells of what does not come") {
  const std::string text = "PING 192.0.2.1 (192.0.2.1): 56 data bytes\n" + reply(0, "8.125") +
                           "Request timeout for icmp_seq 1\n" +
                           "92 bytes from 192.0.2.9: Time to live exceeded\n"
                           "Vr HL TOS  Len   ID Flg  off TTL Pro  cks      Src      Dst\n" +
                           reply(2, "9.125") +
                           "\n--- 192.0.2.1 ping statistics ---\n"
                           "3 packets transmitted, 2 packets received, 33.3% packet loss\n"
                           "round-trip min/avg/max/stddev = 8.125/8.625/9.125/0.5 ms\n";
  REQUIRE(isPing(text));
  const Probes probes = valueOf(readPing(text, kSecond));
  REQUIRE(probes.list.size() == 3);
  CHECK_FALSE(probes.list[1].roundTrip);
  // (8.125 + 9.125) / 2 / 2 = 4.3125; the square root of 2/3 is 0.8164965809.
  CHECK(csvOf(probes, Duration::s(3)) == "time_s,delay_ms,loss_percent;0,4.3125,18.3503419;3");
}

TEST_CASE("busybox and macOS' ping6 have words of their own") {
  const std::string busybox =
      "PING 192.0.2.1 (192.0.2.1): 56 data bytes\n"
      "64 bytes from 192.0.2.1: seq=0 ttl=57 time=12.500 ms\n"
      "64 bytes from 192.0.2.1: seq=1 ttl=57 time=13.500 ms\n";
  CHECK(csvOf(readPing(busybox, kSecond), kSecond) ==
        "time_s,delay_ms,loss_percent;0,6.25,0;1,6.75,0;2");
  const std::string six =
      "PING6(56=40+8+8 bytes) 2001:db8::2 --> 2001:db8::1\n"
      "16 bytes from 2001:db8::1, icmp_seq=0 hlim=57 time=5 ms\n";
  CHECK(csvOf(readPing(six, kSecond), kSecond) == "time_s,delay_ms,loss_percent;0,2.5,0;1");
}

TEST_CASE("Windows: a packet is a line, below a millisecond is half of one") {
  const std::string text =
      "\r\nPinging 192.0.2.1 with 32 bytes of data:\r\n"
      "Reply from 192.0.2.1: bytes=32 time=12ms TTL=57\r\n"
      "Request timed out.\r\n"
      "Reply from 192.0.2.1: bytes=32 time<1ms TTL=57\r\n"
      "Reply from 192.0.2.9: Destination host unreachable.\r\n"
      "General failure.\r\n"
      "\r\nPing statistics for 192.0.2.1:\r\n"
      "    Packets: Sent = 5, Received = 3, Lost = 2 (40% loss),\r\n"
      "Approximate round trip times in milli-seconds:\r\n"
      "    Minimum = 0ms, Maximum = 12ms, Average = 6ms\r\n";
  REQUIRE(isPing(text));
  const std::string csv =
      "time_s,delay_ms,loss_percent;0,6,29.2893219;2,0.25,29.2893219;4,0.25,100;6";
  CHECK(csvOf(readPing(text, kSecond), Duration::s(2)) == csv);
  // What PowerShell writes: UTF-16 with its mark.
  std::string wide = "\xff\xfe";
  for (const char c : text) wide += {c, '\0'};
  CHECK(plain(wide) == text);
  CHECK(csvOf(readPing("Reply from 2001:db8::1: time=7ms\r\n", kSecond), kSecond) ==
        "time_s,delay_ms,loss_percent;0,3.5,0;1");
}

TEST_CASE("a ping that tells nothing, or too much, is refused with what to do") {
  const auto said = [](const std::string& text) { return faultsOf(readPing(text, kSecond)); };
  CHECK(said(kLinuxBegin + linuxEnd("3 packets transmitted, 0 received, 100% packet loss")) ==
        "0:0 has no line of a packet; write what ping printed, such as \"64 bytes from 192.0.2.1: "
        "icmp_seq=3 ttl=57 time=12.3 ms\"\n");
  // All of a line's faults at once.
  CHECK(said(reply(1, "1") + "64 bytes from 192.0.2.1: icmp_seq=2 ttl=57 time=1\n  " +
             reply(3, "20001")) ==
        "2:1 \"64 bytes from 192.0.2.1: icmp_seq=2 ttl=57 time=1\" is no whole line of ping's; "
        "write it as \"64 bytes from 192.0.2.1: icmp_seq=3 ttl=57 time=12.3 ms\", or leave it "
        "out\n"
        "3:3 has a round trip of more than 20 s, and a trace has at most 10 s one way; leave the "
        "line out, and the packet counts as lost\n");
  CHECK(said(kLinuxBegin + reply(1, "1") + kLinuxBegin + reply(1, "1")) ==
        "3:1 begins another ping; import each on its own\n");
  CHECK(said("[5.0] " + reply(1, "1") + reply(2, "1")) ==
        "2:1 has no time in brackets, and lines before have; import texts with and without ping -D "
        "each on its own\n");
  CHECK(said(reply(1, "1") + "[5.0] " + reply(2, "1")) ==
        "2:1 has a time in brackets, and lines before have none; import texts with and without "
        "ping -D each on its own\n");
  CHECK(said("[50.0] " + reply(1, "1") + "[5.0] " + reply(2, "1")).find("2:1 is earlier than") ==
        0);
  CHECK(
      said("Reply from 192.0.2.1: bytes=32 time=12\r\n").find("1:1 \"Reply from 192.0.2.1: byt") ==
      0);
  CHECK(said(kLinuxBegin + "64 Bytes von 192.0.2.1: icmp_seq=1 ttl=57 Zeit=12.3 ms\n") ==
        "2:1 is of a ping in another language than English; run it as LC_ALL=C ping\n");
  const Probes silent = valueOf(readPing("Request timed out.\nRequest timed out.\n", kSecond));
  CHECK(faultsOf(inWindows(silent, kSecond)) ==
        "0:0 has no answer to any packet, so there is no delay to follow; measure to a place that "
        "answers, or write loss: 100% of the link direction\n");
  const std::string days = "[1000.0] " + reply(1, "1") + "[173800.0] " + reply(2, "1");
  CHECK(faultsOf(inWindows(valueOf(readPing(days, kSecond)), kSecond)) ==
        "0:0 lasts longer than 48 h, which is the most of a trace; cut it in pieces\n");
  CHECK_FALSE(isPing("time,loss\n0,1\n"));
  CHECK_FALSE(isPing(""));
}
