// Networks that were made up: the good and the odd ones run and keep the books, those with a fault
// are refused with a place. The file in work stays below the test's folder as `network.yaml`.
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cmath>
#include <exception>

#include "src/diag/diag.h"
#include "src/results/run_files.h"
#include "src/sim/run.h"
#include "src/topology/load.h"
#include "tests/fuzz/load_checks.h"
#include "tests/fuzz/network_generator.h"
#include "tests/fuzz/rounds.h"

namespace callflow::test {
namespace {

namespace fs = std::filesystem;
using metrics::MetricId;

const fs::path file = fs::path(CALLFLOW_TEST_DIR) / "network.yaml";
const fs::path complaints = fs::path(CALLFLOW_TEST_DIR) / "complaints.txt";
// What two runs of the same gave, bit for bit.
const fs::path first = fs::path(CALLFLOW_TEST_DIR) / "first";
const fs::path second = fs::path(CALLFLOW_TEST_DIR) / "second";

metrics::RunRecord simulated(const topology::Case& input, const topology::Scenario& scenario) {
  sim::RunOptions options;
  options.seed = scenario.seed;
  options.warmUp = scenario.warmUp;
  options.drain = scenario.drain;
  options.trace = true;
  return sim::simulate(input, options);
}

// What must hold of every stream, whatever the network does to it.
void check(const metrics::StreamRecord& s, std::string& said) {
  const auto complain = [&](const std::string& what) {
    said += s.call + ", " + s.from + " to " + s.to + ": " + what + "\n";
  };
  const auto value = [&](MetricId id) { return s.totals[id]; };
  if (value(MetricId::audio_packets_sent) != value(MetricId::audio_packets_received) +
                                                 value(MetricId::audio_packets_lost) +
                                                 value(MetricId::audio_packets_in_flight_at_end))
    complain("packets are unaccounted for");
  Duration sum;
  for (const metrics::BudgetPart& part : s.budget) sum += part.sum;
  if (sum != s.totalDelay) complain("the causes of delay do not add up");
  for (const MetricId id : {MetricId::audio_lost_ratio, MetricId::audio_concealed_ratio}) {
    const double share = value(id);
    if (!std::isnan(share) && !(share >= 0 && share <= 1)) complain("a share is none");
  }
  // 1 to 4.9: the least MOS, and more than fullband's best (ITU-T G.107.2).
  const double mos = value(MetricId::audio_mos);
  if (!std::isnan(mos) && !(mos >= 1 && mos <= 4.9)) complain("MOS " + std::to_string(mos));
  for (const metrics::Window& w : s.windows) {
    const double of = w.values[MetricId::audio_mos];
    if (!std::isnan(of) && !(of >= 1 && of <= 4.9)) complain("MOS of a window");
  }
  for (const metrics::FrameTrace& f : s.trace) {
    if (f.received != TimePoint::max() && f.received < f.sent) complain("a frame is early");
    if (f.fate == metrics::FrameFate::played && f.played < f.sent) complain("played before sent");
  }
}

// In a process of its own, as ns-3 wants it: runs every case, writes what came of it to `packed`
// and what is wrong to `complaints`.
int simulateAll(const fs::path& packed) {
  std::string said, all;
  try {
    Diagnostics diagnostics;
    const auto scenario = topology::loadScenario(file.string(), diagnostics);
    if (!scenario) {
      said += diagnostics.render("it was refused");
    } else {
      for (const topology::Case& one : scenario->cases) {
        const metrics::RunRecord record = simulated(one, *scenario);
        if (!record.complete) said += "the run did not come to its end\n";
        if (record.streams.empty() && record.failedCalls.empty())
          said += "neither media nor a failed call\n";
        for (const metrics::StreamRecord& s : record.streams) check(s, said);
        const auto there = results::readRunTexts(results::runFiles(record), "made-up");
        if (there.streams.size() != record.streams.size()) said += "streams were lost in files\n";
        for (const auto& [name, text] : results::runFiles(record)) all += name + "\n" + text;
      }
    }
  } catch (const std::exception& error) {
    said += std::string("internal error: ") + error.what() + "\n";
  }
  writeFile(complaints, said);
  writeFile(packed, all);
  return said.empty() ? 0 : 1;
}

void requireRuns(const std::string& text) {
  writeFile(file, text);
  INFO(text);
  for (const fs::path& packed : {first, second}) {
    writeFile(complaints, "");
    const pid_t child = ::fork();
    if (child == 0) {
      ::alarm(60);  // a network of a few seconds that takes longer hangs
      ::_exit(simulateAll(packed));
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    INFO(readFile(complaints));
    REQUIRE_FALSE(WIFSIGNALED(status));
    REQUIRE(WEXITSTATUS(status) == 0);
  }
  REQUIRE(readFile(first) == readFile(second));
}

}  // namespace

TEST_CASE("networks that keep the rules run and keep the books") {
  Rounds rounds(1, 60);
  while (rounds.next()) {
    const unsigned seed = rounds.seed() + static_cast<unsigned>(rounds.number());
    CAPTURE(seed);
    requireRuns(NetworkGenerator(seed).valid());
  }
}

TEST_CASE("networks at the ends of what is allowed run and keep the books") {
  Rounds rounds(2, 60);
  while (rounds.next()) {
    const unsigned seed = rounds.seed() + static_cast<unsigned>(rounds.number());
    CAPTURE(seed);
    requireRuns(NetworkGenerator(seed).odd());
  }
}

TEST_CASE("networks with one fault are refused with its place") {
  Rounds rounds(3, 300);
  while (rounds.next()) {
    const unsigned seed = rounds.seed() + static_cast<unsigned>(rounds.number());
    std::string fault;
    const std::string text = NetworkGenerator(seed).nearlyValid(fault);
    CAPTURE(seed, fault, text);
    writeFile(file, text);
    CHECK(load(file.string()) == Outcome::refused);
  }
}

}  // namespace callflow::test
