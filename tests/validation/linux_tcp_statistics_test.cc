// The statistics by which validation/linux_tcp judges, on inputs small enough to do by hand.
#include <catch2/catch.hpp>

#include <array>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <string>

#include "validation/bars.h"
#include "validation/csv.h"
#include "validation/delays.h"
#include "validation/emulator.h"
#include "validation/measured.h"
#include "validation/source.h"
#include "validation/study.h"

namespace callflow::validation {
namespace {

PacketFate packet(int index, double delay, bool lost = false) {
  PacketFate fate;
  fate.sent = Duration::ms(20) * index;
  fate.frameStart = fate.sent;
  if (!lost) fate.delivered = fate.sent + Duration::fromSeconds(delay / 1e3);
  return fate;
}

std::string written(const std::string& name, const std::string& text) {
  const std::string path = std::string(CALLFLOW_TEST_DIR) + "/" + name;
  std::ofstream(path) << text;
  return path;
}

std::string errorOf(const std::string& path) {
  try {
    readMeasured(path);
  } catch (const InputError& error) {
    return error.what();
  }
  return "no error";
}

Condition audio() {
  Condition condition;
  condition.group = "grid";
  condition.proto = "tcp";
  condition.cc = "cubic";
  condition.variant = "oneway";
  condition.oneWayDelay = Duration::ms(10);
  condition.loss = Ratio::percent(1);
  condition.length = Duration::s(120);
  return condition;
}

Values seed(double sent, double mean) {
  Values values;
  values[Column::n_sent] = sent;
  values[Column::delay_mean] = mean;
  return values;
}

TEST_CASE("a percentile is the value of rank floor(share n)") {
  const std::vector<double> values = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
  CHECK(rankPercentile(values, 0.5) == 6);
  CHECK(rankPercentile(values, 0.9) == 10);
  CHECK(rankPercentile(values, 0.99) == 10);
  CHECK(rankPercentile(values, 1) == 10);
  CHECK(rankPercentile(values, 0) == 1);
  CHECK(std::isnan(rankPercentile({}, 0.5)));
  // The 31 recovery times of a measured row (grid, cubic, 10 ms, 0.5 %, seed 1): 30 of about 40 ms
  // and one of 60.09. Its recov_p99 is 60.09: rank 30 of 0 .. 30.
  std::vector<double> recoveries(30, 40.05);
  recoveries.push_back(60.09);
  CHECK(rankPercentile(recoveries, 0.99) == 60.09);
}

TEST_CASE("a stall is a run of packets later than 5 ms over the one-way delay") {
  // 50, 30 and 16 ms are late, 15 is not (it must be more than 5 ms); then 18 alone; then two with
  // a packet between them that never came.
  const std::vector<PacketFate> packets = {
      packet(0, 10), packet(1, 50), packet(2, 30), packet(3, 16),      packet(4, 15),
      packet(5, 18), packet(6, 10), packet(7, 40), packet(8, 0, true), packet(9, 20)};
  const std::vector<double> stalls = stallLengths(packets, Duration::ms(10));
  CHECK(stalls == std::vector<double>{40, 8, 30, 10});

  Values values;
  summarizeDelays(packets, Duration::ms(10), Duration::s(12), values);
  CHECK(values[Column::stalls_per_min] == 20);  // 4 in a fifth of a minute
  CHECK(values[Column::stall_mean] == 22);
  CHECK(values[Column::stall_p50] == 30);
  CHECK(values[Column::stall_p90] == 40);
  CHECK(values[Column::stall_max] == 40);
  CHECK(values[Column::n_sent] == 10);
  CHECK(values[Column::n_recv] == 9);
  CHECK(values[Column::loss_frac] == Approx(0.1));
  CHECK(values[Column::delay_mean] == Approx(209.0 / 9));
  CHECK(values[Column::delay_p50] == 18);
  // Deliveries at 10, 70, 70, 76, 95, 118, 130, 180 and 200 ms.
  CHECK(values[Column::gap_max] == 60);
}

TEST_CASE("late packets are counted strictly, of all that were sent") {
  const std::vector<PacketFate> packets = {packet(0, 50), packet(1, 50.001), packet(2, 71),
                                           packet(3, 0, true)};
  CHECK(lateShare(packets, Duration::ms(10), Duration::ms(40)) == 0.5);
  CHECK(lateShare(packets, Duration::ms(10), Duration::ms(60)) == 0.25);
  CHECK(lateShare(packets, Duration::ms(10), Duration::ms(100)) == 0);
}

TEST_CASE("a frame's delay runs from its first write to its last packet") {
  std::vector<PacketFate> packets = {packet(0, 30), packet(1, 20), packet(2, 15), packet(3, 15)};
  packets[0].endsFrame = false;
  packets[1].frameStart = packets[0].sent;  // delivered at 40 ms
  packets[2].endsFrame = false;
  packets[3].frameStart = packets[2].sent;
  packets[2].delivered.reset();  // the second frame is not complete
  Values values;
  summarizeDelays(packets, Duration::ms(10), Duration::s(1), values);
  CHECK(values[Column::frames] == 2);
  CHECK(values[Column::frames_complete] == 1);
  CHECK(values[Column::frame_p50] == 40);
}

TEST_CASE("recovery kinds are shares of all repairs and of lost segments") {
  Values values;
  values[Column::FastRetrans] = 15;
  values[Column::TLP_probes] = 3;
  values[Column::RTOs] = 2;
  values[Column::lost_segs] = 10;
  derive(values);
  CHECK(values[Column::mix_fast] == 0.75);
  CHECK(values[Column::mix_tlp] == 0.15);
  CHECK(values[Column::mix_rto] == 0.1);
  CHECK(values[Column::fast_per_loss] == 1.5);
  CHECK(values[Column::tlp_per_loss] == 0.3);
  CHECK(values[Column::rto_per_loss] == 0.2);
}

TEST_CASE("seeds are pooled by packets, with Student's interval") {
  const Pooled three = pool(audio(), {seed(6000, 10), seed(6000, 12), seed(3000, 14)});
  CHECK(three.mean[Column::delay_mean] == Approx((6000 * 10 + 6000 * 12 + 3000 * 14) / 15000.0));
  // Standard deviation 2, t with 2 degrees of freedom 4.3027.
  CHECK(three.half[Column::delay_mean] == Approx(4.3027 * 2 / std::sqrt(3)).epsilon(1e-4));
  const Pooled one = pool(audio(), {seed(6000, 10)});
  CHECK(one.mean[Column::delay_mean] == 10);
  CHECK(std::isnan(one.half[Column::delay_mean]));
}

TEST_CASE("bars are the larger of relative, absolute and the measured interval") {
  const auto verdict = [](const std::vector<Values>& measured, double simulated) {
    return judge(pool(audio(), measured), pool(audio(), {seed(6000, simulated)})).front();
  };
  // 10 % of 20 ms are 2, so 5 ms count; of 100 ms they are 10.
  CHECK(verdict({seed(6000, 20)}, 25).met);
  CHECK_FALSE(verdict({seed(6000, 20)}, 25.1).met);
  CHECK(verdict({seed(6000, 100)}, 90).met);
  CHECK_FALSE(verdict({seed(6000, 100)}, 89.9).met);
  CHECK(verdict({seed(6000, 100)}, 88).excess() == Approx(0.2));
  // 99 and 101: standard deviation sqrt(2), t with 1 degree of freedom 12.706, half 12.706.
  CHECK(verdict({seed(6000, 99), seed(6000, 101)}, 112.7).met);
  CHECK_FALSE(verdict({seed(6000, 99), seed(6000, 101)}, 112.8).met);

  // No stalls on either side is agreement, on one side it is not.
  Values quiet = seed(6000, 10);
  Values stalling = quiet;
  stalling[Column::stall_p50] = 40;
  const auto metStall = [&](const Values& measured, const Values& simulated) {
    for (const Verdict& v : judge(pool(audio(), {measured}), pool(audio(), {simulated}))) {
      if (v.bar.column == Column::stall_p50) return v.met;
    }
    return false;
  };
  CHECK(metStall(quiet, quiet));
  CHECK_FALSE(metStall(quiet, stalling));
  CHECK_FALSE(metStall(stalling, quiet));
}

TEST_CASE("bars are for TCP: audio has all, video three") {
  Condition condition = audio();
  CHECK(barsFor(condition).size() == 17);
  condition.group = "video2000";
  CHECK(barsFor(condition).size() == 3);
  condition.proto = "udp";
  CHECK(barsFor(condition).empty());
}

TEST_CASE("mistakes in a file of measurements are told with their line") {
  std::ifstream shipped(CALLFLOW_SOURCE_DIR "/validation/data/linux_tcp.csv");
  std::string header;
  std::string row;
  std::getline(shipped, header);
  std::getline(shipped, row);
  header += '\n';
  const auto fields = [&](std::string text, const std::string& from, const std::string& to) {
    return text.replace(text.find(from), from.size(), to) + "\n";
  };
  const std::string good = written("good.csv", header + row + "\n");
  CHECK(readMeasured(good).size() == 1);
  CHECK(errorOf("/nowhere.csv") == "/nowhere.csv: cannot be read");
  const std::string empty = written("empty.csv", "");
  CHECK(errorOf(empty) == empty + ": is empty");
  const std::string bare = written("bare.csv", header);
  CHECK(errorOf(bare) == bare + ": has a header but no rows");
  const std::string narrow = written("narrow.csv", header + row + "\ngrid,tcp\n");
  CHECK(errorOf(narrow) == narrow + ":3: 2 fields, but the header has 63");
  const std::string cc = written("cc.csv", header + fields(row, "cubic", "vegas"));
  CHECK(errorOf(cc) == cc + ":2: cc: \"vegas\" is not one of cubic, reno, bbr");
  const std::string number = written("number.csv", header + fields(row, "10.053", "ten"));
  CHECK(errorOf(number) == number + ":2: delay_mean: \"ten\" is not a number");
  const std::string loss = written("loss.csv", header + fields(row, ",10.0,0.0,1", ",10.0,120,1"));
  CHECK(errorOf(loss) == loss + ":2: loss_pct: 120 is not in 0 .. 99");
  const std::string missing =
      written("missing.csv", fields(header, "late40", "late41") + row + "\n");
  CHECK(errorOf(missing) == missing + ":1: there is no column \"late40\"");
}

TEST_CASE("the video source is what was measured") {
  const std::vector<MediaPacket> packets = videoSource(Duration::s(60));
  CHECK(packets.size() == 11025);
  DataSize bytes;
  std::int64_t frames = 0;
  for (const MediaPacket& packet : packets) {
    bytes += packet.size;
    frames += packet.endsFrame ? 1 : 0;
  }
  CHECK(frames == 1800);
  CHECK(bytes.count() / 60 * 8 == Approx(1.5e6).epsilon(0.001));
  CHECK(audioSource(Duration::s(120)).size() == 6000);
}

TEST_CASE("video over UDP takes as long as was measured") {
  const std::vector<Pooled> measured =
      poolMeasured(readMeasured(CALLFLOW_SOURCE_DIR "/validation/data/linux_tcp.csv"));
  std::size_t found = 0;
  for (const Pooled& row : measured) {
    if (row.condition.group != "video2000" || row.condition.isTcp()) continue;
    ++found;
    Experiment experiment;
    experiment.condition = row.condition;
    const Values simulated = simulate(experiment)[0].values;
    for (const Column column : {Column::delay_mean, Column::delay_p50, Column::delay_p90,
                                Column::delay_p95, Column::delay_p99}) {
      INFO(name(column));
      CHECK(simulated[column] == Approx(row.mean[column]).margin(0.05));
    }
  }
  CHECK(found == 2);
}

TEST_CASE("audio over UDP takes as long as was measured, and loses as much as was asked") {
  for (const char* group : {"grid", "ge", "getime"}) {
    Condition condition = audio();
    condition.group = group;
    condition.proto = "udp";
    condition.cc = "none";
    condition.loss = Ratio::percent(2);
    condition.length = Duration::s(3600);
    Experiment experiment;
    experiment.condition = condition;
    const Values values = simulate(experiment)[0].values;
    CHECK(values[Column::delay_p99] == Approx(10.031).margin(0.001));
    // 180000 packets in bursts of 3: the share's standard deviation is 0.08 points.
    CHECK(values[Column::loss_frac] == Approx(0.02).margin(0.0025));
  }
}

TEST_CASE("differences are told in standard errors of the simulated scatter") {
  // Simulated 9 and 11 scatter by sqrt(2); against one measured seed the error is sqrt(2) sqrt(1 +
  // 1/2).
  const Pooled simulated = pool(audio(), {seed(6000, 9), seed(6000, 11)});
  const Verdict verdict = judge(pool(audio(), {seed(6000, 13)}), simulated).front();
  CHECK(verdict.sigmas == Approx(3 / std::sqrt(3)));
}

TEST_CASE("what is missed by chance is found among the simulated seeds") {
  StudyRow row;
  row.measured = pool(audio(), {seed(6000, 10)});
  Simulated simulated;
  // Each of four seeds against the mean of the others: 10 against 20, 20 against 50/3 twice, 20
  // against 50/3, of which only the first is off by more than 5 ms.
  simulated.pooled =
      pool(audio(), {seed(6000, 10), seed(6000, 20), seed(6000, 20), seed(6000, 20)});
  row.models[0] = simulated;
  CHECK(missedByChance(row, Model::linuxLike) == 0.25);
  CHECK(missedByChance(row, Model::ns3) == 0);
}

TEST_CASE("as few seeds as were measured stand for the typical outcome") {
  // One seed in ten is off by far. The mean is 1009; of single seeds the median is 10, and of
  // threes, seven in ten of which are without that seed, too.
  std::vector<Values> seeds(10, seed(6000, 10));
  seeds[7] = seed(6000, 10'000);
  CHECK(pool(audio(), seeds).mean[Column::delay_mean] == Approx(1009));
  CHECK(typicalOf(seeds, 1)[Column::delay_mean] == 10);
  CHECK(typicalOf(seeds, 3)[Column::delay_mean] == 10);
  CHECK(typicalOf(seeds, 10)[Column::delay_mean] == Approx(1009));
  CHECK(std::isnan(typicalOf(seeds, 3)[Column::delay_p90]));
}

TEST_CASE("losses are drawn as often as the measurement lost") {
  Values values = seed(6000, 10);
  values[Column::net_lost] = 52;
  values[Column::data_segs] = 5200;
  Condition condition = audio();
  const Pooled oneWay = pool(condition, {values});
  CHECK(realizedLoss(oneWay, nullptr)->value() == Approx(0.01));
  // Both ways, acknowledgements without data go the same way: 52 of 5200 + 1300.
  condition.variant = "bidir";
  const Pooled forward = pool(condition, {values});
  values[Column::pure_acks_back] = 1300;
  condition.flow = 1;
  const Pooled back = pool(condition, {values});
  CHECK(realizedLoss(forward, &back)->value() == Approx(0.008));
  CHECK_FALSE(realizedLoss(forward, nullptr));
  // A chain's losses depend on how the bursts fell, not on a share alone.
  condition = audio();
  condition.group = "ge";
  CHECK_FALSE(realizedLoss(pool(condition, {values}), nullptr));
}

TEST_CASE("the longest burst that is foretold is the one that comes") {
  for (const std::uint64_t number : {1, 2, 3}) {
    Experiment experiment;
    experiment.condition = audio();
    experiment.condition.group = "ge";
    experiment.condition.proto = "udp";
    experiment.condition.cc = "none";
    experiment.condition.loss = Ratio::percent(2);
    experiment.seed = number;
    // A packet every 20 ms: n lost in a row leave (n + 1) x 20 ms without one.
    const Values values = simulate(experiment)[0].values;
    CHECK(values[Column::gap_max] ==
          Approx(20 * (longestBurst(number, Ratio::percent(2), 6000) + 1)));
  }
}

TEST_CASE("a miss that is new or has grown is told") {
  StudyRow row;
  row.measured = pool(audio(), {seed(6000, 100)});
  Simulated simulated;
  simulated.pooled = pool(audio(), {seed(6000, 115)});
  simulated.verdicts = judge(row.measured, simulated.pooled);
  row.models[0] = simulated;
  const std::string path = std::string(CALLFLOW_TEST_DIR) + "/known.csv";
  writeKnown({row}, Model::linuxLike, path);
  CHECK(compareWithKnown({row}, Model::linuxLike, path).empty());

  simulated.pooled = pool(audio(), {seed(6000, 116)});
  simulated.verdicts = judge(row.measured, simulated.pooled);
  row.models[0] = simulated;
  const std::vector<std::string> grown = compareWithKnown({row}, Model::linuxLike, path);
  REQUIRE(grown.size() == 1);
  CHECK(grown[0] == "cubic oneway 10 ms 1 %: delay_mean: missed by 0.60 of the bar, known is 0.50");
  row.measured.condition.oneWayDelay = Duration::ms(11);
  CHECK(compareWithKnown({row}, Model::linuxLike, path).size() == 1);
}

}  // namespace
// Measured (norack, 25 ms each way, 1 %): the loss at 1.96 s is repaired after 110.05 ms, by the
// third duplicate acknowledgement; those at 8.38 s after 253.47 ms, by the time-out. From 7.4 s on,
// when a window's worth has come, the receiver's window grows with each packet, and an
// acknowledgement that offers more is no duplicate.
TEST_CASE("Without RACK, a window that grows hides a loss until the time-out") {
  Experiment experiment;
  experiment.condition = {.group = "grid",
                          .proto = "tcp",
                          .cc = "cubic",
                          .variant = "norack",
                          .flow = 0,
                          .oneWayDelay = Duration::ms(25),
                          .loss = Ratio::percent(1),
                          .length = Duration::s(10)};
  const std::vector<ScriptedLoss> script{{Duration::ms(1960)}, {Duration::ms(8380)}};
  experiment.script = &script;
  const auto measure = [&] {
    const auto losses = simulate(experiment)[0].losses;
    REQUIRE(losses.size() == 2);
    return std::array{losses[0].firstRetransmission.milliseconds(),
                      losses[1].firstRetransmission.milliseconds()};
  };
  const auto duplicates = measure();
  CHECK(duplicates[0] == Approx(110.05).margin(0.1));
  CHECK(duplicates[1] == Approx(253.47).margin(4));  // a tick of the kernel's clock
  experiment.condition.variant = "oneway";
  const auto rack = measure();
  CHECK(rack[1] < 80);
}

}  // namespace callflow::validation
