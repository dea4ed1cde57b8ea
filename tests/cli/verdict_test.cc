// What `run` and `compare` make of calls, expectations and differences: exit codes, words, width,
// JUnit XML.
#include <stdlib.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/cli/program.h"

namespace callflow::test {
namespace {

namespace fs = std::filesystem;
const std::string input = CALLFLOW_SOURCE_DIR "/tests/cli/input/";
const std::string blockedGuest = input + "blocked-guest.yaml";

fs::path scratch(const std::string& name) {
  return emptyDirectory(CALLFLOW_TEST_DIR, name);
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

// Blocked guest with expectations, run without pictures.
Output runExpecting(const fs::path& dir, const std::string& expect,
                    const std::vector<std::string>& more = {}) {
  const fs::path file = dir / "expecting.yaml";
  std::ofstream(file) << contentOf(blockedGuest) << "expect:\n" << expect;
  std::vector<std::string> words{"run", file.string(), "--no-plots"};
  words.insert(words.end(), more.begin(), more.end());
  return runCallflow(words, dir);
}

std::size_t longestLine(const std::string& text) {
  std::size_t longest = 0, length = 0;
  for (const char c : text) {
    if ((static_cast<unsigned char>(c) & 0xC0U) != 0x80U) ++length;
    if (c == '\n') {
      longest = std::max(longest, length - 1);
      length = 0;
    }
  }
  return longest;
}

class Columns {
 public:
  explicit Columns(const char* columns) { ::setenv("COLUMNS", columns, 1); }
  ~Columns() { ::unsetenv("COLUMNS"); }
};

}  // namespace

TEST_CASE("a call that does not connect exits with 5, unless an expectation speaks of it") {
  const fs::path dir = scratch("connects");
  const Output silent = runCallflow({"run", blockedGuest, "--no-plots"}, dir);
  CHECK(silent.code == 5);
  CHECK(
      has(silent.err,
          "blocked-guest: 1 call does not connect: guest in now; where that is right, write under "
          "expect: \"guest is blocked in now\""));
  CHECK(runExpecting(dir, "  - guest is blocked in now\n").code == 0);
  CHECK(runExpecting(dir, "  - guest is blocked in now\n  - guest connects in open\n").code == 0);
  const Output missed = runExpecting(dir, "  - guest connects\n");
  CHECK(missed.code == 3);
  CHECK(has(missed.out, "FAIL  guest connects  now   is blocked, 410/3112\n"));
  CHECK(has(missed.out, "ok    guest connects  open  connects\n"));
  CHECK(runExpecting(dir, "  - guest is blocked\n").code == 3);  // it is not in open
  CHECK(runExpecting(dir, "  - guest is blocked in open\n").code == 5);
  // Of the blocked call, nothing can be measured.
  const Output nothing =
      runExpecting(dir, "  - guest is blocked in now\n  - call.guest.audio.mos >= 1 in now\n");
  CHECK(nothing.code == 3);
  CHECK(has(nothing.out, "call guest failed, 410/3112"));
}

TEST_CASE("quiet tells what was expected and is not so") {
  const Output output =
      runExpecting(scratch("quiet"), "  - guest connects\n  - desk connects\n", {"-q"});
  CHECK(output.code == 3);
  CHECK(output.out.empty());
  CHECK(has(output.err, "FAIL  guest connects  now  is blocked, 410/3112\n"));
  CHECK_FALSE(has(output.err, "desk"));
}

TEST_CASE("expectations are of differences and of single streams") {
  const Output output =
      runExpecting(scratch("scoped"),
                   "  - guest is blocked in now\n"
                   "  - audio.mos of open - now >= -0.01\n"
                   "  - audio.one_way_delay_p95 of open - now <= 0.1 ms\n"
                   "  - call.guest.alice->bob.audio.one_way_delay_p95 >= 10 ms in open\n"
                   "  - call.desk.audio.one_way_delay_p95 <= 1 ms\n");
  // The desk's call, which both variants have, is the same in both.
  CHECK(output.code == 0);
  CHECK_FALSE(has(output.out, "FAIL"));
}

TEST_CASE("compare compares the streams that both have, and whether calls connect decides") {
  const fs::path dir = scratch("compared");
  const Output gained = runCallflow({"compare", blockedGuest, "--fail-on-regression"}, dir);
  CHECK(gained.code == 0);
  CHECK(has(gained.out, "  call guest  "));
  CHECK(has(gained.out, " fails -> connects  "));
  CHECK_FALSE(has(gained.out, "WORSE"));
  const Output lost =
      runCallflow({"compare", blockedGuest, "--fail-on-regression", "--baseline", "open"}, dir);
  CHECK(lost.code == 4);
  CHECK(has(lost.out, "connects -> fails"));
  CHECK(has(lost.out, "WORSE\n"));
  const auto json = nlohmann::json::parse(
      runCallflow({"compare", blockedGuest, "--format", "json", "--baseline", "open"}, dir).out);
  CHECK(json["regression"] == true);
  CHECK(json["comparisons"][0]["streams"]["both"] == 2);
}

TEST_CASE("compare --margin says from where on a difference matters") {
  const fs::path dir = scratch("margin");
  const std::string worse = input + "worse.yaml";
  const std::vector<std::string> plain{"compare", worse, "--fail-on-regression", "--metric",
                                       "audio.mos"};
  const auto with = [&](const std::string& margin) {
    std::vector<std::string> words = plain;
    words.insert(words.end(), {"--margin", margin});
    return runCallflow(words, dir);
  };
  CHECK(runCallflow(plain, dir).code == 4);
  const Output coarse = with("audio.mos=4");
  CHECK(coarse.code == 0);
  CHECK(has(coarse.out, "no difference that matters"));
  CHECK(with("audio.mos=0.01").code == 4);
  for (const auto& [margin, problem] : std::vector<std::pair<std::string, std::string>>{
           {"audio.mos", "says nothing of a size; write for example audio.mos=0.1"},
           {"mos=1", "did you mean \"audio.mos\"?"},
           {"audio.mos=much", "is not a number of MOS"},
           {"audio.mos=-1", "is below 0"},
           {"audio.lost_ratio=1", "write \"1%\""},
           {"call.chat.audio.mos=1", "write audio.mos=1"}}) {
    const Output wrong = with(margin);
    INFO(margin << ": " << wrong.err);
    CHECK(wrong.code == 2);
    CHECK(has(wrong.err, problem));
  }
}

TEST_CASE("text keeps within the terminal and says each reason once") {
  const fs::path dir = scratch("width");
  const std::string group = input + "group.yaml";
  const Output plain = runCallflow({"run", group, "--no-plots"}, dir);
  CHECK(plain.code == 0);
  CHECK(longestLine(plain.out) <= 100);
  CHECK(std::count(plain.out.begin(), plain.out.end(), '\n') <= 70);
  CHECK(has(plain.out, "standup (6 streams):\n"));
  CHECK(has(plain.out, "(the same of"));
  const Output all = runCallflow({"run", group, "--no-plots", "-v"}, dir);
  CHECK(has(all.out, "standup alice@office -> bob@branch audio"));
  CHECK(longestLine(all.out) <= 100);
  CHECK(all.out.size() > plain.out.size());
  for (const char* columns : {"60", "72", "140"}) {
    const Columns set(columns);
    for (const std::string& file : {group, blockedGuest}) {
      for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{
               {"compare", file}, {"explain", file}, {"run", file, "--no-plots"}}) {
        const Output output = runCallflow(words, dir);
        const std::string& verb = words.front();
        INFO(verb << " " << file << " in " << columns << ":\n" << output.out);
        CHECK(longestLine(output.out) <= std::stoul(columns));
      }
    }
  }
}

TEST_CASE("run and compare write JUnit XML") {
  const fs::path dir = scratch("junit");
  runExpecting(dir, "  - audio.mos >= 4.9 in open\n", {"--junit", "run.xml"});
  const std::string run = contentOf(dir / "run.xml");
  CHECK(has(run, "<testsuite name=\"blocked-guest\" tests=\"5\" failures=\"2\" errors=\"0\""));
  CHECK(has(run,
            "<testcase classname=\"now\" name=\"call guest connects as expected\">\n"
            "      <failure message=\"the call does not connect\">410/3112"));
  CHECK(has(run,
            "<testcase classname=\"open\" name=\"audio.mos &gt;= 4.9 in open\">\n"
            "      <failure message=\"measured 4."));
  runCallflow({"compare", blockedGuest, "--baseline", "open", "--junit", "compare.xml"}, dir);
  const std::string compared = contentOf(dir / "compare.xml");
  CHECK(has(compared, "<testsuite name=\"open -&gt; now\""));
  CHECK(has(compared, "<failure message=\"connects -&gt; fails\">"));
  const Output wrong = runCallflow({"compare", blockedGuest, "--junit", "/no/such/x.xml"}, dir);
  CHECK(wrong.code == 2);
  CHECK(has(wrong.err, "--junit: cannot write /no/such/x.xml"));
}

TEST_CASE("graph, explain and validate speak JSON") {
  const fs::path dir = scratch("json");
  const std::string group = input + "group.yaml";
  const auto graph = nlohmann::json::parse(
      runCallflow({"graph", group, "--format", "json", "--call", "standup"}, dir).out);
  CHECK(graph["elements"].size() > 5);
  CHECK(graph["links"][0].contains("delay_ms"));
  CHECK(graph["call"]["media_processor"] == "westeurope");
  const auto explained =
      nlohmann::json::parse(runCallflow({"explain", blockedGuest, "--format", "json"}, dir).out);
  REQUIRE(explained["variants"].size() == 2);
  const auto& guest = explained["variants"][0]["calls"][0];
  CHECK(guest["failures"][0]["code"] == 410);
  CHECK(guest["failures"][0]["attempts"][0]["chosen"] == false);
  const auto& open = explained["variants"][1]["calls"][0];
  CHECK(open["paths"][0]["path"] == "direct");
  CHECK(open["paths"][0]["legs"][0]["hops"].size() > 1);
  const Output valid = runCallflow({"validate", group, "--format", "json"}, dir);
  CHECK(valid.code == 0);
  CHECK(nlohmann::json::parse(valid.out)["files"][0]["ok"] == true);
  std::ofstream(dir / "wrong.yaml") << "calls: 1\n";
  const Output wrong = runCallflow({"validate", "wrong.yaml", "--format", "json"}, dir);
  CHECK(wrong.code == 2);
  const auto told = nlohmann::json::parse(wrong.out);
  CHECK(told["files"][0]["ok"] == false);
  CHECK(told["diagnostics"][0]["file"] == "wrong.yaml");
  CHECK(told["diagnostics"][0]["line"].is_number());
}

}  // namespace callflow::test
