// What happened to calls, in pictures: marks over time, and a picture of its own.
#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <cmath>
#include <regex>
#include <string>
#include <vector>

#include "src/plot/call_events/data.h"
#include "src/plot/marks.h"
#include "src/plot/pictures.h"
#include "tests/unit/sample_calls.h"
#include "tests/unit/sample_result.h"

namespace callflow::plot {
namespace {

using metrics::FrameFate;
using test::lostCall;
using test::quietCall;
using test::restartedCall;

std::string marksText(const std::vector<Mark>& marks) {
  std::string text;
  for (const Mark& mark : marks) text += fmt::format("{:g} {}; ", mark.at, mark.words);
  return text;
}

// Labels of a strip in a plot that is 570 pixels wide and 57 s long: 10 pixels a second.
std::vector<std::pair<double, double>> placesOf(const std::vector<Mark>& marks) {
  Layout layout;
  const MarkStrip strip(marks, layout, 0, 57);
  strip.widen(layout);
  const std::string script = strip.script(layout);
  std::vector<std::pair<double, double>> places;  // s, rows above the lowest
  const std::regex label("set label .* at first ([0-9.]+), screen ([0-9.]+) left");
  for (std::sregex_iterator at(script.begin(), script.end(), label), end; at != end; ++at) {
    const double y = (1 - std::stod((*at)[2])) * layout.height;  // pixels from above
    places.emplace_back(std::stod((*at)[1]), std::round((layout.top - 7.5 - y) / 15));
  }
  return places;
}

}  // namespace

TEST_CASE("marks stand on the picture's time, and say who but for everybody", "[story]") {
  CHECK(marksOf(quietCall(), {}, 0).empty());
  CHECK(marksText(marksOf(restartedCall(), Duration::s(3), 0)) ==
        "12.3 disconnected; 13.2 ICE restart; 13.6 relay udp; 13.7 connected; ");
  CHECK(marksText(marksOf(test::resultOf({{"a", quietCall()}, {"b", lostCall()}}), "b", 1)) ==
        "12.3 disconnected; 28 failed; 28 410/301005; ");
}

TEST_CASE("labels of marks are apart, and no pole goes through one", "[story]") {
  using Places = std::vector<std::pair<double, double>>;
  // "0123456789" is at most 80 pixels wide: 8 s.
  CHECK(placesOf({{10, "0123456789", 0}, {20, "0123456789", 0}}) == Places{{10, 0}, {20, 0}});
  // The first reaches to 18 s, and the second to 22 s.
  CHECK(placesOf({{10, "0123456789", 0}, {14, "0123456789", 0}, {18.5, "x", 0}}) ==
        Places{{10, 2}, {14, 1}, {18.5, 0}});
  CHECK(placesOf({{10, "0123456789", 0}, {12, "0123456789", 1}, {14, "0123456789", 0}}) ==
        Places{{10, 2}, {12, 1}, {14, 0}});
  // Less than 8 pixels apart, they are one of the same series, and two of different ones.
  CHECK(placesOf({{10, "a", 0}, {10.7, "b", 0}}) == Places{{10, 0}});
  CHECK(placesOf({{10, "a", 0}, {10.7, "b", 1}}) == Places{{10, 1}, {10.7, 0}});
  // The same of two series is one.
  CHECK(placesOf({{10, "a", 0}, {10.01, "a", 1}}) == Places{{10, 0}});
  // What is outside is not there.
  CHECK(placesOf({{-1, "a", 0}, {58, "b", 0}}).empty());
}

TEST_CASE("no marks, no room for them", "[story]") {
  Layout layout;
  MarkStrip({}, layout, 0, 10).widen(layout);
  CHECK(layout.height == Layout{}.height);
  CHECK(MarkStrip({}, layout, 0, 10).script(layout).empty());
}

TEST_CASE("pictures over time have the marks of a call", "[story]") {
  results::Result result = test::sampleResult(1);
  for (const char* name : {"delay-time", "mos"}) {
    INFO(name);
    CHECK_THAT(drawn(name, result).figure->script, !Catch::Contains("disconnected"));
  }
  // Media begins at 1 s, and what is scored at 1.5 s.
  metrics::CallRecord& call = result.records[1].calls.front();  // of tcp-only
  call.events = {{Duration::ms(800), "alice", metrics::CallEventKind::connected, {}},
                 {Duration::ms(21'500), "alice", metrics::CallEventKind::disconnected, {}}};
  CHECK_THAT(drawn("delay-time", result).figure->script,
             Catch::Contains("set label \"alice disconnected\" at first 20.5, screen"));
  CHECK_THAT(drawn("mos", result).figure->script,
             Catch::Contains("set label \"alice disconnected\" at first 20, screen"));
}

TEST_CASE("lanes of a call: states, paths and silence", "[story]") {
  const auto picture = drawn("call-events", test::resultOf({{"shut", lostCall()}}));
  REQUIRE(picture.figure);
  CHECK(picture.figure->data ==
        "y,band,what,from[s],to[s],variant,participant\n"
        "0.6,state,checking,0,0.2,shut,ann@home\n"
        "0.6,state,connected,0.2,15.3,shut,ann@home\n"
        "0.6,state,disconnected,15.3,31,shut,ann@home\n"
        "0.6,path,srflx,0.2,31,shut,ann@home\n"
        "0.6,ended,410/301005,31,31,shut,ann@home\n"
        "1.6,state,checking,0,0.25,shut,ben@peer\n"
        "1.6,state,connected,0.25,15.3,shut,ben@peer\n"
        "1.6,state,disconnected,15.3,31,shut,ben@peer\n"
        "1.6,path,srflx,0.25,31,shut,ben@peer\n"
        "1.6,ended,410/301005,31,31,shut,ben@peer\n");
  CHECK_THAT(
      picture.figure->script,
      Catch::Contains("talk: 15.3 s both disconnected, 1 more, 31.0 s both ended with 410/301005"));

  results::Result moved = test::resultOf({{"quiet", quietCall()}, {"moved", restartedCall()}});
  // Ann sends a frame each 20 ms from 10 s on; those of 10.1 s to 10.3 s and of 10.5 s are lost.
  metrics::StreamRecord stream;
  stream.call = "talk";
  stream.from = "ann@home";
  stream.to = "ben@peer";
  for (int i = 0; i < 100; ++i) {
    metrics::FrameTrace frame;
    frame.sequence = i;
    frame.sent = TimePoint::at(Duration::ms(10'000 + 20 * i));
    frame.fate = (i >= 5 && i < 15) || i == 25 ? FrameFate::lost : FrameFate::played;
    stream.trace.push_back(frame);
  }
  moved.records[1].streams = {stream};
  const auto both = drawn("call-events", moved);
  REQUIRE(both.figure);
  CHECK_THAT(both.figure->data, Catch::Contains("3.2,path,srflx,0.2,16.62,moved,ann@home\n"
                                                "3.2,path,relay udp,16.62,40,moved,ann@home\n"
                                                "3.2,restart,,16.2,16.2,moved,ann@home\n") &&
                                    Catch::Contains("4.2,path,peer's relay,16.6,40,moved,ben@peer\n"
                                                    "4.2,silence,,10.1,10.3,moved,ben@peer\n"));
}

TEST_CASE("a quiet call has no picture of its events", "[story]") {
  const auto none = drawn("call-events", test::resultOf({{"a", quietCall()}}));
  CHECK_FALSE(none.figure);
  CHECK(none.whyNot == "nothing happened to the connections of calls once they stood");
}

}  // namespace callflow::plot
