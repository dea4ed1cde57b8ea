#include "src/compare/compare.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <nlohmann/json.hpp>

#include "src/compare/tree.h"
#include "tests/unit/sample_result.h"

namespace callflow::compare {
namespace {

using metrics::MetricId;
using results::Result;

// One stream a run with the MOS given; runs of the same number share their seed.
Result withMos(const std::vector<std::pair<std::string, std::vector<double>>>& variants) {
  Result result;
  result.scenario = "hand";
  result.version = "1";
  result.runs = static_cast<int>(variants.front().second.size());
  for (const auto& [variant, mos] : variants) {
    result.cases.push_back({variant, "x: " + variant + "\n"});
    for (std::size_t i = 0; i < mos.size(); ++i) {
      metrics::RunRecord record;
      record.variant = variant;
      record.replication = static_cast<int>(i + 1);
      record.seed = 100 + i;
      metrics::StreamRecord s;
      s.call = "c";
      s.from = "a";
      s.to = "b";
      s.path = "direct";
      s.transport = "udp";
      s.totals[MetricId::audio_mos] = mos[i];
      s.totals[MetricId::audio_lost_ratio] = 0.01;
      record.streams = {s};
      result.records.push_back(record);
    }
  }
  return result;
}

MetricDifference mosOf(const Comparison& c) {
  for (const MetricDifference& d : c.metrics) {
    if (d.metric == MetricId::audio_mos) return d;
  }
  FAIL("no MOS compared");
  return {};
}

}  // namespace

TEST_CASE("differences of runs on the same random numbers, by hand") {
  // Differences -1.0, -0.9, -1.1: mean -1.0, sd 0.1, standard error 0.057735, t(2; 0.975)
  // = 4.302653, so half the interval is 0.248414. The runs themselves scatter by far more than
  // that.
  const auto all = compareResults({withMos({{"a", {4.0, 3.0, 2.2}}, {"b", {3.0, 2.1, 1.1}}})});
  REQUIRE(all.size() == 1);
  const MetricDifference d = mosOf(all[0]);
  CHECK(d.paired);
  CHECK(d.n == 3);
  CHECK(d.difference == Approx(-1.0));
  CHECK(d.low == Approx(-1.248414).epsilon(1e-5));
  CHECK(d.high == Approx(-0.751586).epsilon(1e-5));
  CHECK(d.verdict == Verdict::worse);
  CHECK(all[0].regression());
}

TEST_CASE("a better metric by its own direction is no regression") {
  Result result = withMos({{"a", {3.0, 3.1, 3.0}}, {"b", {3.5, 3.6, 3.6}}});
  for (auto& r : result.records) {
    r.streams[0].totals[MetricId::audio_lost_ratio] = r.variant == "a" ? 0.02 : 0.01;
  }
  const auto all = compareResults({result});
  for (const MetricDifference& d : all.at(0).metrics) CHECK(d.verdict == Verdict::better);
  CHECK_FALSE(all[0].regression());
}

TEST_CASE("metrics beside the usual ones are compared where they differ only") {
  // Targets missed: 1, 1, 2 more in b. Poor streams: no difference. Recency: not measured.
  Result result = withMos({{"a", {3.0, 3.1, 3.0}}, {"b", {3.0, 3.1, 3.0}}});
  for (auto& r : result.records) {
    metrics::Values& v = r.streams[0].totals;
    v[MetricId::audio_poor_by_dashboard] = 1;
    v[MetricId::audio_targets_missed] = r.variant == "a" ? 2 : r.replication == 3 ? 5 : 4;
  }
  const auto listed = [](const Comparison& c) {
    std::vector<MetricId> ids;
    for (const MetricDifference& d : c.metrics) ids.push_back(d.metric);
    return ids;
  };
  using Ids = std::vector<MetricId>;
  const auto all = compareResults({result});
  CHECK(listed(all.at(0)) ==
        Ids{MetricId::audio_mos, MetricId::audio_lost_ratio, MetricId::audio_targets_missed});
  CHECK(all[0].metrics.back().verdict == Verdict::worse);
  CHECK_FALSE(all[0].regression());  // it is one only if it was asked for
  Options asked;
  asked.metrics = {MetricId::audio_targets_missed};
  CHECK(compareResults({result}, asked).at(0).regression());
  // One run: no difference can be told.
  Result single = result;
  std::erase_if(single.records, [](const auto& r) { return r.replication > 1; });
  CHECK(listed(compareResults({single}).at(0)) ==
        Ids{MetricId::audio_mos, MetricId::audio_lost_ratio});
  Options named;
  named.metrics = {MetricId::audio_mos};
  named.ifDifferent.clear();
  CHECK(listed(compareResults({result}, named).at(0)) == Ids{MetricId::audio_mos});
}

TEST_CASE("what chance explains is no difference") {
  // Differences 0.5, -0.5, 0.1: mean 0.0333, sd 0.503, interval about +-1.25.
  const auto all = compareResults({withMos({{"a", {3.0, 3.0, 3.0}}, {"b", {3.5, 2.5, 3.1}}})});
  CHECK(mosOf(all[0]).verdict == Verdict::none);
  CHECK_FALSE(all[0].regression());
  CHECK_THAT(renderText(all), Catch::Contains("no difference detected\n") &&
                                  Catch::Contains("intervals; paired, n = 3"));
}

TEST_CASE("one run has a difference and no interval") {
  const auto all = compareResults({withMos({{"a", {3.0}}, {"b", {2.0}}})});
  CHECK(mosOf(all[0]).verdict == Verdict::undecided);
  CHECK(std::isnan(mosOf(all[0]).low));
  CHECK_FALSE(all[0].regression());
  CHECK(nlohmann::json::parse(renderJson(all))["comparisons"][0]["metrics"][0]["ci_low"].is_null());
}

TEST_CASE("runs of other seeds are not paired") {
  // Welch: both variances 0.01 over 3 runs, standard error sqrt(0.02 / 3) = 0.0816497, 4 degrees of
  // freedom, t = 2.776445: half the interval is 0.226696.
  const Result a = withMos({{"base", {3.9, 4.0, 4.1}}});
  Result b = withMos({{"base", {2.9, 3.0, 3.1}}});
  for (auto& r : b.records) r.seed += 1000;
  b.scenario = "other";
  const auto all = compareResults({a, b});
  const MetricDifference d = mosOf(all.at(0));
  CHECK_FALSE(d.paired);
  CHECK(d.difference == Approx(-1.0));
  CHECK(d.low == Approx(-1.226696).epsilon(1e-5));
  CHECK(d.high == Approx(-0.773304).epsilon(1e-5));
  CHECK(all[0].labelA == "hand");
  CHECK(all[0].labelB == "other");
}

TEST_CASE("several results are compared variant by variant") {
  const Result a = withMos({{"x", {3, 3}}, {"y", {3, 3}}});
  const Result b = withMos({{"y", {2, 2}}, {"z", {3, 3}}});
  const auto all = compareResults({a, b});
  REQUIRE(all.size() == 1);
  CHECK(mosOf(all[0]).verdict == Verdict::worse);  // no scatter at all: the interval is a point
  CHECK_THROWS_WITH(compareResults({a, withMos({{"p", {1}}, {"q", {1}}})}),
                    Catch::Contains("no variant in common"));
  CHECK_THROWS_WITH(compareResults({withMos({{"x", {1}}})}), Catch::Contains("nothing to compare"));
  Options options;
  options.baseline = "none";
  CHECK_THROWS_WITH(compareResults({a}, options), Catch::Contains("it has x, y"));
  options.baseline = "y";
  CHECK(compareResults({a}, options).at(0).labelB == "x");
}

TEST_CASE("a call that fails is a regression and says why") {
  Result result = withMos({{"open", {4, 4}}, {"shut", {4, 4}}});
  for (auto& r : result.records) {
    if (r.variant != "shut") continue;
    r.streams.clear();
    r.failedCalls = {{"c", 410, 3112, {"firewall denies all"}}};
  }
  const auto all = compareResults({result});
  CHECK(all.at(0).metrics.empty());
  REQUIRE(all[0].calls.size() == 1);
  CHECK(all[0].regression());
  REQUIRE(all[0].paths.size() == 1);
  CHECK(all[0].paths[0].b.path.empty());
  CHECK_THAT(renderText(all),
             Catch::Contains("intervals)\n  call c  connects -> fails      WORSE\n"));
  CHECK_THAT(renderText(all), Catch::Contains("call c fails in B: 410/3112: firewall denies all"));
}

TEST_CASE("paths that differ are told with their reasons, like ones together") {
  const std::string text = renderText(compareResults({test::sampleResult(2)}));
  CHECK_THAT(text, Catch::Contains("standup alice -> bob audio, standup bob -> alice audio:\n"
                                   "      relay-udp (udp) -> relay-tcp (tcp)\n"));
  CHECK_THAT(text, Catch::Contains("B not relay-udp: hq-firewall drops it by rule 2"));
  CHECK_THAT(text, Catch::Contains("devices.hq-firewall.rules[0]: {allow: udp} -> (absent)"));
  CHECK_THAT(text, Catch::Contains("audio.mos "));
  CHECK_THAT(text, Catch::Contains("  WORSE\n"));
}

TEST_CASE(
    "what both sides tried with the same outcome is told once, wherever the rule is written") {
  Result result = test::sampleResult(2);
  for (auto& r : result.records) {
    const std::string line = r.variant == result.cases[0].variant ? "a.yaml:7" : "b.yaml:21";
    for (auto& s : r.streams)
      s.attempts.insert(s.attempts.begin(),
                        {"direct", false, "wall denies it by rule 1 (" + line + "): {deny: any}"});
  }
  const std::string text = renderText(compareResults({result}));
  CHECK_THAT(
      text,
      Catch::Contains("      both not direct: wall denies it by rule 1 (a.yaml:7): {deny: any}\n"));
  CHECK_THAT(text, !Catch::Contains("b.yaml:21"));
}

TEST_CASE("video has a table of its own, and none where there is no video") {
  Result result = withMos({{"thin", {4.0, 4.0}}, {"wide", {4.0, 4.0}}});
  CHECK_THAT(renderRunTable(result), !Catch::Contains("VIDEO"));
  for (metrics::RunRecord& run : result.records) {
    if (run.variant == "wide") continue;
    metrics::StreamRecord s = run.streams[0];
    s.medium = "video";
    s.totals = {};
    s.outOfRange = {};
    s.totals[metrics::MetricId::video_received_rate] = 1e6 * run.replication;
    s.totals[metrics::MetricId::video_frame_height] = 360;
    s.totals[metrics::MetricId::video_frame_rate] = 25;
    s.totals[metrics::MetricId::video_frames_decoded] = 1000;  // 40 s
    s.totals[metrics::MetricId::video_freezes] = 1;
    s.totals[metrics::MetricId::video_freeze_ratio] = 0.01;
    s.totals[metrics::MetricId::video_vq] = 3.5;
    run.streams.push_back(s);
  }
  const std::string text = renderRunTable(result, {.width = 200});
  // 1 and 2 Mbit/s; 2 freezes in 80 s.
  CHECK_THAT(text, Catch::Contains("thin   1500 kbit/s  360 px  25.0 fps  1.50/min  1.00 %"));
  CHECK_THAT(text, Catch::Contains("3.50 [3.50, 3.50]"));
  CHECK_THAT(text.substr(text.find("VIDEO")), !Catch::Contains("wide"));
}

TEST_CASE("scores on different scales are said not to compare") {
  Result result = withMos({{"opus", {4.0, 4.1}}, {"phone", {4.3, 4.2}}, {"both", {4.3, 4.2}}});
  const auto text = [&] { return renderText(compareResults({result})); };
  CHECK_THAT(text(), !Catch::Contains("scale"));
  CHECK_THAT(renderRunTable(result), !Catch::Contains("scale"));
  for (metrics::RunRecord& run : result.records) run.streams[0].mosScale = "fullband";
  CHECK_THAT(text(), !Catch::Contains("scale"));
  CHECK_THAT(renderRunTable(result), !Catch::Contains("scale"));
  for (metrics::RunRecord& run : result.records) {
    if (run.variant == "phone") run.streams[0].mosScale = "narrowband";
    if (run.variant == "both" && run.replication == 2) run.streams[0].mosScale = "narrowband";
  }
  CHECK_THAT(text(), Catch::Contains("note: scores of A are on the fullband scale, of B on the "
                                     "narrowband: they do not compare"));
  CHECK_THAT(text(), Catch::Contains("of B on the fullband, narrowband: they do not compare"));
  CHECK_THAT(renderRunTable(result, {.width = 200}),
             Catch::Contains("note: scores of different scales do not compare: fullband (opus); "
                             "narrowband (phone); fullband, narrowband (both)"));
  CHECK_THAT(renderMarkdown(compareResults({result})),
             Catch::Contains("\n\nNote: scores of A are on the fullband scale, of B on the "
                             "narrowband: they do not compare\n"));
  // One variant whose calls differ: its mean is of both.
  Result mixed = withMos({{"both", {4.3, 4.2}}});
  mixed.records[0].streams[0].mosScale = "wideband";
  mixed.records[1].streams[0].mosScale = "fullband";
  CHECK_THAT(renderRunTable(mixed), Catch::Contains("note: scores of different scales do not "
                                                    "compare: fullband, wideband (both)\n"));
}

TEST_CASE("a worse score on another scale is no regression") {
  Result result = withMos({{"opus", {4.0, 4.1, 4.2}}, {"phone", {3.0, 3.1, 3.2}}});
  CHECK(compareResults({result}).at(0).regression());
  for (metrics::RunRecord& run : result.records)
    run.streams[0].mosScale = run.variant == "opus" ? "fullband" : "narrowband";
  CHECK_FALSE(compareResults({result}).at(0).regression());
}

TEST_CASE("a sweep of several scales says so, and its differences if they are across scales") {
  Result result = test::sweptResult();
  const auto each = [&](const auto& scale) {
    for (metrics::RunRecord& run : result.records) {
      for (metrics::StreamRecord& s : run.streams) s.mosScale = scale(run.variant);
    }
  };
  const auto has = [](const std::string& name, const char* part) {
    return name.find(part) != std::string::npos;
  };
  each([](const std::string&) { return "fullband"; });
  CHECK_THAT(renderRunTable(result), !Catch::Contains("scales"));
  CHECK_THAT(renderSweepDifferences(result), !Catch::Contains("scales"));
  each([&](const std::string& v) { return has(v, "tcp") ? "narrowband" : "fullband"; });
  const std::string variants =
      "note: scores of different scales do not compare: fullband (udp); narrowband (tcp)\n";
  CHECK_THAT(renderRunTable(result), Catch::Contains(variants));
  CHECK_THAT(renderSweepDifferences(result), Catch::EndsWith(variants));
  // Within each cell the variants are alike.
  each([&](const std::string& v) { return has(v, "20 ms") ? "narrowband" : "fullband"; });
  CHECK_THAT(renderRunTable(result), Catch::Contains("note: scores of different scales do not "
                                                     "compare: fullband, narrowband (udp, tcp)\n"));
  CHECK_THAT(renderSweepDifferences(result), !Catch::Contains("scales"));
}

TEST_CASE("resolved input reads as a tree") {
  const Tree tree = parseTree(
      "a:\n"
      "  b: 20 ms  # said here\n"
      "  \"c: d\": 'it''s'\n"
      "list:\n"
      "- x\n"
      "- name: n\n"
      "  deep: {k: [1, {m: 2}], e: \"q, r\"}\n"
      "empty:\n"
      "last: [a,\n"
      "  b]\n");
  REQUIRE(tree.map.size() == 4);
  CHECK(tree.find("a")->find("b")->scalar == "20 ms");
  CHECK(tree.find("a")->find("c: d")->scalar == "it's");
  REQUIRE(tree.find("list")->list.size() == 2);
  CHECK(tree.find("list")->list[1].find("deep")->flow() == "{k: [1, {m: 2}], e: q, r}");
  CHECK(tree.find("empty")->scalar.empty());
  CHECK(tree.find("last")->list.size() == 2);
}

TEST_CASE("keys that differ, by path") {
  const auto keys = differingKeys(
      "title: one\nsites:\n  hq:\n    rate: 1 Mbit/s\n    delay: 4 ms\n  gone: {x: 1}\ncalls:\n"
      "  - {name: c, media: [audio]}\nrules: [{allow: udp}, {deny: any}]\n",
      "title: two\nsites:\n  hq:\n    rate: 2 Mbit/s\n    delay: 4 ms\ncalls:\n"
      "  - {name: c, media: [video]}\nrules: [{deny: any}]\nmore: 1\n");
  REQUIRE(keys.size() == 5);
  CHECK(keys[0].path == "sites.hq.rate");
  CHECK(keys[0].a == "1 Mbit/s");
  CHECK(keys[0].b == "2 Mbit/s");
  CHECK(keys[1].path == "sites.gone");
  CHECK(keys[1].a == "{x: 1}");
  CHECK(keys[1].b.empty());
  CHECK(keys[2].path == "calls[c].media[0]");
  CHECK(keys[3].path == "rules[0]");
  CHECK(keys[3].a == "{allow: udp}");
  CHECK(keys[4].path == "more");
  CHECK(differingKeys("a: 1\n", "a: 1\n").empty());
  CHECK(differingKeys("a: 1\n", "a: 1  # same\n").empty());
}

TEST_CASE("one run gives a difference and no verdict, unless there is none") {
  const std::string one = renderText(compareResults({withMos({{"a", {4.0}}, {"b", {3.0}}})}));
  CHECK_THAT(one, Catch::Contains("-1.00    one run: no interval"));
  // 0.1 + 0.2 and 0.3 differ in the last bit.
  const std::string same =
      renderText(compareResults({withMos({{"a", {0.1 + 0.2}}, {"b", {0.3}}})}));
  CHECK_THAT(same, Catch::Contains("0.00    same\n"));
}

TEST_CASE("all renderings tell the same numbers") {
  const auto all = compareResults({withMos({{"a", {4.0, 3.0, 2.2}}, {"b", {3.0, 2.1, 1.1}}})});
  CHECK_THAT(renderText(all),
             Catch::Contains("3.07 -> 2.07") && Catch::Contains("-1.00  [-1.25, -0.75]"));
  CHECK_THAT(renderMarkdown(all),
             Catch::Contains("| audio.mos | 3.07 | 2.07 | -1.00 | [-1.25, -0.75] | WORSE"));
  CHECK_THAT(renderCsv(all), Catch::Contains("a,b,audio.mos,MOS,3.06666666667,2.06666666667,-1,"));
  const auto json = nlohmann::json::parse(renderJson(all));
  CHECK(json["schema"]["name"] == "callflow.result/comparison");
  CHECK(json["regression"] == true);
  CHECK(json["comparisons"][0]["metrics"][0]["verdict"] == "worse");
}

TEST_CASE("the table of a run has a row for each variant and says what failed") {
  Result result = test::sampleResult(3);
  result.cases.push_back({"shut", "x: 1\n"});
  metrics::RunRecord failed;
  failed.variant = "shut";
  failed.replication = 1;
  failed.failedCalls = {{"standup", 410, 3112, {"no way out"}}};
  result.records.push_back(failed);
  const std::string text = renderRunTable(result, {.width = 200});
  // MOS of the runs 4.01, 4.02, 4.03: mean 4.02, sd 0.01, t(2) / sqrt(3) = 2.4841: +-0.0248.
  CHECK_THAT(text, Catch::Contains("udp-open  relay-udp     3  4.02 [4.00, 4.04]"));
  CHECK_THAT(text, Catch::Contains("shut      none          1  -"));
  CHECK_THAT(text, Catch::Contains("shut: call standup failed, 410/3112\n  no way out\n"));
  // Three runs, of which each has one of two streams flagged over TCP.
  CHECK_THAT(text, Catch::EndsWith("note: tcp-only: 3 of 6 streams have windows beyond what the "
                                   "E-model was made for (delay, burst-ratio)\n"));
  CHECK_THAT(text, !Catch::Contains("note: udp-open"));
}

TEST_CASE("settings of TCP that no media meets are told") {
  Result result = test::sampleResult(1);  // udp-open has UDP alone, tcp-only TCP
  const std::string call = "calls:\n  - name: c\n";
  const auto resolve = [&](const std::string& udp, const std::string& tcp) {
    result.cases.at(0).resolvedYaml = call + udp;
    result.cases.at(1).resolvedYaml = call + tcp;
    return renderRunTable(result);
  };
  const std::string cubic =
      "    tcp: {congestion-control: cubic}\n    transport: {security: none}\n";
  const std::string bbr =
      "    tcp: {congestion-control: bbr}\n    transport: {security: tls-1.3}\n";
  CHECK_THAT(resolve(cubic, bbr), !Catch::Contains("no media goes over TCP"));
  for (auto& run : result.records) {
    for (auto& stream : run.streams) stream.transport = "udp";
  }
  CHECK_THAT(
      resolve(cubic, bbr),
      Catch::Contains("note: tcp-only: no media goes over TCP, so what it changes in tcp: and "
                      "transport: has no effect\n"));
  CHECK_THAT(resolve(bbr, bbr), !Catch::Contains("no media goes over TCP"));
}

TEST_CASE("the table of a run says whose streams are worst where there are more than two") {
  Result result = test::sampleResult(2);
  const std::string title = "STREAM of ";
  CHECK_THAT(renderRunTable(result), !Catch::Contains(title));
  for (metrics::RunRecord& run : result.records) {
    for (int i = 0; i < 8; ++i) {
      run.streams.push_back(run.streams.front());
      run.streams.back().from = "guest" + std::to_string(i) + "@x";
      run.streams.back().totals[metrics::MetricId::audio_mos] = 1.5 + 0.1 * i;
    }
  }
  const std::string text = renderRunTable(result);
  const std::size_t begin = text.find(title + "udp-open");
  REQUIRE(begin != std::string::npos);
  const std::string table = text.substr(begin, text.find("\n\n", begin) - begin);
  // The first four of eight guests' streams, from 1.5 to 2.2; the two that there were have more
  // than 4.
  std::size_t last = 0;
  for (int i = 0; i < 4; ++i) {
    const std::size_t at = table.find("\nguest" + std::to_string(i) + "@x -> ");
    REQUIRE(at != std::string::npos);
    CHECK(at >= last);
    last = at;
  }
  CHECK_THAT(table, Catch::Contains("  relay-udp  1.50 [1.50, 1.50]"));
  CHECK_THAT(table, Catch::EndsWith("and 6 better ones, with -v and in summary.csv"));
}

TEST_CASE("a sweep is told in grids, each cell against the baseline in the same cell") {
  const Result result = test::sweptResult();
  const auto all = compareResults({result});
  REQUIRE(all.size() == 6);
  CHECK(all[3].labelA == "udp, loss 1%, rtt 100 ms");
  CHECK(all[3].labelB == "tcp, loss 1%, rtt 100 ms");
  CHECK(all[3].metrics.front().difference == Approx(-0.4));
  CHECK(renderSweepTable(result, MetricId::audio_mos) ==
        "audio.mos, mean of the runs; ! below 3.60: many users dissatisfied (ITU-T G.107)\n"
        "udp        rtt 20 ms  100 ms\n"
        "  loss 0%       4.03    4.03\n"
        "  loss 1%       3.93    3.93\n"
        "  loss 2%       3.83    3.83\n"
        "tcp        rtt 20 ms  100 ms\n"
        "  loss 0%       4.03    3.83\n"
        "  loss 1%       3.73   !3.53\n"
        "  loss 2%      !3.43   !3.23\n");
  Options options;
  options.metrics = {MetricId::audio_mos};
  CHECK(
      renderSweepDifferences(result, options) ==
      "audio.mos against udp in the same cell; in brackets: no difference detected (95 %) or none "
      "that\n    matters\n"
      "tcp        rtt 20 ms  100 ms\n"
      "  loss 0%     (0.00)   -0.20\n"
      "  loss 1%      -0.20   -0.40\n"
      "  loss 2%      -0.40   -0.60\n");
  options.baseline = "sctp";
  CHECK_THROWS_WITH(compareResults({result}, options), Catch::Contains("it has udp, tcp"));
}

}  // namespace callflow::compare
