// Names of any kind go through every file of a result. What may stand in a name is the reader's of
// the input to say; here it may be anything that is text.
#include <catch2/catch.hpp>
#include <random>

#include "src/results/csv.h"
#include "src/results/pack.h"
#include "src/results/run_files.h"
#include "src/results/run_tables.h"
#include "src/results/store.h"
#include "tests/unit/result_files.h"
#include "tests/unit/sample_result.h"

namespace callflow::results {
namespace {

using test::freshRoot;

// What formats and shells are particular about, and letters of several lengths in UTF-8.
const std::vector<std::string> pieces = {
    "\"", "\"\"",   "'",      "''",         ",",      ";",      "\n",   "\r\n", "\r",
    "\t", "\\",     "\\n",    "=",          "+",      "-",      "@",    "%",    "%d",
    "{",  "}",      "[",      "#",          ":",      "/",      "..",   "`",    "$",
    "&",  "<",      "|",      " ",          "0",      "1e9",    "-1",   "null", "a",
    "Z",  "\u00e9", "\u4e16", "\U0001F600", "\u202e", "\u00a0", "\x01", "\x7f"};

class Names {
 public:
  explicit Names(unsigned seed) : random_(seed) {}
  std::string next() {
    std::string name;
    const int length = std::uniform_int_distribution<int>(1, 6)(random_);
    for (int i = 0; i < length; ++i)
      name += pieces[std::uniform_int_distribution<std::size_t>(0, pieces.size() - 1)(random_)];
    return name + std::to_string(count_++);  // no two alike
  }

 private:
  std::mt19937 random_;
  int count_ = 0;
};

// Gives everything in a result that has a name another one.
Result renamed(Result result, Names& names) {
  result.scenario = names.next();
  result.title = names.next();
  for (CaseInput& c : result.cases) {
    const std::string variant = names.next();
    for (metrics::RunRecord& r : result.records)
      if (r.variant == c.variant) r.variant = variant;
    c.variant = variant;
    if (!c.base.empty()) c.base = names.next();
    for (auto& step : c.cell) step = {names.next(), names.next()};
  }
  for (metrics::RunRecord& r : result.records) {
    for (metrics::StreamRecord& s : r.streams) {
      s.call = names.next();
      s.from = names.next();
      s.to = names.next();
      for (auto& part : s.budget) part.element = names.next();
      for (auto& leg : s.legs)
        for (auto& node : leg.nodes) node = names.next();
      for (auto& attempt : s.attempts) attempt.reason = names.next();
      for (auto& frame : s.trace)
        for (auto& crossing : frame.crossings) crossing.lostAt = names.next();
    }
    r.failedCalls = {{names.next(), 410, 3112, {names.next(), names.next()}}};
    r.links = {{names.next(), 1, 2, 3, {}}};
    r.drops = {{names.next(), names.next(), 4}};
  }
  return result;
}

TEST_CASE("a cell holds any text, and none that a spreadsheet would run") {
  Names names(1);
  for (int i = 0; i < 20'000; ++i) {
    const std::string name = names.next();
    CsvWriter writer({"name", "other"});
    writer.row({name, "x"});
    const std::string cell = writer.text().substr(writer.text().find('\n') + 1);
    const char first = cell[cell[0] == '"' ? 1 : 0];
    INFO(name);
    CHECK((std::string("=@\t\r").find(first) == std::string::npos));
    const CsvTable table = CsvTable::parse(writer.text(), "t.csv");
    REQUIRE(table.rows().size() == 1);
    CHECK(table.rows()[0] == std::vector<std::string>{name, "x"});
  }
  CHECK(csvField("=HYPERLINK(\"x\")") == "\"'=HYPERLINK(\"\"x\"\")\"");
  CHECK(csvField("-1+cmd") == "'-1+cmd");
  CHECK(csvField("+0.5") == "+0.5");  // numbers are what they were
  CHECK(csvField("-0.000001") == "-0.000001");
  CHECK(csvField("-") == "'-");
}

TEST_CASE("names of any kind come out of a result as they went in") {
  for (unsigned seed = 1; seed <= 8; ++seed) {
    Names names(seed);
    for (const Result& sample : {test::threePackets(), test::sweptResult()}) {
      const Result result = renamed(sample, names);
      INFO("seed " << seed);
      const Result read = loadResult(writeResult(result, {}, {freshRoot("names"), false}));
      CHECK(read.scenario == result.scenario);
      CHECK(read.title == result.title);
      REQUIRE(read.cases.size() == result.cases.size());
      for (std::size_t i = 0; i < read.cases.size(); ++i) {
        CHECK(read.cases[i].variant == result.cases[i].variant);
        CHECK(read.cases[i].base == result.cases[i].base);
        CHECK((read.cases[i].cell == result.cases[i].cell));
      }
      // In order of case and replication, as recordsOf() gives them.
      std::size_t at = 0;
      for (const CaseInput& c : result.cases) {
        for (const metrics::RunRecord* run : recordsOf(result, c.variant)) {
          const metrics::RunRecord& back = read.records.at(at++);
          // The record as bytes holds every name; numbers are rounded on their way through files,
          // so those of the original are put through them as well.
          const metrics::RunRecord once = readRunTexts(runFiles(*run), "once");
          CHECK(pack(back) == pack(once));
          REQUIRE(back.streams.size() == run->streams.size());
          for (std::size_t s = 0; s < back.streams.size(); ++s) {
            CHECK(back.streams[s].call == run->streams[s].call);
            CHECK(back.streams[s].to == run->streams[s].to);
            for (std::size_t b = 0; b < back.streams[s].budget.size(); ++b)
              CHECK(back.streams[s].budget[b].element == run->streams[s].budget[b].element);
            for (std::size_t f = 0; f < back.streams[s].trace.size(); ++f) {
              const auto& crossings = run->streams[s].trace[f].crossings;
              for (std::size_t k = 0; k < crossings.size(); ++k)
                CHECK(back.streams[s].trace[f].crossings.at(k).lostAt == crossings[k].lostAt);
            }
          }
          CHECK(back.failedCalls.at(0).reasons == run->failedCalls.at(0).reasons);
          CHECK(back.links.at(0).link == run->links.at(0).link);
          CHECK(back.drops.at(0).reason == run->drops.at(0).reason);
        }
      }
    }
  }
}

}  // namespace
}  // namespace callflow::results
