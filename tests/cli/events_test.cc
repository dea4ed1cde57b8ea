// What happens to a call's connections, as users get it: from the program. libwebrtc says
// disconnected 5 s after the first check without an answer, which leaves at most 2.5 s after the
// change; Azure's SDKs give up 120 s later.
#include <algorithm>
#include <catch2/catch.hpp>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "tests/cli/program.h"

namespace callflow::test {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;
using Catch::Contains;
const std::string life = CALLFLOW_SOURCE_DIR "/tests/cli/input/life.yaml";

constexpr double kChange = 12, kFirst = kChange + 5, kLast = kChange + 7.6, kGivesUp = 120;

Json callOf(const fs::path& dir, const std::string& variant) {
  std::ifstream in(dir / "results/life/latest/runs" / (variant + "-1") / "run.json");
  return Json::parse(in)["calls"][0];
}

// When a participant met an event, each time.
std::vector<double> timesOf(const Json& call, const std::string& who, const std::string& event,
                            const std::string& detail = {}) {
  std::vector<double> times;
  for (const Json& each : call["events"]) {
    if (each["participant"] == who && each["event"] == event &&
        (detail.empty() || each["detail"] == detail))
      times.push_back(each["at_s"]);
  }
  return times;
}

TEST_CASE("the time line of a call is in its results, its table, its pictures and Azure's logs",
          "[story]") {
  const fs::path dir = emptyDirectory(CALLFLOW_TEST_DIR, "life");
  const Output run = runCallflow({"run", life, "-n", "1", "--no-plots"}, dir);
  INFO(run.out << run.err);
  REQUIRE(run.code == 0);
  CHECK_THAT(run.out, !Contains("quiet: call talk"));
  // Whether ben notices before ann has restarted ICE depends on when his checks leave.
  CHECK_THAT(run.out, Contains("forgets: call talk: 1") && Contains(" disconnected, ") &&
                          Contains("s ann@a restarted ICE, ") && Contains(" connected again"));
  CHECK_THAT(run.out, Contains("gone: call talk: 1") && Contains("ended with 410/301005"));
  CHECK_THAT(run.out, Contains("  in mid-call:\n    talk:\n      A quiet\n      B 1"));

  for (const char* variant : {"quiet", "forgets", "gone"}) {
    INFO(variant);
    const Json call = callOf(dir, variant);
    for (const char* who : {"ann@a", "ben@b"}) {
      INFO(who);
      REQUIRE_FALSE(timesOf(call, who, "candidate").empty());
      REQUIRE_FALSE(timesOf(call, who, "pair").empty());
      REQUIRE_FALSE(timesOf(call, who, "selected").empty());
      REQUIRE(timesOf(call, who, "media").size() == 1);
      REQUIRE(timesOf(call, who, "ended").size() == 1);
      CHECK(timesOf(call, who, "candidate").front() < timesOf(call, who, "selected").front());
      CHECK(timesOf(call, who, "connected").front() < timesOf(call, who, "dtls").front());
      CHECK(timesOf(call, who, "dtls").front() <= timesOf(call, who, "media").front());
    }
    std::vector<std::string> steps;
    for (const Json& step : call["participants"][0]["set_up"]) steps.push_back(step["step"]);
    for (const char* step : {"first-candidate", "gathered", "ice", "dtls", "media"})
      CHECK(std::count(steps.begin(), steps.end(), step) == 1);
    CHECK(std::is_sorted(call["events"].begin(), call["events"].end(),
                         [](const Json& a, const Json& b) { return a["at_s"] < b["at_s"]; }));
  }

  const Json quiet = callOf(dir, "quiet");
  CHECK(timesOf(quiet, "ann@a", "disconnected").empty());
  CHECK(timesOf(quiet, "ann@a", "ended", "0/0").size() == 1);

  const Json forgets = callOf(dir, "forgets");
  REQUIRE(timesOf(forgets, "ann@a", "disconnected").size() == 1);
  const double lost = timesOf(forgets, "ann@a", "disconnected").front();
  CHECK(lost > kFirst);
  CHECK(lost < kLast);
  CHECK(timesOf(forgets, "ann@a", "networkReconnect", "bad") == std::vector<double>{lost});
  REQUIRE(timesOf(forgets, "ann@a", "restart").size() == 1);
  CHECK(timesOf(forgets, "ann@a", "restart").front() == Approx(lost));
  REQUIRE(timesOf(forgets, "ann@a", "connected").size() == 2);
  const double back = timesOf(forgets, "ann@a", "connected").back();
  CHECK(back > lost);
  CHECK(back < lost + 1);
  CHECK(timesOf(forgets, "ann@a", "networkReconnect", "good") == std::vector<double>{back});
  CHECK(timesOf(forgets, "ann@a", "ended", "0/0").size() == 1);

  const Json gone = callOf(dir, "gone");
  REQUIRE_FALSE(timesOf(gone, "ann@a", "disconnected").empty());
  REQUIRE(timesOf(gone, "ann@a", "ended", "410/301005").size() == 1);
  CHECK(timesOf(gone, "ann@a", "ended").front() ==
        Approx(timesOf(gone, "ann@a", "disconnected").front() + kGivesUp));

  // ---- stored, and shown in other ways
  const Output logs = runCallflow({"run", life, "-n", "1", "--no-plots", "--format", "acs"}, dir);
  REQUIRE(logs.code == 0);
  std::istringstream in(logs.out);
  std::vector<std::string> told;
  std::size_t removed = 0;
  for (std::string line; std::getline(in, line);) {
    const Json log = Json::parse(line);
    const Json& said = log["properties"];
    if (log["category"] == "CallSummary" && said["ParticipantEndSubCode"] == "301005") ++removed;
    if (log["category"] != "CallClientOperations") continue;
    told.push_back(said["OperationName"].get<std::string>() + " " +
                   Json::parse(said["OperationPayload"].get<std::string>())["value"].dump());
  }
  CHECK(removed == 2);
  // Who was told Bad is told Good, but for the two who were removed.
  const auto bad = std::count(told.begin(), told.end(), R"(networkReconnect "Bad")");
  const auto good = std::count(told.begin(), told.end(), R"(networkReconnect "Good")");
  CHECK(good >= 1);
  CHECK(bad == good + 2);
  // Silence of six seconds and more is bad, and good again only where the call goes on.
  const auto count = [&](const char* what) { return std::count(told.begin(), told.end(), what); };
  CHECK(count(R"(networkReceiveQuality "Bad")") == 4);
  CHECK(count(R"(networkReceiveQuality "Good")") == 2);

  const Output drawn =
      runCallflow({"plot", "results/life/latest", "--format", "svg", "--only", "call-events"}, dir);
  CHECK(drawn.code == 0);
  CHECK(fs::exists(dir / "results/life/latest/plots/call-events.svg"));
}

}  // namespace
}  // namespace callflow::test
