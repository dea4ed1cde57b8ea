// bench_macro [--json FILE] [--repetitions N] [--quick]
//
// What a packet-hop costs in the fabric, against ns-3's own stack and against bare ns-3 events, and
// whole calls over UDP and over TCP, in CPU time. Every measurement is a process of its
// own; the programs take turns, so that a change of the machine's speed meets all of them alike.
// Prints a table, and writes the ratios and what they come from as JSON.
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <functional>
#include <iostream>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <fmt/format.h>

#include "bench/call.h"
#include "bench/chain.h"

namespace callflow::bench {
namespace {

struct Program {
  std::string name;
  ChainCase chain;
  std::function<ChainResult(const ChainCase&)> run;
  int turns = 1;  // measurements a repetition: more for those that take little time
  std::vector<ChainResult> results = {};

  // Nanoseconds of CPU time a packet-hop.
  double cost(const ChainResult& result) const {
    return result.runSeconds * 1e9 / static_cast<double>(chain.packetHops());
  }
  std::vector<double> costs() const {
    std::vector<double> all;
    for (const ChainResult& result : results) all.push_back(cost(result));
    std::sort(all.begin(), all.end());
    return all;
  }
  double medianCost() const {
    const std::vector<double> all = costs();
    return all.size() % 2 == 1 ? all[all.size() / 2]
                               : (all[all.size() / 2 - 1] + all[all.size() / 2]) / 2;
  }
  std::int64_t peakRss() const {
    std::int64_t peak = 0;
    for (const ChainResult& result : results) peak = std::max(peak, result.rssBytes);
    return peak;
  }
};

// What `work` returns, done by a process of its own.
template <class Result>
Result inChild(const std::string& name, const std::function<Result()>& work) {
  int ends[2];
  if (pipe(ends) != 0) throw std::runtime_error("no pipe");
  const pid_t child = fork();
  if (child < 0) throw std::runtime_error("no process");
  if (child == 0) {
    const Result result = work();
    const bool told = write(ends[1], &result, sizeof result) == sizeof result;
    _exit(told ? 0 : 1);
  }
  close(ends[1]);
  Result result;
  const bool told = read(ends[0], &result, sizeof result) == sizeof result;
  close(ends[0]);
  int status = 0;
  waitpid(child, &status, 0);
  if (!told || status != 0) throw std::runtime_error(name + ": the run died");
  return result;
}

ChainResult runInChild(const Program& program) {
  const ChainResult result =
      inChild<ChainResult>(program.name, [&] { return program.run(program.chain); });
  if (result.received != program.chain.sent()) {
    throw std::runtime_error(fmt::format("{}: {} of {} packets arrived", program.name,
                                         result.received, program.chain.sent()));
  }
  return result;
}

// CPU seconds of whole calls, over UDP and over TCP in turns.
struct CallCosts {
  std::vector<double> udp;
  std::vector<double> tcp;

  static double median(std::vector<double> all) {
    std::sort(all.begin(), all.end());
    return all.size() % 2 == 1 ? all[all.size() / 2]
                               : (all[all.size() / 2 - 1] + all[all.size() / 2]) / 2;
  }
  double ratio() const { return median(tcp) / median(udp); }
};

CallCosts measureCalls(const std::string& file, int turns) {
  const Call udp(file, "udp");
  const Call tcp(file, "tcp");
  CallCosts costs;
  for (int turn = 0; turn < turns; ++turn) {
    costs.udp.push_back(inChild<CallResult>("call", [&] { return udp.run(); }).cpuSeconds);
    costs.tcp.push_back(inChild<CallResult>("call", [&] { return tcp.run(); }).cpuSeconds);
  }
  return costs;
}

std::string processorName() {
  std::ifstream info("/proc/cpuinfo");
  for (std::string line; std::getline(info, line);) {
    if (line.rfind("model name", 0) == 0) return line.substr(line.find(':') + 2);
  }
  return "unknown";
}

struct Bar {
  std::string key;
  double value;
  double limit;
  bool atLeast;  // else: at most
  std::string from;

