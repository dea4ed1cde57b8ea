#include "src/units/units.h"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

namespace callflow {
namespace {

TEST_CASE("time on the wire is rounded up to a nanosecond") {
  // 226 B = 1808 bit; at 20 Mbit/s a bit takes 50 ns: 90'400 ns.
  CHECK(transmissionTime(DataSize::bytes(226), DataRate::mbps(20)) == Duration::ns(90'400));
  // 1 B = 8 bit at 3 bit/s: 2.666... s, up.
  CHECK(transmissionTime(DataSize::bytes(1), DataRate::bitsPerSecond(3)) ==
        Duration::ns(2'666'666'667));
  CHECK(transmissionTime(DataSize::bytes(0), DataRate::kbps(1)) == Duration{});
  CHECK(transmissionTime(DataSize::bytes(1500), DataRate::unlimited()) == Duration{});
  // 10 GB = 8e10 bit at 1 Gbit/s: 80 s. In nanobits that is 8e19, beyond 64 bits.
  CHECK(transmissionTime(DataSize::bytes(10'000'000'000), DataRate::mbps(1000)) == Duration::s(80));
}

TEST_CASE("what a rate carries is rounded down to a byte") {
  // 20 Mbit/s for 50 ms: 1'000'000 bit = 125'000 B.
  CHECK(dataIn(DataRate::mbps(20), Duration::ms(50)) == DataSize::bytes(125'000));
  // 1 kbit/s for 15 ms: 15 bit = 1.875 B.
  CHECK(dataIn(DataRate::kbps(1), Duration::ms(15)) == DataSize::bytes(1));
}

TEST_CASE("texts with units are read") {
  CHECK(*parseDuration("25 ms").value == Duration::ms(25));
  CHECK(*parseDuration("25ms").value == Duration::ms(25));
  CHECK(*parseDuration("1.5 us").value == Duration::ns(1500));
  CHECK(*parseDuration("0.25 h").value == Duration::s(900));
  CHECK(*parseDuration("2 min").value == Duration::s(120));
  CHECK(*parseDuration("0 s").value == Duration{});
  CHECK(*parseDuration("1.500000000000000000000000 ms").value == Duration::us(1500));
  CHECK(*parseDataSize("1500 B").value == DataSize::bytes(1500));
  CHECK(*parseDataSize("64 KiB").value == DataSize::bytes(65'536));
  CHECK(*parseDataSize("64 kB").value == DataSize::bytes(64'000));
  CHECK(*parseDataSize("1.5 MiB").value == DataSize::bytes(1'572'864));
  CHECK(*parseDataRate("1.5 Mbit/s").value == DataRate::kbps(1500));
  CHECK(*parseDataRate("25kbit/s").value == DataRate::kbps(25));
  CHECK(parseDataRate("unlimited").value->isUnlimited());
  CHECK(*parseRatio("0.5%").value == Ratio::ppb(5'000'000));
  CHECK(*parseRatio("0.005 ratio").value == Ratio::ppb(5'000'000));
  CHECK(*parseRatio("100 %").value == Ratio::percent(100));
}

TEST_CASE("texts that are not quantities are refused, with what to write") {
  struct Case {
    const char* text;
    const char* problem;
  };
  const std::string times = " (units: ns, us, ms, s, min, h)";
  const auto [text, problem] = GENERATE(values<Case>({
      {"25", "\"25\" has no unit; write \"25 ms\""},
      {"", "is empty; write \"20 ms\""},
      {"abc", "\"abc\" is not a time; write a number and a unit, such as \"20 ms\""},
      {"ms", "\"ms\" is not a time; write a number and a unit, such as \"20 ms\""},
      {" 25 ms", "\" 25 ms\" is not a time; write a number and a unit, such as \"20 ms\""},
      {"~25 ms", "\"~25 ms\" is not a time; write a number and a unit, such as \"20 ms\""},
      {"25 sec", "\"sec\" is not a unit of time; write \"25 s\""},
      {"25 MS", "\"MS\" is not a unit of time; write \"25 ms\""},
      {"25 kbit/s",
       "\"kbit/s\" is not a unit of time; write a number and a unit, such as \"20 ms\""},
      {"-5 ms", "\"-5 ms\" is negative; write 0 or more with a unit, such as \"20 ms\""},
      {"+5 ms", "\"+5 ms\" is not a time; write a number and a unit, such as \"20 ms\""},
      {"1e3 ms", "\"1e3 ms\" has an exponent; write all digits, such as \"20 ms\""},
      {"0x10 ms", "\"0x10 ms\" is hexadecimal; write a decimal number, such as \"20 ms\""},
      {"010 ms", "\"010 ms\" starts with a zero; write \"10 ms\""},
      {"1,5 ms", "\"1,5 ms\" is not a time; write decimals behind one point, such as \"1.5 ms\""},
      {".5 ms", "\".5 ms\" is not a time; write a number and a unit, such as \"20 ms\""},
      {"1.5 ns", "\"1.5 ns\" is finer than callflow's step of \"1 ns\"; write \"2 ns\""},
      {"0.0000001 ms",
       "\"0.0000001 ms\" is finer than callflow's step of \"1 ns\"; write \"1 ns\""},
      {"3000000 h", "\"3000000 h\" is too large; write at most \"2562047 h\""},
      {"99999999999999999999999999999999999999999 s",
       "\"99999999999999999999999999999999999999999 s\" is too large; write at most \"2562047 h\""},
  }));
  const Parsed<Duration> parsed = parseDuration(text);
  CHECK_FALSE(parsed.value);
  CHECK(parsed.problem == problem + times);
}

TEST_CASE("each quantity lists its own units") {
  CHECK(parseDataRate("25 Mbps").problem ==
        "\"Mbps\" is not a unit of rate; write \"25 Mbit/s\" (units: bit/s, kbit/s, Mbit/s, "
        "Gbit/s)");
  CHECK(parseDataRate("0.5 bit/s").problem.find("write \"1 bit/s\"") != std::string::npos);
  CHECK(parseDataRate("9223372037 Gbit/s").problem.find("too large") != std::string::npos);
  CHECK(parseDataSize("7 bytes").problem ==
        "\"bytes\" is not a unit of size; write \"7 B\" (units: B, kB, MB, GB, KiB, MiB)");
  CHECK(parseRatio("5").problem ==
        "\"5\" has no unit; write \"5%\" or \"0.05 ratio\" (units: %, ratio)");
  CHECK(parseRatio("12.5").problem.find("\"12.5%\" or \"0.125 ratio\"") != std::string::npos);
}

TEST_CASE("a long text is cut in the message") {
  const std::string problem = parseDuration(std::string(5000, 'x')).problem;
  CHECK(problem.size() < 200);
}

TEST_CASE("quantities are printed in the largest unit that keeps the number at least 1") {
  CHECK(toText(Duration{}) == "0 s");
  CHECK(toText(Duration::ns(1)) == "1 ns");
  CHECK(toText(Duration::ns(90'400)) == "90.4 us");
  CHECK(toText(Duration::us(1500)) == "1.5 ms");
  CHECK(toText(Duration::s(120)) == "120 s");
  CHECK(toText(-Duration::ms(5)) == "-5 ms");
  CHECK(toText(TimePoint::at(Duration::ms(1250))) == "1.25 s");
  CHECK(toText(DataSize::bytes(226)) == "226 B");
  CHECK(toText(DataSize::bytes(1500)) == "1500 B");
  CHECK(toText(DataSize::bytes(65'536)) == "64 KiB");
  CHECK(toText(DataSize::bytes(1'250'000)) == "1250 kB");
  CHECK(toText(DataRate::kbps(1500)) == "1.5 Mbit/s");
  CHECK(toText(DataRate::bitsPerSecond(0)) == "0 bit/s");
  CHECK(toText(DataRate::unlimited()) == "unlimited");
  CHECK(toText(Ratio::ppb(1'000'000)) == "0.1%");
  CHECK(toText(Ratio::ppb(1)) == "0.0000001%");
}

TEST_CASE("what is printed reads back to the same value") {
  // Digits of every length, round and not, up to the largest.
  std::vector<std::int64_t> values{0, 1, 9, 10, 11, 255, 999, 1000, 1001, 1023, 1024, 1025};
  for (std::int64_t v = 7; v < std::numeric_limits<std::int64_t>::max() / 11; v = v * 11 + 3) {
    values.push_back(v);
    values.push_back(v / 1000 * 1000);
    values.push_back(v / 1024 * 1024);
  }
  values.push_back(std::numeric_limits<std::int64_t>::max() - 1);
  for (const std::int64_t v : values) {
    CAPTURE(v);
    CHECK(parseDuration(toText(Duration::ns(v))).value == Duration::ns(v));
    CHECK(parseDataSize(toText(DataSize::bytes(v))).value == DataSize::bytes(v));
    CHECK(parseDataRate(toText(DataRate::bitsPerSecond(v))).value == DataRate::bitsPerSecond(v));
    CHECK(parseRatio(toText(Ratio::ppb(v))).value == Ratio::ppb(v));
  }
}

}  // namespace
}  // namespace callflow
