// bench_fixed CASE: one fixed piece of work, for counting its instructions
// (tools/check-instructions).
#include <cstdlib>
#include <iostream>
#include <memory>
#include <stdexcept>
#include <string>

#include "bench/boxes.h"
#include "bench/call.h"
#include "bench/chain.h"
#include "bench/gateway.h"
#include "bench/set_up.h"

namespace {

using namespace callflow::bench;

void require(bool right) {
  if (!right) throw std::runtime_error("the work was done wrong");
}

void chain(std::int64_t calls, std::int64_t hops, std::int64_t packets) {
  ChainCase work;
  work.calls = calls;
  work.hops = hops;
  work.packets = packets;
  require(runFabric(work).received == work.sent());
}

void call(const Call& work) {
  const CallResult result = work.run();
  require(result.sent == 6000 && result.received > 5800);
}

}  // namespace

// Instructions are counted inside this function only, by its name: what the libraries do when the
// process starts is not of interest.
extern "C" [[gnu::noinline]] void callflowFixedWork(const char* name, const Call* prepared,
                                                    SetUps* setUps) {
  const std::string work = name;
  if (work == "hop") {
    chain(100, 1, 100);
  } else if (work == "chain") {
    chain(100, 7, 100);
  } else if (work == "gateway") {
    require(crossGateway(500, 20) == 20'000);
  } else if (work == "line") {
    require(crossLine(20'000) == 20'000);
  } else if (work == "shaper") {
    require(crossShaper(20'000) == 20'000);
  } else if (work == "tunnel") {
    require(crossTunnel(20'000) == 20'000);
  } else if (work == "consent") {
    // One every 2.66 or 2.72 s of each of 200 clients, ten looks of 250 ms on ticks, or one of 48
    // ms more.
    const std::int64_t answers = setUps->keep(callflow::Duration::s(60));
    require(answers > 200 * 22 && answers < 200 * 23);
  } else if (setUps != nullptr) {
    require(setUps->run().connected == 100);
  } else if (prepared != nullptr) {
    call(*prepared);
  } else {
    throw std::runtime_error("unknown case");
  }
}

int main(int argc, char** argv) {
  try {
    if (argc != 2)
      throw std::runtime_error(
          "usage: bench_fixed "
          "hop|chain|gateway|line|shaper|tunnel|set_up|consent|call_udp|call_tcp");
    const std::string name = argv[1];
    std::unique_ptr<Call> prepared;  // read from its file outside of what is counted
    if (name == "call_udp") prepared = std::make_unique<Call>(CallTransport::udp);
    if (name == "call_tcp") prepared = std::make_unique<Call>(CallTransport::tcp);
    std::unique_ptr<SetUps> setUps;
    if (name == "set_up" || name == "consent") setUps = std::make_unique<SetUps>(100, 20);
    if (name == "consent") {
      require(setUps->run().connected == 100);
      setUps->keep(callflow::Duration::s(30));  // what never worked is given up after 15 s
    }
    callflowFixedWork(argv[1], prepared.get(), setUps.get());
    return EXIT_SUCCESS;
  } catch (const std::exception& error) {
    std::cerr << "bench_fixed: " << error.what() << '\n';
    return 2;
  }
}