  bool met() const { return atLeast ? value >= limit : value <= limit; }
};

nlohmann::ordered_json toJson(const Program& program) {
  nlohmann::ordered_json out;
  out["calls"] = program.chain.calls;
  out["hops"] = program.chain.hops;
  out["packets"] = program.chain.sent();
  out["packet_hops"] = program.chain.packetHops();
  out["own_access_links"] = program.chain.ownAccess;
  out["cost_ns_median"] = program.medianCost();
  out["cost_ns"] = program.costs();
  std::vector<double> run;
  std::vector<double> setup;
  for (const ChainResult& result : program.results) {
    run.push_back(result.runSeconds);
    setup.push_back(result.setupSeconds);
  }
  out["run_cpu_seconds"] = run;
  out["setup_cpu_seconds"] = setup;
  out["peak_rss_bytes"] = program.peakRss();
  return out;
}

int benchmark(const std::string& jsonFile, int repetitions, std::int64_t packets) {
  const auto chain = [&](std::int64_t calls, bool ownAccess = false) {
    ChainCase result;
    result.calls = calls;
    result.packets = packets;
    result.ownAccess = ownAccess;
    return result;
  };
  const auto stock = [](QueueDisc disc) {
    return [disc](const ChainCase& c) { return runStock(c, disc); };
  };
  std::vector<Program> programs{
      {"stock", chain(100), stock(QueueDisc::installed_by_helpers)},
      {"stock_no_queue_disc", chain(100), stock(QueueDisc::none)},
      {"events", chain(100), runEvents, 3},
      {"events_1000", chain(1000), runEvents},
      {"fabric", chain(100), runFabric, 5},
      {"fabric_1000", chain(1000), runFabric, 2},
      {"fabric_10000", chain(10'000), runFabric},
      {"fabric_own_access", chain(100, true), runFabric, 3},
      {"fabric_own_access_1000", chain(1000, true), runFabric},
      {"fabric_own_access_10000", chain(10'000, true), runFabric},
  };
  const bool onTerminal = isatty(STDERR_FILENO) == 1;
  for (int repetition = 1; repetition <= repetitions; ++repetition) {
    for (Program& program : programs) {
      for (int turn = 0; turn < program.turns; ++turn) {
        if (onTerminal) {
          std::cerr << fmt::format("\r\033[Krepetition {} of {}: {}", repetition, repetitions,
                                   program.name)
                    << std::flush;
        }
        program.results.push_back(runInChild(program));
      }
    }
  }
  if (onTerminal) std::cerr << "\r\033[K";
  constexpr int kCallTurns = 7;
  const CallCosts calls = measureCalls("relay_call.yaml", kCallTurns * repetitions);
  const CallCosts videoCalls = measureCalls("video_call.yaml", kCallTurns * repetitions);

  const auto named = [&](const std::string& name) -> const Program& {
    return *std::find_if(programs.begin(), programs.end(),
                         [&](const Program& p) { return p.name == name; });
  };
  const auto cost = [&](const std::string& name) { return named(name).medianCost(); };
  const std::vector<Bar> bars{
      {"stock_ratio", cost("stock") / cost("fabric"), 40, true, "stock / fabric"},
      {"stock_no_queue_disc_ratio", cost("stock_no_queue_disc") / cost("fabric"), 24, true,
       "stock_no_queue_disc / fabric"},
      {"event_ratio", cost("fabric") / cost("events"), 2, false, "fabric / events"},
      {"growth_100_to_10000", cost("fabric_10000") / cost("fabric"), 3, false,
       "fabric_10000 / fabric"},
      {"rss_1000_calls_bytes", static_cast<double>(named("fabric_1000").peakRss()), 300e6, false,
       "fabric_1000: largest resident set of the process"},
      {"tcp_udp_ratio", calls.ratio(), 4, false,
       "a two-way audio call of 60 s through a relay at 2 % loss: TCP / UDP"},
      {"video_udp_cpu_seconds", CallCosts::median(videoCalls.udp), 0.3, false,
       "a two-way call of 60 s with sound and video, direct over UDP"},
      {"video_tcp_cpu_seconds", CallCosts::median(videoCalls.tcp), 0.6, false,
       "the same through a relay over TCP"},
  };

  std::cout << fmt::format("{:<26}{:>8}{:>13}{:>12}{:>19}{:>11}\n", "program", "calls",
                           "packet-hops", "ns a hop", "least .. most", "RSS MB");
  for (const Program& program : programs) {
    const std::vector<double> costs = program.costs();
    std::cout << fmt::format("{:<26}{:>8}{:>13}{:>12.1f}{:>19}{:>11.1f}\n", program.name,
                             program.chain.calls, program.chain.packetHops(), program.medianCost(),
                             fmt::format("{:.1f} .. {:.1f}", costs.front(), costs.back()),
                             static_cast<double>(program.peakRss()) / 1e6);
  }
  const auto printCall = [](const char* name, const std::vector<double>& costs) {
    std::cout << fmt::format("{:<26}{:>8}{:>35.1f} ms\n", name, 1, CallCosts::median(costs) * 1e3);
  };
  printCall("call over UDP", calls.udp);
  printCall("call over TCP", calls.tcp);
  printCall("video call over UDP", videoCalls.udp);
  printCall("video call over TCP", videoCalls.tcp);
  std::cout << '\n';
  for (const Bar& bar : bars) {
    std::cout << fmt::format("{:<26}{:>14.6g}  (bar: {} {:g}) {}\n", bar.key, bar.value,
                             bar.atLeast ? "at least" : "at most", bar.limit,
                             bar.met() ? "met" : "MISSED");
  }

  if (!jsonFile.empty()) {
    nlohmann::ordered_json out;
    out["schema"] = "callflow-bench 1";
    for (const Bar& bar : bars) out[bar.key] = bar.value;
    for (const Bar& bar : bars) {
      out["bars"][bar.key] = {{"limit", bar.limit},
                              {"direction", bar.atLeast ? "at least" : "at most"},
                              {"met", bar.met()},
                              {"from", bar.from}};
    }
    out["machine"] = {{"processor", processorName()},
                      {"processors", std::thread::hardware_concurrency()},
                      {"compiler", __VERSION__},
                      {"ns3", "3.37"}};
    out["measure"] = "CPU time of ns3::Simulator::Run() by getrusage(), median over repetitions";
    out["repetitions"] = repetitions;
    for (const Program& program : programs) out["programs"][program.name] = toJson(program);
    out["calls"] = {{"udp_cpu_seconds", calls.udp}, {"tcp_cpu_seconds", calls.tcp}};
    out["video_calls"] = {{"udp_cpu_seconds", videoCalls.udp}, {"tcp_cpu_seconds", videoCalls.tcp}};
    std::ofstream file(jsonFile);
    file << out.dump(2) << '\n';
    if (!file) throw std::runtime_error("cannot write " + jsonFile);
  }
  return 0;
}

}  // namespace
}  // namespace callflow::bench

int main(int argc, char** argv) {
  std::string jsonFile;
  int repetitions = 3;
  std::int64_t packets = 1000;  // 20 seconds at 50 a second
  for (int i = 1; i < argc; ++i) {
    const std::string option = argv[i];
    if (option == "--json" && i + 1 < argc) {
      jsonFile = argv[++i];
    } else if (option == "--repetitions" && i + 1 < argc) {
      repetitions = std::max(1, std::atoi(argv[++i]));
    } else if (option == "--quick") {
      packets = 50;
      repetitions = 1;
    } else {
      std::cerr << "usage: bench_macro [--json FILE] [--repetitions N] [--quick]\n";
      return 2;
    }
  }
  try {
    return callflow::bench::benchmark(jsonFile, repetitions, packets);
  } catch (const std::exception& error) {
    std::cerr << "bench_macro: " << error.what() << '\n';
    return 1;
  }
}
