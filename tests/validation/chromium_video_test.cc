// What the comparison with real Chromium's video calls reads and how it judges; the comparison
// itself is the test chromium_video.
#include <catch2/catch.hpp>
#include <fstream>
#include <string>

#include "validation/csv.h"
#include "validation/video_figures.h"
#include "validation/video_page.h"
#include "validation/video_study.h"

using namespace callflow;
using namespace callflow::validation;

namespace {

constexpr auto kHeader =
    "id,dir,phase,from_s,to_s,relay,owd_ms,loss_pct,jitter_ms,rate_kbps,queue_ms,other,other_kbps,"
    "target_kbps,recv_kbps,avail_kbps,rtt_ms,fps,height,reach80_s,freezes\n";

std::string fileWith(const std::string& rows) {
  const std::string path = std::string(CALLFLOW_TEST_DIR) + "/video.csv";
  std::ofstream(path) << kHeader << rows;
  return path;
}

VideoSecond second(double target, double received = 0) {
  VideoSecond result;
  result.target = target;
  result.received = received;
  return result;
}

// The same in every second, in both directions.
SimulatedVideo steady(const VideoSecond& each, std::size_t seconds) {
  SimulatedVideo result;
  for (SimulatedVideo::Stream& stream : result.streams) {
    stream.seconds = seconds;
    for (std::size_t i = 0; i < seconds; ++i) stream.series[i] = each;
  }
  return result;
}

}  // namespace

TEST_CASE("Rows of video are read, a line of several rows once") {
  const MeasuredVideo measured = readVideo(fileWith(
      "free,uplink,steady,30,60,udp,25,2,10,,,,,1600,1700,3000,54,30,360,1,0\n"
      "bulk,downlink,beside,25,50,tcp,50,0,0,2000,200,tcp cubic downlink,1485,150,290,350,"
      "213,28.5,180,,2\n"
      "bulk,downlink,after,62,75,tcp,50,0,0,2000,200,tcp cubic downlink,,480,440,600,56,30,"
      "180,,0\n"
      "step_1000_500_1000,uplink,low,45,65,udp,50,0,0,1000,300,,,1,1,1,1,1,1,,0\n"));
  REQUIRE(measured.conditions.size() == 3);
  REQUIRE(measured.phases.size() == 4);
  const VideoCondition& free = measured.conditions[0];
  CHECK(describeVideo(free) == "UDP, 25 ms, 2 % loss, jitter 10 ms");
  CHECK(free.isLossy());
  CHECK_FALSE(free.rate);
  CHECK(free.length == Duration::s(60));
  CHECK(measured.phases[0].uplink);
  CHECK(measured.phases[0].values[VideoQuantity::available] == 3000);
  CHECK(std::isnan(measured.phases[0].values[VideoQuantity::otherShare]));
  const VideoCondition& bulk = measured.conditions[1];
  CHECK(describeVideo(bulk) == "TCP, 50 ms, 2000 kbit/s, queue 200 ms, TCP beside it down");
  CHECK(bulk.length == Duration::s(75));
  CHECK(measured.phases[2].condition == 1);
  // 1485 of 2000 kbit/s.
  CHECK(measured.phases[1].values[VideoQuantity::otherShare] == Approx(74.25));
  CHECK(std::isnan(measured.phases[1].values[VideoQuantity::reach80]));
  CHECK(measured.conditions[2].meanwhile == DataRate::kbps(500));
}

