// Pictures of video, of results made by hand: windows of 1 s, as the simulation leaves them.
#include <catch2/catch.hpp>
#include <cmath>

#include "src/plot/pictures.h"
#include "src/plot/plot.h"
#include "src/results/csv.h"
#include "tests/unit/sample_result.h"

namespace callflow::plot {
namespace {

using metrics::MetricId;

// Four windows; the last shows nothing.
metrics::StreamRecord video(const std::string& from, const std::string& to, double height,
                            double vq) {
  metrics::StreamRecord s;
  s.call = "standup";
  s.from = from;
  s.to = to;
  s.medium = "video";
  s.path = "direct";
  s.transport = "udp";
  s.codec = "vp8";
  s.totals[MetricId::video_received_rate] = 900e3;
  s.totals[MetricId::video_frame_height] = height;
  s.totals[MetricId::video_frame_rate] = 22.5;
  s.totals[MetricId::video_frames_decoded] = 90;
  s.totals[MetricId::video_freezes] = 1;
  s.totals[MetricId::video_freeze_ratio] = 0.05;
  s.totals[MetricId::video_vq] = vq;
  s.totals[MetricId::video_vq_freeze_strict] = vq - 0.5;
  s.totals[MetricId::video_vq_freeze_lenient] = vq - 0.25;
  for (int i = 0; i < 4; ++i) {
    metrics::Window w;
    w.start = Duration::s(i);
    w.values[MetricId::video_available_rate] = 2e6;
    w.values[MetricId::video_target_rate] = 1.5e6;
    w.values[MetricId::video_sent_rate] = 1.4e6;
    w.values[MetricId::video_received_rate] = i == 3 ? 0 : 1.2e6;
    w.values[MetricId::video_frame_height] = i == 0 ? height / 2 : height;
    w.values[MetricId::video_frame_rate] = i == 3 ? 0 : 30;
    w.values[MetricId::video_capture_to_render] = i == 3 ? std::nan("") : 0.080;
    w.values[MetricId::video_rtcp_round_trip] = 0.040;
    w.values[MetricId::video_lost_ratio] = i == 2 ? 0.02 : 0;
    // Stood still from 1 s on, for 1.5 s: it counts where it ends.
    w.values[MetricId::video_freeze_duration] = i == 2 ? 1.5 : 0;
    s.windows.push_back(w);
  }
  return s;
}

// One run of one variant.
results::Result resultOf(std::vector<metrics::StreamRecord> streams,
                         const std::vector<std::string>& people) {
  results::Result result;
  result.scenario = "seen";
  result.title = "Seen";
  result.runs = 1;
  result.cases = {{"base", "x: 1\n"}};
  metrics::RunRecord run;
  run.variant = "base";
  run.replication = 1;
  run.streams = std::move(streams);
  metrics::CallRecord call;
  call.call = "standup";
  for (const std::string& name : people) call.participants.push_back({name, false, 0, 0, "", {}});
  run.calls = {call};
  result.records = {run};
  return result;
}

results::Result groupResult() {
  return resultOf({video("ann@hq", "bob@hq", 720, 4.0), video("ann@hq", "cy@home", 180, 3.0),
                   video("bob@hq", "cy@home", 360, 3.5)},
                  {"ann@hq", "bob@hq", "cy@home"});
}

results::CsvTable tableOf(const char* name, const results::Result& result) {
  const Drawn picture = drawn(name, result);
  REQUIRE(picture.figure);
  return results::CsvTable::parse(picture.figure->data, name);
}

}  // namespace

TEST_CASE("the rate of video is of the stream that is seen worst, window by window") {
  const results::Result result = groupResult();
  const auto table = tableOf("video-rate", result);
  REQUIRE(table.rows().size() == 4);
  CHECK(table.rows()[0] == std::vector<std::string>{"0", "0", "1", "2000", "1500", "1400", "1200",
                                                    "90", "30", "80", "40", "0", "0", "base"});
  CHECK(table.rows()[2][11] == "2");    // % lost
  CHECK(table.rows()[2][12] == "1.5");  // s
  // Nothing was decoded: there is no height and no delay, however the last picture was.
  CHECK(table.rows()[3][7] == "NaN");
  CHECK(table.rows()[3][9] == "NaN");
  const std::string script = drawn("video-rate", result).figure->script;
  CHECK_THAT(script, Catch::Contains("ann\\100hq to cy\\100home, run 1"));
  // From 1.5 s to the end of its window at 3 s.
  CHECK_THAT(script, Catch::Contains("rectangle from first 1.5,graph 0 to first 3,graph 1"));
  CHECK_FALSE(drawn("video-rate", test::sampleResult(1)).figure);
}

TEST_CASE("the picture's score stands beside the sound's, with its interval over the runs") {
  results::Result result = test::sampleResult(3);
  for (auto& run : result.records) {
    const bool tcp = run.variant == "tcp-only";
    // 4.0, 4.1 and 4.2; over TCP 3.0, 3.1 and 3.2.
    run.streams.push_back(video("alice", "bob", 720, (tcp ? 2.9 : 3.9) + 0.1 * run.replication));
  }
  const auto table = tableOf("video-quality", result);
  REQUIRE(table.rows().size() == 2);
  const auto& udp = table.rows()[0];
  CHECK(std::stod(udp[1]) == Approx(4.02));  // MOS of runs: 4.01, 4.02, 4.03
  CHECK(std::stod(udp[4]) == Approx(4.1));
  // Student's t of two degrees of freedom is 4.303: 4.303 * 0.1 / sqrt 3 on either side.
  CHECK(std::stod(udp[5]) == Approx(4.1 - 0.2484).epsilon(1e-4));
  CHECK(std::stod(udp[6]) == Approx(4.1 + 0.2484).epsilon(1e-4));
  CHECK(std::stod(udp[7]) == Approx(3.6));
  CHECK_THAT(
      drawn("video-quality", result).figure->script,
      Catch::Contains("The picture is best with udp-open (4.10), worst with tcp-only (3.10)"));
  CHECK_FALSE(drawn("video-quality", test::sampleResult(1)).figure);
}

TEST_CASE("a group's map has a column for who sends and a row for who sees") {
  const results::Result result = groupResult();
  const auto table = tableOf("group-map", result);
  REQUIRE(table.rows().size() == 3);
  // By row and column: bob sees ann; cy sees ann, then bob. 5 % of the time is framed.
  CHECK(table.rows()[0] == std::vector<std::string>{"0", "0", "0", "720", "22.5", "4", "5",
                                                    "720p22", "0", "1", "ann@hq", "bob@hq",
                                                    "base"});
  CHECK(table.rows()[1][7] == "180p22");
  CHECK(table.rows()[1][11] == "cy@home");
  CHECK(table.rows()[2][1] == "1");
  // 270 is the mean of 180 and 360.
  const std::string script = drawn("group-map", result).figure->script;
  CHECK_THAT(script, Catch::Contains("cy\\100home sees 270 lines on average; the best off 720"));
  CHECK_FALSE(
      drawn("group-map", resultOf({video("ann@hq", "bob@hq", 720, 4.0)}, {"ann@hq", "bob@hq"}))
          .figure);
}

TEST_CASE("who sends and is not seen is told as none") {
  results::Result result = groupResult();
  metrics::StreamRecord& s = result.records[0].streams[0];
  s.totals[MetricId::video_frame_rate] = 0;
  s.totals[MetricId::video_frame_height] = std::nan("");
  const auto table = tableOf("group-map", result);
  CHECK(table.rows()[0][3] == "NaN");
  CHECK(table.rows()[0][7] == "none");
  CHECK(table.rows()[0][9] == "0");
}

TEST_CASE("a group of more than fifty is shown by site") {
  std::vector<std::string> people;
  std::vector<metrics::StreamRecord> streams;
  for (int i = 0; i < 51; ++i) {
    people.push_back("p" + std::to_string(i) + (i % 2 == 0 ? "@east" : "@west"));
    // p0 is seen by everybody else: 25 in the east at 180 lines, 25 in the west at 360.
    if (i > 0) streams.push_back(video(people[0], people.back(), i % 2 == 0 ? 180 : 360, 3));
  }
  const auto table = tableOf("group-map", resultOf(streams, people));
  REQUIRE(table.rows().size() == 2);
  std::vector<std::string> told;
  for (const auto& row : table.rows()) told.push_back(row[10] + " " + row[11] + " " + row[3]);
  CHECK(told == std::vector<std::string>{"east west 360", "east east 180"});
}

TEST_CASE("bands of what each gets end where the size changes or nothing comes") {
  const auto table = tableOf("layers", groupResult());
  std::vector<std::string> told;
  for (const auto& row : table.rows())
    if (row[6] == "cy@home" && row[7] == "bob@hq")
      told.push_back(row[2] + " " + row[3] + " " + row[4] + " " + row[5]);
  CHECK(told == std::vector<std::string>{"height 0 1 180", "height 1 3 360", "frozen 1.5 3 NaN"});
  // Lanes: a line for bob's name and one lane, a line for cy's and two.
  CHECK(table.rows().front()[1] == "1");
  CHECK(table.rows().back()[1] == "4");
}

TEST_CASE("pictures of sound are the same with video beside it") {
  const results::Result sound = test::sampleResult(2);
  results::Result both = sound;
  for (auto& run : both.records) {
    metrics::StreamRecord picture = video("alice", "bob", 720, 4);
    picture.delayHistogram = {{5000, 100}};
    run.streams.insert(run.streams.begin(), picture);
    run.streams.push_back(picture);
  }
  for (const char* name : {"delay-cdf", "mos", "delay-time", "loss", "delay-budget"}) {
    INFO(name);
    const Drawn alone = drawn(name, sound);
    const Drawn beside = drawn(name, both);
    REQUIRE(alone.figure);
    REQUIRE(beside.figure);
    CHECK(alone.figure->data == beside.figure->data);
    CHECK(alone.figure->script == beside.figure->script);
  }
}

TEST_CASE("pictures of video are drawn, and not missed where there is none") {
  const auto directory = std::filesystem::path(CALLFLOW_TEST_DIR) / "video";
  std::filesystem::remove_all(directory);
  std::filesystem::create_directories(directory);
  PlotOptions options;
  options.only = {"video-rate", "video-quality", "group-map", "layers"};
  const PlotReport report = drawPlots(groupResult(), directory, options);
  CHECK(report.failures.empty());
  if (report.gnuplotFound)
    for (const std::string& name : options.only)
      CHECK(std::filesystem::exists(directory / "plots" / (name + ".png")));
  const PlotReport none = drawPlots(test::sampleResult(1), directory);
  for (const std::string& note : none.notes)
    CHECK_THAT(note, !Catch::Contains("video") && !Catch::Contains("group-map"));
}

}  // namespace callflow::plot
