// How numbers, times, table cells and names are written, and read back.
#include <catch2/catch.hpp>
#include <cmath>

#include "src/results/csv.h"
#include "src/results/format.h"
#include "src/results/number.h"
#include "src/results/result.h"

namespace callflow::results {
namespace {

using metrics::MetricId;

TEST_CASE("a number is written the same way always, and read back") {
  CHECK(numberText(0.1 + 0.2) == "0.3");
  CHECK(numberText(7.000000000000001) == "7");
  CHECK(numberText(-0.0) == "0");
  CHECK(numberText(std::nan("")).empty());
  CHECK(numberText(1234567.875) == "1234567.875");
  CHECK(*numberFrom("1234567.875") == 1234567.875);
  CHECK(std::isnan(*numberFrom("")));
  CHECK_FALSE(numberFrom("1,5"));
  CHECK_FALSE(numberFrom("1.5 "));
}

TEST_CASE("times are written in milliseconds to the nanosecond") {
  CHECK(millisecondsText(Duration::ns(20'000'125)) == "20.000125");
  CHECK(millisecondsText(Duration::ns(-1)) == "-0.000001");
  CHECK(millisecondsText(Duration::ms(3)) == "3");
  CHECK(millisecondsText(TimePoint::max()).empty());
  CHECK(*millisecondsFrom("20.000125") == Duration::ns(20'000'125));
  CHECK(*millisecondsFrom("-0.000001") == Duration::ns(-1));
  CHECK_FALSE(millisecondsFrom("1.0000001"));
  CHECK_FALSE(millisecondsFrom("x"));
}

TEST_CASE("a table's fields may hold commas, quotes and line ends") {
  CsvWriter writer({"a", "b[ms]"});
  writer.row({"x,\"y\"\nz", ""});
  CHECK(writer.text() == "a,b[ms]\n\"x,\"\"y\"\"\nz\",\n");
  const CsvTable table = CsvTable::parse(writer.text(), "t.csv");
  REQUIRE(table.rows().size() == 1);
  CHECK(table.rows()[0] == std::vector<std::string>{"x,\"y\"\nz", ""});
  CHECK(table.column("b[ms]") == 1);
  CHECK(table.column("c") == CsvTable::kAbsent);
  CHECK_THROWS_WITH(CsvTable::parse("a,b\n1\n", "t.csv"), Catch::Contains("t.csv:2"));
}

TEST_CASE("names become one path component, different ones different") {
  CHECK(fileNameOf("udp-open_2.x") == "udp-open_2.x");
  CHECK(fileNameOf("../../etc") == "%2E.%2F..%2Fetc");
  CHECK(fileNameOf("..") == "%2E.");
  CHECK(fileNameOf("") == "%");
  CHECK(fileNameOf("a b") != fileNameOf("a%20b"));
  const std::string longName(300, 'x');
  CHECK(fileNameOf(longName).size() <= 120);
  CHECK(fileNameOf(longName) != fileNameOf(longName + "y"));
}

TEST_CASE("values are shown in their unit") {
  CHECK(valueText(metrics::metric(MetricId::audio_longest_interruption), 0.058) == "58 ms");
  CHECK(plainText(metrics::metric(MetricId::audio_mos), -0.001, true) == "0.00");
  CHECK(plainText(metrics::metric(MetricId::audio_mos), 0.91, true) == "+0.91");
  CHECK(valueText(metrics::metric(MetricId::audio_mos), std::nan("")) == "-");
}

}  // namespace
}  // namespace callflow::results
