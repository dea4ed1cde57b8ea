#include "src/cli/process_pool.h"

#include <signal.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <stdexcept>
#include <thread>

#include "src/cli/stop_signal.h"

namespace callflow::cli {
namespace {

using Kind = JobOutcome::Kind;
using namespace std::chrono_literals;

// Children of a test that fails must not wait for ever.
constexpr auto kPatience = 20s;

bool waitForStop() {
  const auto end = std::chrono::steady_clock::now() + kPatience;
  while (!StopSignals::received() && std::chrono::steady_clock::now() < end) {
    std::this_thread::sleep_for(5ms);
  }
  return StopSignals::received();
}

TEST_CASE("outcomes stand in the order of the jobs, not of their completion") {
  std::vector<Job> jobs;
  for (int i = 0; i < 8; ++i) {
    jobs.emplace_back([i](ChildLink&) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10 * (8 - i)));
      return "job " + std::to_string(i);
    });
  }
  std::vector<std::size_t> completed;
  PoolOptions options;
  options.parallel = 4;
  options.onDone = [&](std::size_t job, const JobOutcome&) { completed.push_back(job); };
  const auto outcomes = runJobs(jobs, options);
  REQUIRE(outcomes.size() == 8);
  for (std::size_t i = 0; i < 8; ++i) {
    CHECK(outcomes[i].kind == Kind::done);
    CHECK(outcomes[i].payload == "job " + std::to_string(i));
  }
  CHECK(completed.size() == 8);
}

TEST_CASE("each job has a process of its own") {
  const auto pid = [](ChildLink&) { return std::to_string(::getpid()); };
  const auto outcomes = runJobs({pid, pid}, {});
  CHECK(outcomes[0].payload != outcomes[1].payload);
  CHECK(outcomes[0].payload != std::to_string(::getpid()));
}

TEST_CASE("a payload larger than a pipe holds arrives whole") {
  const std::string big(5'000'000, 'x');
  const auto outcomes = runJobs({[&](ChildLink&) { return big; }}, {});
  REQUIRE(outcomes[0].kind == Kind::done);
  CHECK(outcomes[0].payload == big);
}

TEST_CASE("a crash, an exception and an exit are told apart, and the others complete") {
  const std::vector<Job> jobs{
      [](ChildLink&) { return std::string("first"); },
      [](ChildLink&) -> std::string {
        // Not by a null pointer: a sanitizer would catch that and exit in its own way.
        ::signal(SIGSEGV, SIG_DFL);
        ::raise(SIGSEGV);
        return {};
      },
      [](ChildLink&) -> std::string { throw std::runtime_error("no such relay"); },
      [](ChildLink&) -> std::string { ::_exit(7); },
      [](ChildLink&) -> std::string { ::_exit(0); },  // exits as if fine, but hands nothing over
      [](ChildLink&) { return std::string("last"); },
  };
  PoolOptions options;
  options.parallel = 2;
  const auto outcomes = runJobs(jobs, options);
  CHECK(outcomes[0].payload == "first");
  CHECK(outcomes[1].kind == Kind::failed);
  CHECK(outcomes[1].failure == "signal 11 (Segmentation fault)");
  CHECK(outcomes[2].kind == Kind::failed);
  CHECK(outcomes[2].failure == "no such relay");
  CHECK(outcomes[3].failure == "exit code 7");
  CHECK(outcomes[4].kind == Kind::failed);
  CHECK(outcomes[5].payload == "last");
}

TEST_CASE("progress reaches the parent") {
  std::int64_t last = 0;
  PoolOptions options;
  options.onProgress = [&](std::size_t, std::int64_t done) { last = done; };
  runJobs({[](ChildLink& parent) {
            parent.report(5);
            std::this_thread::sleep_for(80ms);  // more often than every 50 ms nothing is sent
            parent.report(9);
            parent.report(10);
            return std::string();
          }},
          options);
  CHECK(last == 9);
}

TEST_CASE("a signal lets running jobs end with what they have and starts no more") {
  const StopSignals signals;
  const Job waits = [](ChildLink& parent) {
    parent.report(1);
    return std::string(waitForStop() ? "what I have" : "never told");
  };
  PoolOptions options;
  options.parallel = 2;
  int reports = 0;
  options.onProgress = [&](std::size_t, std::int64_t) {
    if (++reports == 2) ::raise(SIGINT);
  };
  const auto outcomes = runJobs({waits, waits, waits}, options);
  CHECK(outcomes[0].payload == "what I have");
  CHECK(outcomes[1].payload == "what I have");
  CHECK(outcomes[2].kind == Kind::notStarted);
  CHECK(StopSignals::exitCode() == 130);
}

TEST_CASE("a second signal kills jobs that do not end") {
  const StopSignals signals;
  const Job deaf = [](ChildLink& parent) {
    ::signal(SIGINT, SIG_IGN);
    parent.report(1);
    std::this_thread::sleep_for(kPatience);
    return std::string("slept on");
  };
  PoolOptions options;
  options.onProgress = [&](std::size_t, std::int64_t) {
    ::raise(SIGTERM);
    ::raise(SIGTERM);
  };
  const auto begin = std::chrono::steady_clock::now();
  const auto outcomes = runJobs({deaf}, options);
  CHECK(std::chrono::steady_clock::now() - begin < kPatience);
  CHECK(outcomes[0].kind == Kind::failed);
  CHECK(outcomes[0].failure == "signal 9 (Killed)");
  CHECK(StopSignals::exitCode() == 143);
}

}  // namespace
}  // namespace callflow::cli
