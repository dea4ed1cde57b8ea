#include "src/plot/plot.h"

#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <fstream>
#include <sstream>

#include "src/plot/figure.h"
#include "src/plot/gnuplot.h"
#include "src/plot/pictures.h"
#include "src/process/program.h"
#include "src/results/csv.h"
#include "src/results/number.h"
#include "tests/unit/sample_result.h"

namespace callflow::plot {
namespace {

namespace fs = std::filesystem;

fs::path freshDirectory(const std::string& name) {
  const fs::path directory = fs::path(CALLFLOW_TEST_DIR) / name;
  fs::remove_all(directory);
  fs::create_directories(directory);
  return directory;
}

std::string textOf(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

bool drawnByGnuplot() {
  return runProgram({.command = {"gnuplot", "--version"}}).found;
}

std::size_t countOf(const std::string& text, const std::string& part) {
  std::size_t n = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++n;
  return n;
}

}  // namespace

TEST_CASE("every picture is drawn with its script and data") {
  const fs::path directory = freshDirectory("all");
  const PlotReport report = drawPlots(test::sampleResult(3), directory);
  const fs::path plots = directory / "plots";
  for (const char* name : {"delay-cdf", "mos", "delay-time", "loss", "delay-budget"}) {
    INFO(name);
    CHECK(fs::exists(plots / (std::string(name) + ".gp")));
    CHECK(fs::exists(plots / (std::string(name) + ".csv")));
    if (!drawnByGnuplot()) continue;
    const std::string svg = textOf(plots / (std::string(name) + ".svg"));
    CHECK(svg.size() > 5'000);
    CHECK_THAT(svg, Catch::EndsWith("</svg>\n\n") || Catch::EndsWith("</svg>\n"));
    CHECK_THAT(svg, Catch::Contains("udp-open"));
    CHECK(textOf(plots / (std::string(name) + ".png")).substr(1, 3) == "PNG");
  }
  // Nothing happened to the sample's calls, it has no jitter-buffer targets, 3000 packets make no
  // sequence diagram, and nothing of it was sent twice.
  REQUIRE(report.notes.size() == 4);
  CHECK_THAT(report.notes[0], Catch::Contains("call-events: not drawn"));
  CHECK_THAT(report.notes[1], Catch::Contains("jitter-buffer: not drawn"));
  CHECK_THAT(report.notes[2], Catch::Contains("sequence: not drawn"));
  CHECK_THAT(report.notes[3], Catch::Contains("one-loss: not drawn"));
  for (const auto& entry : fs::directory_iterator(plots)) {
    CHECK(entry.path().filename().string().front() != '.');
  }
}

TEST_CASE("the curve of delays counts what never came") {
  results::Result result = test::threePackets();
  const Drawn picture = drawn("delay-cdf", result);
  REQUIRE(picture.figure);
  // UDP: two of three packets within 30 ms, and it stays at that; TCP: one at 30, one at 210, one
  // at 230.
  CHECK(picture.figure->data ==
        "delay[ms],share within: udp,share within: tcp\n"
        "30,0,0\n"
        "30.1,0.666666666667,0.333333333333\n"
        "210,0.666666666667,0.333333333333\n"
        "210.1,0.666666666667,0.666666666667\n"
        "230,0.666666666667,0.666666666667\n"
        "230.1,0.666666666667,1\n");
  CHECK_THAT(picture.figure->script, Catch::Contains("33 % never arrive"));
}

TEST_CASE("a packet whose sound came with the next one is lost, and has no delay") {
  // Sent at 120 ms and lost; the packet of 140 ms brought its sound as well, at 170 ms.
  results::Result result = test::threePackets();
  result.records.pop_back();
  result.cases.pop_back();
  metrics::FrameTrace& second = result.records.front().streams.front().trace[1];
  second.received = TimePoint::at(Duration::ms(170));
  second.fate = metrics::FrameFate::played;
  Drawn picture = drawn("delay-time", result);
  REQUIRE(picture.figure);
  CHECK(picture.figure->data ==
        "series,sent[s],delay[ms],retransmitted,fate,sequence,variant,to[ms],recovered\n"
        "0,0,30,0,played,0,udp,30,0\n"
        "0,0.02,,0,played,1,udp,,1\n"
        "0,0.04,30,0,played,2,udp,30,0\n");
  CHECK_THAT(picture.figure->script, Catch::Contains("Delay of each packet: up to 30 ms"));
  CHECK_THAT(picture.figure->script, Catch::Contains("1 lost"));
  CHECK_THAT(picture.figure->script, Catch::Contains("+ 1 recovered"));

  // It was late, not lost: it came at 190 ms, when its sound had been heard.
  second.arrived = TimePoint::at(Duration::ms(190));
  picture = drawn("delay-time", result);
  REQUIRE(picture.figure);
  CHECK_THAT(picture.figure->data, Catch::Contains("0,0.02,70,0,played,1,udp,70,0\n"));
  CHECK_THAT(picture.figure->script, Catch::Contains("Delay of each packet: up to 70 ms"));
  CHECK_THAT(picture.figure->script, !Catch::Contains("recovered"));
}

TEST_CASE("the band over time is the interval over the runs") {
  const Drawn picture = drawn("mos", test::sampleResult(2));
  REQUIRE(picture.figure);
  const auto table = results::CsvTable::parse(picture.figure->data, "mos.csv");
  CHECK(table.header() == std::vector<std::string>{"series", "time[s]", "mos", "ci95_low",
                                                   "ci95_high", "runs", "variant"});
  CHECK(table.rows().size() == 12);
  CHECK(table.rows()[0][1] == "5");  // middle of the first window
  CHECK(table.rows()[6][6] == "tcp-only");
  CHECK_FALSE(drawn("mos", test::threePackets()).figure);
}

TEST_CASE("the parts of the delay stand end to end") {
  const Drawn picture = drawn("delay-budget", test::sampleResult(1));
  REQUIRE(picture.figure);
  const auto table = results::CsvTable::parse(picture.figure->data, "delay-budget.csv");
  double at = 0;
  for (const auto& row : table.rows()) {
    if (row[0] != "0") break;
    CHECK(std::stod(row[1]) == Approx(at).margin(1e-9));
    at = std::stod(row[2]);
  }
  CHECK(at == Approx(79.91));  // 20 + 6.5 + 27.3 + 0.41 + 2.6 + 1.1 + 22
}

TEST_CASE("a sweep is a map for each variant, close-ups of its middle beside it") {
  const results::Result result = test::sweptResult();
  const Drawn picture = drawn("mos-map", result);
  REQUIRE(picture.figure);
  const std::string& data = picture.figure->data;
  CHECK(countOf(data, "\n") == 1 + 12);
  CHECK_THAT(data, Catch::Contains("0,0,0,4.03,4.03,4.03,2,4.03,0,\"udp, loss 0%, rtt 20 ms\"") ||
                       Catch::Contains("\n0,0,0,4.03,"));
  CHECK_THAT(data, Catch::Contains("\n1,1,2,3.23,"));  // tcp, right, top
  // 3.43, 3.23 and 3.53 are below 3.60; over UDP no cell is.
  CHECK_THAT(
      picture.figure->script,
      Catch::Contains("Many users are dissatisfied in 3 of 6 cells with tcp, in 0 with udp"));
  const fs::path directory = freshDirectory("swept");
  const PlotReport report = drawPlots(result, directory);
  CHECK_THAT(textOf(directory / "plots" / "delay-cdf.gp"), Catch::Contains("loss 1%, rtt 100 ms"));
  // The rows' axis is named at a place of our own; gnuplot's lies in the map to the left.
  CHECK(countOf(picture.figure->script, "center rotate by 90") == 2);
  CHECK(countOf(picture.figure->script, "set ylabel") == 0);
  if (drawnByGnuplot()) CHECK(fs::exists(directory / "plots" / "mos-map.png"));
  CHECK_FALSE(drawn("mos-map", test::sampleResult(2)).figure);
}

TEST_CASE("the founding example as a sequence") {
  const Drawn picture = drawn("sequence", test::threePackets());
  REQUIRE(picture.figure);
  const auto table = results::CsvTable::parse(picture.figure->data, "sequence.csv");
  std::vector<std::string> kinds;
  for (const auto& row : table.rows())
    kinds.push_back(row[0] + " " + row[6] + " " + row[3] + " " + row[5]);
  // Kind, packet, from ms, to ms. Where on its leg a packet was lost is not to scale.
  CHECK(kinds == std::vector<std::string>{"sent 1 0 15", "sent 1 15 30", "lost 2 20 26.75",
                                          "sent 3 40 55", "sent 3 55 70", "sent 1 0 15",
                                          "sent 1 15 30", "lost 2 20 26.75", "again 2 220 235",
                                          "sent 2 235 250", "sent 3 40 55", "held 3 55 235",
                                          "sent 3 235 250"});
  CHECK_THAT(picture.figure->script, Catch::Contains("\"2: never, concealed\"") &&
                                         Catch::Contains("\"3: 250 ms, too late\"") &&
                                         Catch::Contains("\"2 again: 220 ms\""));
  if (!drawnByGnuplot()) return;
  const fs::path directory = freshDirectory("sequence");
  PlotOptions options;
  options.only = {"sequence"};
  options.formats = {"svg", "pdf"};
  CHECK(drawPlots(test::threePackets(), directory, options).notes.empty());
  CHECK(textOf(directory / "plots/sequence.svg").size() > 5'000);
  CHECK(textOf(directory / "plots/sequence.pdf").starts_with("%PDF"));
}

TEST_CASE("the jitter buffer's target and what is made up are means of the streams") {
  results::Result result = test::sampleResult(1);
  for (auto& record : result.records) {
    double k = 1;  // the streams of a run: 20 and 40 ms, 1 and 2 %
    for (auto& stream : record.streams) {
      stream.windows.resize(2);
      for (std::size_t w = 0; w < 2; ++w) {
        stream.windows[w].start = Duration::s(10) * static_cast<std::int64_t>(w);
        stream.windows[w].values[metrics::MetricId::audio_jitter_buffer_target] =
            0.020 * k * static_cast<double>(w + 1);
        stream.windows[w].values[metrics::MetricId::audio_concealed_ratio] = 0.01 * k;
      }
      stream.totals[metrics::MetricId::audio_jitter_buffer_target] = 0.036 * k;
      stream.totals[metrics::MetricId::audio_concealed_ratio] = 0.012 * k;
      k = 3 - k;
    }
  }
  const Drawn picture = drawn("jitter-buffer", result);
  REQUIRE(picture.figure);
  const std::size_t streams = result.records.front().streams.size();
  const double mean = streams == 1 ? 1 : 1.5;
  const std::string expected = "0,5," + results::numberText(20 * mean) + ",";
  CHECK_THAT(picture.figure->data, Catch::Contains(expected));
  CHECK_THAT(picture.figure->data, Catch::Contains("0,15," + results::numberText(40 * mean) + ","));
  // The words are about the whole calls, as the tables are, not the mean of unequal windows; and
  // two variants with the same target are not set against each other.
  CHECK_THAT(picture.figure->script,
             Catch::Contains(fmt::format("aims at {:.0f} ms in all variants", 36 * mean)));
  CHECK_THAT(picture.figure->script, Catch::Contains(fmt::format("{:.2f} % made up", 1.2 * mean)));
}

TEST_CASE("no line is drawn over windows in which nothing was played, nor over missing ones") {
  results::Result result = test::sampleResult(1);
  for (auto& record : result.records) {
    for (auto& stream : record.streams) {
      stream.windows.resize(5);
      for (std::size_t w = 0; w < 5; ++w) {
        stream.windows[w].start = Duration::s(10) * static_cast<std::int64_t>(w);
        stream.windows[w].values[metrics::MetricId::audio_mos] = 4;
        stream.windows[w].values[metrics::MetricId::audio_jitter_buffer_target] = 0.020;
        stream.windows[w].values[metrics::MetricId::audio_concealed_ratio] = 0;
      }
      // Silence from 10 to 20 s; from 30 to 40 s nothing is known.
      stream.windows[1].values[metrics::MetricId::audio_jitter_buffer_target] = std::nan("");
      stream.windows[1].values[metrics::MetricId::audio_concealed_ratio] = 1;
      stream.windows[3].values[metrics::MetricId::audio_mos] = std::nan("");
      stream.windows[3].values[metrics::MetricId::audio_jitter_buffer_target] = std::nan("");
      stream.windows[3].values[metrics::MetricId::audio_concealed_ratio] = std::nan("");
    }
  }
  const Drawn buffer = drawn("jitter-buffer", result);
  REQUIRE(buffer.figure);
  CHECK_THAT(buffer.figure->data, Catch::Contains("0,15,NaN,100,"));
  CHECK_THAT(buffer.figure->data, Catch::Contains("0,35,NaN,NaN,"));
  const Drawn mos = drawn("mos", result);
  REQUIRE(mos.figure);
  CHECK_THAT(mos.figure->data, Catch::Contains("0,35,NaN,NaN,NaN,0,"));
}

TEST_CASE("what is too long for a line is cut between words") {
  CHECK(shortened("Backhaul through the head office", 40) == "Backhaul through the head office");
  CHECK(shortened("Backhaul through the head office", 24) == "Backhaul through the\u2026");
  CHECK(shortened("Opus, G.722, and nothing else", 14) == "Opus, G.722\u2026");
  CHECK(shortened("a-name-without-any-space", 10) == "a-name-wi\u2026");
}

TEST_CASE("one loss shows what was lost, sent again, held back and played") {
  // Packets every 20 ms; the way takes 10 ms. The twelfth is lost, leaves again after 40 ms, and
  // the one behind it waits in the kernel from 30 to 50 ms after the loss.
  results::Result result = test::sampleResult(1);
  auto& stream = result.records.front().streams.front();
  stream.transport = "tcp";
  stream.legs = {{"a", "r", "tcp", {}}};
  stream.trace.clear();
  for (auto& record : result.records) {
    for (auto& other : record.streams) {
      if (&other != &stream) other.trace.clear();
    }
  }
  for (std::int64_t i = 1; i <= 14; ++i) {
    metrics::FrameTrace frame;
    frame.sequence = i;
    frame.sent = TimePoint::at(Duration::ms(20 * i));
    frame.fate = metrics::FrameFate::played;
    metrics::LegCrossing crossing;
    crossing.sent = frame.sent;
    crossing.arrived = crossing.delivered = frame.sent + Duration::ms(10);
    if (i == 12) {
      crossing.arrived = crossing.delivered = TimePoint::max();
      frame.crossings.push_back(crossing);
      crossing.copy = 2;
      crossing.sent = frame.sent + Duration::ms(40);
      crossing.arrived = crossing.delivered = frame.sent + Duration::ms(50);
    }
    if (i == 13) crossing.delivered = frame.sent + Duration::ms(30);
    frame.crossings.push_back(crossing);
    frame.received = crossing.delivered;
    frame.played = frame.sent + Duration::ms(100);
    stream.trace.push_back(frame);
  }
  const Drawn picture = drawn("one-loss", result);
  REQUIRE(picture.figure);
  const std::string& data = picture.figure->data;
  CHECK_THAT(data, Catch::Contains("lost,2,0,0,12\n"));
  CHECK_THAT(data, Catch::Contains("again,2,40,50,12\n"));
  CHECK_THAT(data, Catch::Contains("buffer,2,50,100,12\n"));
  CHECK_THAT(data, Catch::Contains("held,3,30,50,13\n"));
  CHECK_THAT(data, Catch::Contains("way,4,40,50,14\n"));
  CHECK_THAT(picture.figure->script, Catch::Contains("comes after 50 ms and holds up 1 packet"));
}

TEST_CASE("names and titles of the user's are shown, never run") {
  results::Result result = test::sampleResult(2);
  const fs::path directory = freshDirectory("hostile");
  const fs::path trap = directory / "trap";
  const std::string name = "a'b\"_^{x}@&~\\n`touch " + trap.string() + "`<b>\n$(x),%";
  result.title = name;
  for (auto& c : result.cases) {
    if (c.variant == "tcp-only") c.variant = name;
  }
  for (auto& r : result.records) {
    if (r.variant == "tcp-only") r.variant = name;
    for (auto& s : r.streams) s.call = name;
  }
  drawPlots(result, directory);
  CHECK_FALSE(fs::exists(trap));
  if (drawnByGnuplot()) {
    CHECK_THAT(textOf(directory / "plots/mos.svg"), Catch::Contains("_^{x}@&amp;~"));
  }
  CHECK(literal("it's `x`\n") == "\"it\\047s \\140x\\140 \"");
  CHECK(ticLiteral("5%") == "\"5%%\"");
  CHECK(literal("\xff\u00e9\xc3") == "\"\ufffd\u00e9\ufffd\"");
}

// gnuplot 5.4 took two apostrophes or one at the start for the end of the text, and the picture was
// lost. Every character, and what is particular to gnuplot in every order of three.
TEST_CASE("any text reaches a picture as it is") {
  if (!drawnByGnuplot()) return;
  std::vector<std::string> texts;
  for (char c = 0x20; c < 0x7f; ++c) texts.push_back({'<', c, 'a', c, c, '1'});
  const std::vector<std::string> hard = {"'",  "''",    "`",  "\"", "\\",
                                         "%s", "{x}_1", "@x", "$1", "#"};
  for (const std::string& a : hard)
    for (const std::string& b : hard)
      for (const std::string& c : hard) texts.push_back(a + b + c);
  for (const char* text : {"\u00e9", "\u4e16\u754c", "\U0001F600", "%", "100 %%", "\\n", "a\\"})
    texts.emplace_back(text);
  const fs::path directory = freshDirectory("texts");
  std::ofstream script(directory / "texts.gp");
  script << "set terminal svg noenhanced size 800,600\nset output 'texts.svg'\n";
  std::string tics;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    script << "set label " << i + 1 << ' ' << literal("[" + texts[i] + "]") << " at screen 0,0\n";
    tics += (i == 0 ? "" : ", ") + ticLiteral("(" + texts[i] + ")") + " " +
            results::numberText(static_cast<double>(i) / static_cast<double>(texts.size()));
  }
  script << "set xtics (" << tics << ")\nplot [0:1] x title " << literal("''`") << "\n";
  script.close();
  const ProgramOutcome outcome =
      runProgram({.command = {"gnuplot", "texts.gp"}, .directory = directory});
  INFO(outcome.message);
  REQUIRE(outcome.status == 0);
  REQUIRE(isWhole(directory / "texts.svg"));
  const std::string svg = textOf(directory / "texts.svg");
  for (const std::string& text : texts) {
    std::string shown;
    for (const char c : text) shown += c == '<' ? "&lt;" : c == '&' ? "&amp;" : std::string(1, c);
    INFO(text);
    CHECK((svg.find("[" + shown + "]") != std::string::npos));
    CHECK((svg.find("(" + shown + ")") != std::string::npos));
  }
}

TEST_CASE("without gnuplot the scripts and data stay, and it is said") {
  const fs::path directory = freshDirectory("none");
  PlotOptions options;
  options.gnuplot = "no-such-gnuplot";
  const PlotReport report = drawPlots(test::sampleResult(2), directory, options);
  CHECK_FALSE(report.gnuplotFound);
  CHECK(fs::exists(directory / "plots/mos.gp"));
  CHECK(fs::exists(directory / "plots/loss.csv"));
  CHECK_FALSE(fs::exists(directory / "plots/mos.svg"));
  std::string notes;
  for (const std::string& note : report.notes) notes += note + '\n';
  CHECK(countOf(notes, "is not installed") == 1);
}

TEST_CASE("a script that gnuplot cannot read is told, and leaves no picture") {
  if (!drawnByGnuplot()) return;
  const fs::path directory = freshDirectory("broken");
  std::ofstream(directory / "broken.gp") << "plot nonsense(\n";
  const ProgramOutcome outcome =
      runProgram({.command = {"gnuplot", "broken.gp"}, .directory = directory});
  CHECK(outcome.found);
  CHECK(outcome.status != 0);
  CHECK_FALSE(outcome.message.empty());
}

TEST_CASE("unknown pictures and formats are refused by name") {
  PlotOptions options;
  options.only = {"mosaic"};
  CHECK_THROWS_WITH(drawPlots(test::sampleResult(1), freshDirectory("x"), options),
                    Catch::Contains("no picture \"mosaic\"; known are delay-cdf, mos"));
  options.only = {};
  options.formats = {"gif"};
  CHECK_THROWS_AS(drawPlots(test::sampleResult(1), freshDirectory("x"), options),
                  results::ResultError);
}

TEST_CASE("a result without media draws nothing and fails at nothing") {
  results::Result result;
  result.scenario = "blocked";
  result.runs = 1;
  result.cases = {{"base", "x: 1\n"}};
  metrics::RunRecord record;
  record.variant = "base";
  record.replication = 1;
  record.failedCalls = {{"hello", 410, 3112, {"denied"}}};
  result.records = {record};
  const PlotReport report = drawPlots(result, freshDirectory("blocked"));
  CHECK(report.files.empty());
  CHECK(report.notes == std::vector<std::string>{"nothing to draw: no call had media"});
}

TEST_CASE("axes end at round numbers") {
  CHECK(niceAbove(0.13) == Approx(0.15));
  CHECK(niceAbove(247) == Approx(250));
  CHECK(niceAbove(250) == Approx(250));
  CHECK(niceAbove(901) == Approx(1000));
  CHECK(logTics(20, 210) == "20, 30, 50, 70, 100, 150, 200");
  CHECK(decimal(1e-9) == "0");
  CHECK(decimal(-12.5) == "-12.5");
  CHECK(count(120'000, "packet") == "120\u202f000 packets");
  CHECK(count(1, "run") == "1 run");
  CHECK(shortened("a\u00e4bcd", 3) == "a\u00e4\u2026");
}

}  // namespace callflow::plot
