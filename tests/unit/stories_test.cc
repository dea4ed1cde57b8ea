// Calls that met something else on one side than on the other, and what a run's table says of them.
#include "src/compare/stories.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "src/compare/story_text.h"
#include "tests/unit/sample_calls.h"

namespace callflow::compare {
namespace {

using metrics::CallRecord;
using test::lostCall;
using test::quietCall;
using test::restartedCall;
using test::resultOf;

Comparison compared(const CallRecord& a, const CallRecord& b) {
  const auto all = compareResults({resultOf({{"a", a}, {"b", b}})});
  REQUIRE(all.size() == 1);
  return all.front();
}

// The call as ten copies, or in as many runs.
results::Result tenfold(const CallRecord& a, const CallRecord& b, bool runs, int eventful = 10) {
  results::Result result = resultOf({{"a", a}, {"b", b}});
  const auto once = result.records;
  result.records.clear();
  for (const metrics::RunRecord& each : once) {
    metrics::RunRecord run = each;
    run.calls.clear();
    for (int i = 1; i <= 10; ++i) {
      CallRecord call = each.variant == "b" && i > eventful ? a : each.calls.front();
      if (!runs) call.copy = i;
      run.calls.push_back(call);
      if (!runs) continue;
      run.replication = i;
      result.records.push_back(run);
      run.calls.clear();
    }
    if (!runs) result.records.push_back(run);
  }
  return result;
}

TEST_CASE("calls to which the same happened do not differ, whenever it was", "[story]") {
  CHECK(compared(quietCall(), quietCall()).stories.empty());
  CallRecord later = restartedCall();
  for (metrics::CallEvent& event : later.events)
    if (event.at > Duration::s(15) && event.at < Duration::s(20)) event.at += Duration::s(10);
  CHECK(compared(restartedCall(), later).stories.empty());
  CHECK_THAT(renderText({compared(quietCall(), quietCall())}), !Catch::Contains("mid-call"));
}

TEST_CASE("what happened on either side is told where it differs", "[story]") {
  const Comparison quietAndLost = compared(quietCall(), lostCall());
  REQUIRE(quietAndLost.stories.size() == 1);
  CHECK(quietAndLost.stories[0].calls == std::vector<std::string>{"talk"});
  CHECK(quietAndLost.stories[0].a.says == "quiet");
  CHECK(quietAndLost.stories[0].a.eventful == 0);
  CHECK(quietAndLost.stories[0].b.eventful == 1);
  CHECK_THAT(renderText({compared(restartedCall(), lostCall())}, {.width = 200}),
             Catch::Contains("  in mid-call:\n    talk:\n"
                             "      A 15.3 s both disconnected, 16.2 s ann@home restarted ICE, "
                             "16.6 s both moved to relay udp, 16.7 s both connected again\n"
                             "      B 15.3 s both disconnected, 31.0 s both failed, 31.0 s both "
                             "ended with 410/301005\n"));
  const auto json = nlohmann::json::parse(renderJson({quietAndLost}));
  CHECK(json["comparisons"][0]["mid_call"][0]["calls"][0] == "talk");
  CHECK(json["comparisons"][0]["mid_call"][0]["a"]["says"] == "quiet");
  CHECK(json["comparisons"][0]["mid_call"][0]["b"]["runs"] == 1);
  CHECK_THAT(renderMarkdown({quietAndLost}),
             Catch::Contains("| talk | quiet | 15.3 s both disconnected, 31.0 s both failed"));
}

TEST_CASE("who met it tells stories apart", "[story]") {
  CallRecord ann = quietCall(), ben = quietCall();
  ann.events.push_back({Duration::s(15), "ann@home", metrics::CallEventKind::disconnected, {}});
  ben.events.push_back({Duration::s(15), "ben@peer", metrics::CallEventKind::disconnected, {}});
  CHECK(compared(ann, ann).stories.empty());
  CHECK(compared(ann, ben).stories.size() == 1);
}

TEST_CASE("of several runs it is said in how many", "[story]") {
  const auto some = compareResults({tenfold(quietCall(), lostCall(), true, 3)});
  REQUIRE(some.front().stories.size() == 1);
  CHECK_THAT(some.front().stories[0].b.says,
             Catch::EndsWith("410/301005 (in 3 of 10 runs; times of run 1)"));
  // In some and in all of them are different stories.
  const auto all = tenfold(quietCall(), lostCall(), true);
  CHECK_THAT(compareResults({all}).front().stories[0].b.says,
             Catch::EndsWith("(in all 10 runs; times of run 1)"));
}

TEST_CASE("calls of one story are told once", "[story]") {
  const auto copies = compareResults({tenfold(quietCall(), lostCall(), false)});
  REQUIRE(copies.front().stories.size() == 1);
  CHECK(copies.front().stories[0].calls.size() == 10);
  CHECK_THAT(storiesText(copies.front().stories),
             Catch::StartsWith("    talk#1, talk#2, talk#3 and 7 more:\n      A quiet\n"));
}

TEST_CASE("a result that noted no events is not said to have been quiet", "[story]") {
  CallRecord old = quietCall();
  old.events.clear();
  CHECK(compared(old, lostCall()).stories.empty());
}

TEST_CASE("the table of a run says in a line what happened to a call, and nothing of others",
          "[story]") {
  const auto textOf = [](const results::Result& result) {
    return renderRunTable(result, {.width = 200});
  };
  CHECK_THAT(
      textOf(resultOf({{"a", quietCall()}, {"b", restartedCall()}})),
      Catch::Contains("\nb: call talk: 15.3 s both disconnected, 16.2 s ann@home restarted "
                      "ICE, 16.6 s both moved to relay udp, 16.7 s both connected again\n") &&
          !Catch::Contains("a: call talk"));
  CHECK_THAT(textOf(tenfold(quietCall(), lostCall(), false)),
             Catch::Contains("\nb: calls talk#1, talk#2, talk#3 and 7 more: 15.3 s both "
                             "disconnected, 31.0 s both failed, 31.0 s both ended with 410/301005 "
                             "(times of talk#1)\n"));
  CHECK_THAT(textOf(tenfold(quietCall(), lostCall(), true, 3)),
             Catch::Contains("410/301005 (in 3 of 10 runs; times of run 1)\n"));
}

TEST_CASE("with -v the table of a run has the steps of setting calls up", "[story]") {
  const auto result = resultOf({{"a", quietCall()}});
  CHECK_THAT(renderRunTable(result, {.width = 200, .verbose = true}),
             Catch::Contains("SET-UP of a  FIRST-CANDIDATE     ICE    DTLS    MEDIA\n"
                             "ann@home               10 ms  200 ms  400 ms  1000 ms\n"));
  CHECK_THAT(renderRunTable(result, {.width = 200}), !Catch::Contains("SET-UP"));
}

}  // namespace
}  // namespace callflow::compare