TEST_CASE("Mistakes in a file of video are told with their line") {
  const auto said = [](const std::string& rows) {
    try {
      readVideo(fileWith(rows));
    } catch (const InputError& error) {
      const std::string what = error.what();
      return what.substr(what.rfind("video.csv"));
    }
    return std::string("nothing");
  };
  const std::string end = ",1,1,1,1,1,1,,0\n";
  CHECK(said("a,uplink,steady,30,60,udp,25,0,0,,,," + end) == "nothing");
  CHECK(said("a,up,steady,30,60,udp,25,0,0,,,," + end) ==
        "video.csv:2: dir is neither uplink nor downlink");
  CHECK(said("a,uplink,steady,30,60,tls,25,0,0,,,," + end) ==
        "video.csv:2: relay is neither udp nor tcp");
  CHECK(said("a,uplink,steady,30,30,udp,25,0,0,,,," + end) ==
        "video.csv:2: to_s is not after from_s");
  CHECK(said("a,uplink,steady,30,301,udp,25,0,0,,,," + end) ==
        "video.csv:2: to_s is not between 1 and 300");
  CHECK(said("a,uplink,steady,30,60,udp,25,101,0,,,," + end) ==
        "video.csv:2: loss_pct is not between 0 and 100");
  CHECK(said("a,uplink,steady,30,60,udp,25,0,0,,,tcp bbr uplink," + end) ==
        "video.csv:2: other is neither \"tcp cubic uplink\" nor \"tcp cubic downlink\"");
  CHECK(
      said("step_1_2_3,uplink,steady,30,60,udp,25,0,0,1,100,," + end) ==
      "video.csv:2: id \"step_1_2_3\" is not step_A_B_A, rates in kbit/s from the start, 35 s and "
      "65 s on");
  CHECK(said("a,uplink,steady,30,60,udp,25,0,0,,,," + end +
             "a,downlink,steady,30,60,udp,26,0,0,,,," + end) ==
        "video.csv:3: a has another line or relay than in a row before");
}

TEST_CASE("Seconds come to means, to the most frequent height and to a time to 80 %") {
  VideoCondition condition;
  condition.rate = DataRate::kbps(1000);
  condition.meanwhile = DataRate::kbps(500);
  VideoSeries series;
  // 200, 700 and from the third second on 1000; from 35 s 400; from 65 s 790, 3 s later 800.
  for (int i = 0; i < 100; ++i) {
    double target = i == 0 ? 200 : i == 1 ? 700 : 1000;
    if (i >= 35) target = 400;
    if (i >= 65) target = i < 68 ? 790 : 800;
    VideoSecond& each = series.emplace_back(second(target, i));
    each.height = i < 22 ? 180 : 360;
    each.freezes = i % 10 == 0 ? 1 : 0;
    if (i == 20) each.roundTrip = 80;
    if (i == 21) each.roundTrip = 90;
  }
  const VideoPhase before{"before", 15, 35}, low{"low", 45, 65}, after{"after", 85, 100};
  const VideoValues first = figuresOf(series, condition, before, before);
  CHECK(first[VideoQuantity::received] == Approx(24.5));  // of 15 to 34
  CHECK(first[VideoQuantity::roundTrip] == Approx(85));
  CHECK(std::isnan(first[VideoQuantity::available]));
  CHECK(first[VideoQuantity::height] == 360);  // 13 seconds of 20
  CHECK(first[VideoQuantity::freezes] == 2);   // at 20 and at 30
  CHECK(first[VideoQuantity::reach80] == 3);   // 80 % of 1000, at the end of the third second
  CHECK(figuresOf(series, condition, low, before)[VideoQuantity::reach80] == 1);
  // 80 % of the 1000 before the step, not of the 800 after it.
  CHECK(figuresOf(series, condition, after, before)[VideoQuantity::reach80] == 4);
  // Never: all the time that there was.
  series[1].target = series[2].target = 5000;
  for (std::size_t i = 15; i < 35; ++i) series[i].target = 2000;
  CHECK(figuresOf(series, condition, after, before)[VideoQuantity::reach80] == 35);
  // Beside a transfer nothing is come to.
  condition.meanwhile.reset();
  condition.other = VideoCondition::Other::uplink;
  CHECK(
      std::isnan(figuresOf(series, condition, {"beside", 25, 50}, before)[VideoQuantity::reach80]));
}

TEST_CASE("The figures of the shipped phases are those of the shipped seconds") {
  const std::string data = CALLFLOW_SOURCE_DIR "/validation/data/";
  MeasuredVideo measured = readVideo(data + "chromium_video.csv");
  readVideoSeries(data + "chromium_video_series.csv", measured);
  REQUIRE(measured.phases.size() == 40);
  for (const MeasuredPhase& phase : measured.phases) {
    const VideoCondition& condition = measured.conditions[phase.condition];
    const VideoSeries& series = measured.series.at({condition.id, phase.uplink});
    const VideoPhase before{"before", 15, 35};
    const VideoValues values = figuresOf(series, condition, phase.phase, before);
    INFO(condition.id << " " << phase.uplink << " " << phase.phase.name);
    // A few seconds of the steps were read up to 0.3 s late, and count in the next phase or not.
    for (const VideoQuantity quantity :
         {VideoQuantity::received, VideoQuantity::available, VideoQuantity::roundTrip,
          VideoQuantity::target, VideoQuantity::frameRate}) {
      CHECK(values[quantity] == Approx(phase.values[quantity]).epsilon(0.03));
    }
    CHECK(values[VideoQuantity::height] == phase.values[VideoQuantity::height]);
    CHECK(values[VideoQuantity::freezes] == phase.values[VideoQuantity::freezes]);
    if (!std::isnan(phase.values[VideoQuantity::reach80]))
      CHECK(values[VideoQuantity::reach80] == phase.values[VideoQuantity::reach80]);
  }
}

