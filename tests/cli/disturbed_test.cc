// What callflow does when its surroundings are against it: no room, no file handles, closed
// streams, signals, others at work in the same place, results that somebody touched.
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "tests/cli/program.h"

namespace callflow::test {
namespace {

namespace fs = std::filesystem;
const std::string kInput = CALLFLOW_SOURCE_DIR "/tests/cli/input/";
const std::string kSmall = kInput + "small.yaml";

fs::path scratch(const std::string& name) {
  return emptyDirectory(CALLFLOW_TEST_DIR, name);
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

// A script for the shell in which $CALLFLOW is the program and $SMALL a scenario. Limits and
// closed streams are of its making.
Output shell(const std::string& script, const fs::path& dir) {
  const std::string command = "cd '" + dir.string() +
                              "' && CALLFLOW='" CALLFLOW_PROGRAM "' SMALL='" + kSmall +
                              "' timeout 120 bash -c '" + script + "' >.stdout 2>.stderr";
  const int status = std::system(command.c_str());
  Output output;
  output.code = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  output.out = contentOf(dir / ".stdout");
  output.err = contentOf(dir / ".stderr");
  return output;
}

// What is hidden and not ours to leave behind.
std::vector<std::string> leftovers(const fs::path& root) {
  std::vector<std::string> found;
  if (!fs::exists(root)) return found;
  for (const auto& entry : fs::recursive_directory_iterator(root))
    if (entry.path().filename().string().front() == '.') found.push_back(entry.path().string());
  return found;
}

std::map<std::string, std::string> contentsBelow(const fs::path& directory) {
  std::map<std::string, std::string> all;
  for (const std::string& file : filesBelow(directory)) all[file] = contentOf(directory / file);
  return all;
}

fs::path latest(const fs::path& dir) {
  return fs::canonical(dir / "results/small/latest");
}

TEST_CASE("a result that somebody touched is told by its readers and run again") {
  const fs::path dir = scratch("touched");
  REQUIRE(runCallflow({"run", kSmall, "--no-plots", "-q"}, dir).code == 0);
  const auto before = contentsBelow(latest(dir));
  for (const char* file : {"runs/udp-open-1/budget.csv", "runs/tcp-only-2/run.json", "summary.json",
                           "inputs/resolved-udp-open.yaml"}) {
    INFO(file);
    std::ofstream(latest(dir) / file, std::ios::trunc).close();
    for (const char* verb : {"compare", "plot"}) {
      const Output read = runCallflow({verb, "results/small/latest"}, dir);
      CHECK(read.code == 2);
      CHECK(has(read.err, file));
      CHECK(has(read.err, "run the scenario again"));
    }
    const Output again = runCallflow({"run", kSmall, "--no-plots", "-q"}, dir);
    CHECK(again.code == 0);
    CHECK(has(again.err, file));
    CHECK(has(again.err, "it is run again"));
    auto now = contentsBelow(latest(dir));
    REQUIRE(now.size() == before.size());
    for (const auto& [name, text] : before)
      if (name != "manifest.json") CHECK(now[name] == text);
  }
}

// `ulimit -f`: a file grows to so many blocks of 1 KiB and no further, which needs no rights and
// no file system of its own.
TEST_CASE("no room is the user's to mend: said, exit code 5, nothing broken") {
  const fs::path dir = scratch("no-room");
  const Output run = shell("ulimit -f 8; exec $CALLFLOW run $SMALL --no-plots", dir);
  CHECK(run.code == 5);
  CHECK(has(run.err, ": there is no room: File too large"));
  CHECK_FALSE(has(run.err, "internal error"));
  CHECK(leftovers(dir / "results").empty());
  CHECK_FALSE(fs::exists(dir / "results/small/latest"));

  REQUIRE(runCallflow({"run", kSmall, "-q"}, dir).code == 0);
  const auto before = contentsBelow(latest(dir));
  REQUIRE(before.contains("plots/mos.png"));
  SECTION("pictures that are there stay") {
    const Output plot = shell("ulimit -f 30; exec $CALLFLOW plot results/small/latest", dir);
    CHECK(plot.code == 5);
    CHECK(has(plot.err, "plots: there is no room: No space left on device"));
    CHECK(contentsBelow(latest(dir)) == before);
  }
  SECTION("so do the runs, when it is the pictures that have no room") {
    fs::remove_all(latest(dir) / "plots");
    const Output plot = shell("ulimit -f 30; exec $CALLFLOW run $SMALL", dir);
    CHECK(plot.code == 5);
    CHECK_FALSE(fs::exists(latest(dir) / "plots"));
    CHECK(contentOf(latest(dir) / "summary.json") == before.at("summary.json"));
  }
  SECTION("and sound") {
    const Output sound = shell("ulimit -f 30; exec $CALLFLOW run $SMALL --audio -q", dir);
    CHECK(sound.code == 5);
    CHECK(has(sound.err, "File too large"));
    CHECK_FALSE(fs::exists(latest(dir) / "audio"));
  }
  SECTION("and a drawing of the network") {
    std::ofstream(dir / "net.svg") << "before";
    const Output graph =
        shell("ulimit -f 1; exec $CALLFLOW graph $SMALL --format svg -o net.svg", dir);
    CHECK(graph.code == 5);
    CHECK(contentOf(dir / "net.svg") == "before");
  }
  CHECK(leftovers(dir / "results").empty());
}

TEST_CASE("a disk that is full is met the same way") {
  const fs::path dir = scratch("full-disk");
  const fs::path disk = dir / "disk";
  fs::create_directories(disk);
  const std::string mount = "mount -t tmpfs -o size=6m none '" + disk.string() + "' 2>/dev/null";
  if (std::system(mount.c_str()) != 0) {
    WARN("not permitted to mount a file system: the full disk was not tried");
    return;
  }
  const std::shared_ptr<void> unmount(
      nullptr, [&](void*) { (void)std::system(("umount '" + disk.string() + "'").c_str()); });
  REQUIRE(runCallflow({"run", kSmall, "-q"}, disk).code == 0);
  const auto before = contentsBelow(latest(disk));
  // To the last block.
  (void)std::system(("cat /dev/zero >'" + (disk / "filler").string() + "' 2>/dev/null").c_str());
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{"plot", "results/small/latest"},
        {"run", kSmall, "--audio", "--no-plots"},
        {"run", kSmall, "--seed", "2"}}) {
    INFO(words[0] << " " << words.back());
    std::string script = "exec $CALLFLOW";
    for (const std::string& word : words) script += " " + word;
    const Output output = shell("cd disk; " + script, dir);
    CHECK(output.code == 5);
    CHECK(has(output.err, "No space left on device"));
    CHECK(contentsBelow(latest(disk)) == before);
    CHECK(leftovers(disk / "results").empty());
  }
}

// A program called gnuplot that never ends: the signal comes while it draws.
TEST_CASE("a signal while pictures are drawn leaves a whole result and nothing else") {
  const auto [number, code] = GENERATE(table<int, int>({{SIGINT, 130}, {SIGTERM, 143}}));
  const fs::path dir = scratch("drawing-" + std::to_string(code));
  fs::create_directories(dir / "bin");
  std::ofstream(dir / "bin/gnuplot")
      << "#!/bin/sh\ntouch '" << (dir / "started").string() << "'\nexec sleep 100\n";
  ::chmod((dir / "bin/gnuplot").c_str(), 0755);
  const std::string path = std::getenv("PATH");
  ::setenv("PATH", ((dir / "bin").string() + ":" + path).c_str(), 1);
  Running program({"run", kSmall}, dir);
  ::setenv("PATH", path.c_str(), 1);
  for (int i = 0; i < 3000 && !fs::exists(dir / "started"); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  REQUIRE(fs::exists(dir / "started"));
  program.signal(number);
  CHECK(program.wait().code == code);
  CHECK(leftovers(dir / "results").empty());
  CHECK_FALSE(fs::exists(latest(dir) / "plots"));
  CHECK(has(contentOf(latest(dir) / "manifest.json"), "\"complete\": true"));
  // And the next one draws them.
  const Output next = runCallflow({"run", kSmall}, dir);
  CHECK(next.code == 0);
  CHECK(fs::exists(latest(dir) / "plots/mos.svg"));
}

TEST_CASE("a picture that could not be drawn is an error that says so") {
  const fs::path dir = scratch("undrawn");
  REQUIRE(runCallflow({"run", kSmall, "-q"}, dir).code == 0);
  const auto before = contentsBelow(latest(dir));
  fs::create_directories(dir / "bin");
  // Says that all is well and draws half of it; then says that nothing is.
  for (const char* body : {"echo \"<svg\" >mos.svg", "echo no font >&2; exit 3"}) {
    std::ofstream(dir / "bin/gnuplot") << "#!/bin/sh\n" << body << "\n";
    ::chmod((dir / "bin/gnuplot").c_str(), 0755);
    const Output plot = shell(
        "PATH=$PWD/bin:$PATH exec $CALLFLOW plot results/small/latest --only mos --format svg",
        dir);
    CHECK(plot.code == 1);
    CHECK(has(plot.err, "error: results/small/latest/plots/mos.svg could not be drawn: gnuplot "));
    CHECK(contentsBelow(latest(dir)) == before);
  }
}

TEST_CASE("three at once that redo one scenario do not meet") {
  const fs::path dir = scratch("at-once");
  const Output output = shell(
      "for i in 1 2 3; do (cd $PWD; $CALLFLOW run $SMALL --force -j 1 >out$i 2>err$i; "
      "echo $? >code$i) & done; wait",
      dir);
  CHECK(output.code == 0);
  for (const char* i : {"1", "2", "3"}) {
    INFO(contentOf(dir / (std::string("err") + i)));
    CHECK(contentOf(dir / (std::string("code") + i)) == "0\n");
    CHECK(contentOf(dir / (std::string("out") + i)) == contentOf(dir / "out1"));
  }
  CHECK(leftovers(dir / "results").empty());
  CHECK(fs::exists(latest(dir) / "plots/mos.svg"));
  CHECK(runCallflow({"compare", "results/small/latest"}, dir).code == 0);
}

TEST_CASE("more runs at a time than there are file handles wait for their turn") {
  const fs::path dir = scratch("handles");
  const Output output =
      shell("ulimit -n 24; exec $CALLFLOW run $SMALL -n 20 -j 40 --no-plots --trace none -q", dir);
  INFO(output.err);
  CHECK(output.code == 0);
  CHECK(has(contentOf(latest(dir) / "manifest.json"), "\"complete\": true"));
}

TEST_CASE("closed standard streams change nothing in a result") {
  const fs::path dir = scratch("closed");
  REQUIRE(runCallflow({"run", kSmall, "--no-plots", "-q"}, dir).code == 0);
  auto expected = contentsBelow(latest(dir));
  expected.erase("manifest.json");
  for (const char* closed : {">&-", "2>&-", ">&- 2>&-", "<&- >&- 2>&-"}) {
    INFO(closed);
    const fs::path there = scratch("closed-there");
    CHECK(shell(std::string("$CALLFLOW run $SMALL --no-plots ") + closed, there).code == 0);
    auto found = contentsBelow(latest(there));
    found.erase("manifest.json");
    CHECK((found == expected));
  }
}

TEST_CASE("a directory that is not there is said") {
  const fs::path dir = scratch("no-directory");
  for (const char* verb : {"plot", "compare"}) {
    const Output output = runCallflow({verb, "results/nobody/latest"}, dir);
    CHECK(output.code == 2);
    CHECK(has(output.err, "there is no "));
    CHECK(has(output.err, "results/nobody/latest"));
  }
  const Output graph = runCallflow({"graph", kSmall, "-o", "no/where/net.dot"}, dir);
  CHECK(graph.code == 2);
  CHECK(has(graph.err, "there is no directory \"no/where\" to write net.dot to"));
}

TEST_CASE("what comes through a pipe is read like a file") {
  const fs::path dir = scratch("pipe");
  const Output output = shell("$CALLFLOW validate <(cat $SMALL)", dir);
  INFO(output.err);
  CHECK(output.code == 0);
  CHECK(has(output.out, "ok (1 site, 1 remote user"));
}

}  // namespace
}  // namespace callflow::test
