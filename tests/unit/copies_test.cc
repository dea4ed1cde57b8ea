// Calls and participants that are written once and stand for many.
#include <catch2/catch.hpp>
#include <string>

#include "src/topology/copies.h"
#include "tests/support/scenarios.h"

using namespace callflow;
using namespace callflow::topology;

namespace {

std::string people(const Call& call) {
  std::string text;
  for (const Participant& who : call.participants) text += who.name + "@" + who.site + " ";
  return text;
}

const std::string kHead =
    "scenario: many\ntopology: {sites: {hq: {}}, remote: {home: {}}}\nruns: 1\n";

}  // namespace

TEST_CASE("a call with a count is so many calls of one name, each of its own people") {
  const Scenario scenario = testing::parsedScenario(
      "many", kHead +
                  "calls: [{name: desk, participants: [agent@hq, caller@home], senders: "
                  "[agent], count: 3}]\n");
  const std::vector<Call>& calls = scenario.cases.front().calls;
  REQUIRE(calls.size() == 3);
  CHECK(calls[0].name == "desk");
  CHECK(calls[2].name == "desk");
  CHECK(people(calls[0]) == "agent-1@hq caller-1@home ");
  CHECK(people(calls[2]) == "agent-3@hq caller-3@home ");
  CHECK(calls[2].senders == std::vector<std::string>{"agent-3"});
  CHECK(calls[2].copy == 2);
}

TEST_CASE("a participant with a number is so many of them") {
  const Scenario scenario = testing::parsedScenario(
      "many", kHead +
                  "calls: [{name: class, kind: group, participants: [teacher@hq, pupil@home x "
                  "3], senders: [pupil]}]\n");
  const std::vector<Call>& calls = scenario.cases.front().calls;
  REQUIRE(calls.size() == 1);
  CHECK(people(calls[0]) == "teacher@hq pupil-1@home pupil-2@home pupil-3@home ");
  CHECK(calls[0].senders == std::vector<std::string>{"pupil-1", "pupil-2", "pupil-3"});
  CHECK(scenario.cases.front().resolvedYaml.find("pupil@home x 3") != std::string::npos);
}