TEST_CASE("A phase is judged by its bars, and freezes by their order") {
  // Available 1000: 1150 is within 15 %, 1151 is not. Round trip 50: 20 ms allow 70.
  const MeasuredVideo measured =
      readVideo(fileWith("a,uplink,steady,2,4,udp,25,0,0,,,,,1,1000,1000,50,30,360,1,1\n"
                         "b,uplink,steady,2,4,udp,26,0,0,,,,,1,1000,1000,150,30,180,9,0\n"));
  VideoSecond low;
  low.target = 800;
  low.received = 1150;
  low.available = 1151;
  low.roundTrip = 70;
  low.frameRate = 26.9;
  low.height = 360;
  low.freezes = 0;
  VideoSecond other = low;
  other.available = 1149;
  other.freezes = 1;
  const VideoComparison comparison =
      judgeVideo(measured, {{steady(low, 4)}, {steady(other, 4), steady(low, 4)}});
  const ComparedPhase& a = comparison.phases[0];
  CHECK(a.verdict(VideoQuantity::received)->met);
  CHECK_FALSE(a.verdict(VideoQuantity::available)->met);
  CHECK(std::isnan(a.verdict(VideoQuantity::available)->beyond));  // one seed
  CHECK(a.verdict(VideoQuantity::roundTrip)->met);
  CHECK(a.verdict(VideoQuantity::roundTrip)->allowed == 20);
  CHECK_FALSE(a.verdict(VideoQuantity::frameRate)->met);  // 27 would be
  CHECK(a.verdict(VideoQuantity::height)->met);
  CHECK(a.verdict(VideoQuantity::reach80)->met);
  CHECK_FALSE(a.verdict(VideoQuantity::otherShare));
  const ComparedPhase& b = comparison.phases[1];
  CHECK(b.mean[VideoQuantity::available] == 1150);
  CHECK(b.verdict(VideoQuantity::available)->met);
  CHECK_FALSE(b.verdict(VideoQuantity::roundTrip)->met);  // 150 allows 30
  CHECK_FALSE(b.verdict(VideoQuantity::height)->met);
  CHECK_FALSE(b.verdict(VideoQuantity::reach80)->met);  // 1 for 9, which allows 3
  // Measured are 0 of b and 1 of a; simulated 1 (of two seconds, in half of the seeds) and 0.
  CHECK(comparison.pairs == 1);
  REQUIRE(comparison.disorders.size() == 1);
  CHECK(comparison.bars() == 12);
  CHECK(comparison.met() == 6);
  CHECK(misses(comparison) ==
        std::vector<std::string>{"a, uplink, steady: available rate",
                                 "a, uplink, steady: frame rate", "b, uplink, steady: round trip",
                                 "b, uplink, steady: frame rate", "b, uplink, steady: height",
                                 "b, uplink, steady: time to 80 %",
                                 "order of freezes: b, uplink, steady is measured below a, uplink, "
                                 "steady"});
}

TEST_CASE("How far a miss is beyond its bar is told in standard errors") {
  const MeasuredVideo measured =
      readVideo(fileWith("a,uplink,steady,0,2,udp,25,0,0,,,,,,1000,,,,,,0\n"));
  // 1250 in the mean, 100 beyond what is allowed; deviation of 1200 and 1300: 70.7, error 50.
  const VideoComparison comparison =
      judgeVideo(measured, {{steady(second(1, 1200), 2), steady(second(1, 1300), 2)}});
  const auto& verdict = comparison.phases[0].verdict(VideoQuantity::received);
  REQUIRE(verdict);
  CHECK_FALSE(verdict->met);
  CHECK(verdict->beyond == Approx(2));
  CHECK(videoCell(comparison.phases[0], VideoQuantity::received) == "**1000 / 1250**");
}
