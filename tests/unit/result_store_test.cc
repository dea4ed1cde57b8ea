// What stands on the disk, whatever happens to its writer.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <fstream>
#include <nlohmann/json.hpp>

#include "src/results/store.h"
#include "tests/unit/result_files.h"
#include "tests/unit/sample_result.h"

namespace callflow::results {
namespace {

using test::freshRoot;
using test::namesIn;
using test::textOf;
using test::twoRuns;
namespace fs = std::filesystem;

TEST_CASE("an id stands for the content") {
  const std::vector<CaseInput> cases = {{"a", "x: 1\n"}, {"b", "x: 2\n"}};
  const std::string id = resultId(cases, 1, 10, "0.1.0");
  CHECK(id.size() == 16);
  CHECK(id.find_first_not_of("0123456789abcdef") == std::string::npos);
  CHECK(id == resultId(cases, 1, 10, "0.1.0"));
  CHECK(id != resultId(cases, 2, 10, "0.1.0"));
  CHECK(id != resultId(cases, 1, 11, "0.1.0"));
  CHECK(id != resultId(cases, 1, 10, "0.1.1"));
  CHECK(id != resultId({{"a", "x: 1\n"}, {"b", "x: 3\n"}}, 1, 10, "0.1.0"));
  CHECK(id != resultId({{"b", "x: 2\n"}, {"a", "x: 1\n"}}, 1, 10, "0.1.0"));
  // The parts do not run together.
  // What is kept of the frames is part of what a result is.
  CHECK(id == resultId(cases, 1, 10, "0.1.0", ""));
  CHECK(id != resultId(cases, 1, 10, "0.1.0", "all"));
  CHECK(resultId(cases, 1, 10, "0.1.0", "first") != resultId(cases, 1, 10, "0.1.0", "all"));
  CHECK(resultId({{"ab", "c"}}, 1, 1, "1") != resultId({{"a", "bc"}}, 1, 1, "1"));
}

TEST_CASE("a result's directory holds what the README says") {
  const fs::path root = freshRoot("layout");
  const fs::path directory = writeResult(test::sampleResult(1), {}, {root, false});
  CHECK(directory.parent_path() == root / "udp-vs-tcp");
  for (const char* file : {"manifest.json", "summary.json", "summary.csv", "inputs/udp-vs-tcp.yaml",
                           "inputs/topologies/contoso.yaml", "inputs/resolved-udp-open.yaml",
                           "runs/tcp-only-1/run.json", "runs/tcp-only-1/streams.csv",
                           "runs/tcp-only-1/timeseries.csv", "runs/tcp-only-1/budget.csv",
                           "runs/tcp-only-1/histogram.csv", "runs/tcp-only-1/trace.csv.gz"}) {
    CHECK(fs::exists(directory / file));
  }
  CHECK(fs::read_symlink(directory.parent_path() / "latest") == directory.filename());
  CHECK(textOf(directory / "summary.json")
            .starts_with("{\n  \"schema\": {\n    \"name\": \"callflow.result/summary\""));
  CHECK(textOf(directory / "summary.csv")
            .starts_with("schema,variant,call,from,to,medium,metric,unit,better,n,"));
  const auto manifest = nlohmann::json::parse(textOf(directory / "manifest.json"));
  CHECK(manifest["complete"] == true);
  CHECK(manifest["traced"] == true);
  CHECK(manifest["id"] == directory.filename().string());
}

TEST_CASE("inputs from outside the scenario's folder stay inside the result") {
  Result result = twoRuns();
  result.inputs = {{"dir/s.yaml", "1"},
                   {"../../secret.yaml", "2"},
                   {"/abs/t.yaml", "3"},
                   {"dir/x/../t.yaml", "4"}};
  const fs::path directory = writeResult(result, {}, {freshRoot("outside"), false});
  CHECK(namesIn(directory / "inputs") == std::vector<std::string>{"2-secret.yaml", "3-t.yaml",
                                                                  "resolved-base.yaml", "s.yaml",
                                                                  "t.yaml"});
  CHECK(loadResult(directory).inputs[2].text == "3");
}

TEST_CASE("a failed write leaves nothing that looks whole") {
  const fs::path root = freshRoot("failed");
  Result result = twoRuns();
  // The second input would lie below the first, which is a file.
  result.inputs = {{"a.yaml", "1"}, {"a.yaml/b.yaml", "2"}};
  CHECK_THROWS_AS(writeResult(result, {}, {root, false}), ResultError);
  CHECK(namesIn(root / "two").empty());
  CHECK_FALSE(findResult(root, "two", resultId(result)));
}

TEST_CASE("a writer that is killed leaves nothing whole, and its leftovers go with the next one") {
  const fs::path root = freshRoot("killed");
  const Result result = test::sampleResult(4);
  // As a writer that died half way: its directory is there, its lock is gone.
  const fs::path left = root / "udp-vs-tcp" / ".partial-0123456789abcdef-1";
  fs::create_directories(left / "runs");
  // And one that lives, in a child that holds its directory as a writer does until it is killed.
  const pid_t child = fork();
  if (child == 0) {
    while (true) {
      try {
        writeResult(result, {}, {root, true});
      } catch (...) {
        _exit(1);
      }
    }
  }
  usleep(60'000);
  kill(child, SIGKILL);
  int status = 0;
  waitpid(child, &status, 0);
  REQUIRE(WIFSIGNALED(status));
  const std::string id = resultId(result);
  if (const auto found = findResult(root, result.scenario, id)) {
    CHECK(loadResult(found->path).records.size() == 8);  // whole, from a round before
  }
  const fs::path directory = writeResult(result, {}, {root, true});
  CHECK(namesIn(root / "udp-vs-tcp") == std::vector<std::string>{id, "latest"});
  CHECK(loadResult(directory).complete());
}

TEST_CASE("`latest` stays with a complete result when another run is interrupted") {
  const fs::path root = freshRoot("latest");
  Result whole = twoRuns();
  const auto latest = [&] { return fs::read_symlink(root / "two" / "latest").string(); };
  Result part = whole;
  part.seed = 7;
  part.records.pop_back();
  writeResult(part, {}, {root, false});
  CHECK(latest() == resultId(part));  // better than none
  writeResult(whole, {}, {root, false});
  CHECK(latest() == resultId(whole));
  part.seed = 8;
  writeResult(part, {}, {root, false});
  CHECK(latest() == resultId(whole));
  whole.seed = 9;
  writeResult(whole, {}, {root, false});
  CHECK(latest() == resultId(whole));
}

TEST_CASE("a run that goes on where it stopped gives the bytes of one that never stopped") {
  const Result whole = test::sampleResult(3);
  const fs::path expected = writeResult(whole, {}, {freshRoot("never-stopped"), false});
  // Stopped at every point: after none, one, two ... of the six runs, the one in work cut short.
  for (std::size_t done = 0; done < whole.records.size(); ++done) {
    INFO(done);
    const fs::path root = freshRoot("stopped");
    Result part = whole;
    part.records.resize(done + 1);
    part.records.back().complete = false;
    const fs::path directory = writeResult(part, {}, {root, false});
    Result rest = whole;
    rest.records = finishedRuns(directory);
    REQUIRE(rest.records.size() == done);
    for (std::size_t i = done; i < whole.records.size(); ++i)
      rest.records.push_back(whole.records[i]);
    CHECK(writeResult(rest, {}, {root, false}) == directory);
    CHECK((test::filesOf(directory) == test::filesOf(expected)));
  }
}

TEST_CASE("a larger result is never replaced by a smaller one") {
  const fs::path root = freshRoot("larger");
  const Result whole = test::sampleResult(3);
  const auto finished = [&](std::size_t runs) {
    Result part = whole;
    part.records.resize(runs);
    return part;
  };
  const auto there = [&] { return findResult(root, whole.scenario, resultId(whole))->finished; };
  writeResult(finished(2), {}, {root, false});
  writeResult(finished(1), {}, {root, true});  // not even with force: it was stopped
  CHECK(there() == 2);
  writeResult(finished(4), {}, {root, false});
  CHECK(there() == 4);
  writeResult(whole, {}, {root, false});
  writeResult(finished(5), {}, {root, true});
  CHECK(there() == 6);
}

TEST_CASE("the same run is recognized; force and what is missing replace it") {
  const fs::path root = freshRoot("again");
  Result result = test::sampleResult(2);
  for (auto& r : result.records) {
    for (auto& s : r.streams) s.trace.clear();
  }
  const std::string id = resultId(result);
  CHECK_FALSE(findResult(root, result.scenario, id));
  Result partial = result;
  partial.records.pop_back();
  const fs::path directory = writeResult(partial, {}, {root, false});
  REQUIRE(findResult(root, result.scenario, id));
  CHECK_FALSE(findResult(root, result.scenario, id)->complete);

  writeResult(result, {}, {root, false});  // an incomplete one is replaced
  CHECK(findResult(root, result.scenario, id)->complete);
  CHECK_FALSE(findResult(root, result.scenario, id)->traced);

  std::ofstream(directory / "mark") << "kept?";
  writeResult(result, {}, {root, false});  // a complete one is kept
  CHECK(fs::exists(directory / "mark"));
  writeResult(test::sampleResult(2), {}, {root, false});  // this one has traces
  CHECK_FALSE(fs::exists(directory / "mark"));
  CHECK(findResult(root, result.scenario, id)->traced);
  std::ofstream(directory / "mark") << "kept?";
  writeResult(result, {}, {root, true});
  CHECK_FALSE(fs::exists(directory / "mark"));
}

}  // namespace
}  // namespace callflow::results
