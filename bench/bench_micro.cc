// bench_micro: what single steps cost, in CPU time. Prints a table.
#include <fmt/format.h>

#include <algorithm>
#include <ctime>
#include <functional>
#include <iostream>
#include <stdexcept>
#include <string>
#include <vector>

#include "bench/chain.h"
#include "bench/gateway.h"
#include "bench/set_up.h"
#include "src/topology/load.h"

namespace callflow::bench {
namespace {

constexpr int kRepetitions = 9;

double processSeconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

struct Spread {
  double least, median, most;
};

// Nanoseconds for each of the `operations` that `work` does.
Spread measure(std::int64_t operations, const std::function<void()>& work) {
  std::vector<double> times;
  for (int i = 0; i < kRepetitions; ++i) {
    const double start = processSeconds();
    work();
    times.push_back((processSeconds() - start) * 1e9 / static_cast<double>(operations));
  }
  std::sort(times.begin(), times.end());
  return {times.front(), times[times.size() / 2], times.back()};
}

void require(bool right, const char* what) {
  if (!right) throw std::runtime_error(std::string(what) + ": the work was done wrong");
}

void print(const std::string& what, const Spread& time) {
  std::cout << fmt::format("{:<52}{:>12.1f}{:>24}\n", what, time.median,
                           fmt::format("{:.1f} .. {:.1f}", time.least, time.most));
}

Spread chain(std::int64_t hops) {
  ChainCase work;
  work.hops = hops;
  return measure(work.sent(), [&] { require(runFabric(work).received == work.sent(), "chain"); });
}

void benchmarkFabric() {
  const Spread one = chain(1);
  const Spread eleven = chain(11);
  print("packet: tick, send, one hop, deliver", one);
  print("each further hop", {(eleven.least - one.most) / 10, (eleven.median - one.median) / 10,
                             (eleven.most - one.least) / 10});
}

void benchmarkBoxes() {
  constexpr std::uint32_t kFlows = 1000;
  constexpr std::uint32_t kRounds = 100;
  const firewall::GatewayPolicy policy = gatewayPolicy(20);
  std::vector<wire::Header5> headers;
  for (std::uint32_t i = 0; i < kFlows; ++i) headers.push_back(flowHeader(i));

  firewall::State filter;
  print("firewall: packet of a new connection, 20 rules", measure(kFlows, [&] {
          filter = {};
          for (const wire::Header5& header : headers) {
            require(
                firewall::decide(policy.filter, filter, firewall::Direction::out, header, {}).pass,
                "firewall");
          }
        }));
  print(
      "firewall: packet of one of 1000 open connections", measure(kFlows * kRounds, [&] {
        for (std::uint32_t round = 0; round < kRounds; ++round) {
          for (const wire::Header5& header : headers) {
            require(
                firewall::decide(policy.filter, filter, firewall::Direction::out, header, {}).pass,
                "firewall");
          }
        }
      }));

  nat::State nat;
  print("NAT: first packet of a mapping", measure(kFlows, [&] {
          nat = {};
          for (const wire::Header5& header : headers) {
            require(nat::translateOut(*policy.nat, nat, header, {}).pass, "NAT");
          }
        }));
  std::vector<wire::Header5> answers;
  print("NAT: packet out, one of 1000 mappings", measure(kFlows * kRounds, [&] {
          for (std::uint32_t round = 0; round < kRounds; ++round) {
            answers.clear();
            for (const wire::Header5& header : headers) {
              answers.push_back(nat::translateOut(*policy.nat, nat, header, {}).header.reversed());
            }
          }
        }));
  print("NAT: packet in, one of 1000 mappings", measure(kFlows * kRounds, [&] {
          for (std::uint32_t round = 0; round < kRounds; ++round) {
            for (const wire::Header5& answer : answers) {
              require(nat::translateIn(*policy.nat, nat, answer, {}).pass, "NAT");
            }
          }
        }));
}

void benchmarkLoading() {
  const std::string file = std::string(CALLFLOW_SOURCE_DIR) + "/scenarios/topologies/contoso.yaml";
  print("YAML: load and check scenarios/topologies/contoso.yaml", measure(10, [&] {
          for (int i = 0; i < 10; ++i) {
            Diagnostics diagnostics;
            require(topology::loadTopology(file, diagnostics).has_value(), "YAML");
          }
        }));
}

// Once: ns-3's simulator is one of a process.
void benchmarkSetUps() {
  constexpr int kCalls = 1000, kSites = 100;
  SetUps work(kCalls, kSites);
  const SetUpResult result = work.run();
  require(result.connected == kCalls, "set-up");
  const double each = result.cpuSeconds * 1e9 / kCalls;
  print("set-up of a call: ICE, TURN and DTLS, 3 s", {each, each, each});
  std::cout << fmt::format(
      "1000 calls within a second behind 100 NATs: {:.2f} s of CPU, {:.2f} s simulated\n",
      result.cpuSeconds, result.simulated.seconds());
}

}  // namespace
}  // namespace callflow::bench

int main() {
  try {
    std::cout << fmt::format("{:<52}{:>12}{:>24}\n", "step", "ns (median)", "least .. most");
    callflow::bench::benchmarkFabric();
    callflow::bench::benchmarkBoxes();
    callflow::bench::benchmarkLoading();
    callflow::bench::benchmarkSetUps();
  } catch (const std::exception& error) {
    std::cerr << "bench_micro: " << error.what() << '\n';
    return 1;
  }
}
