// bench_fixed CASE: one fixed piece of work, for counting its instructions
// (tools/check-instructions). Prints of how many parts it was made, if it counts them.
#include <cstdlib>
#include <iostream>
#include <memory>
#include <stdexcept>
#include <string>

#include "bench/boxes.h"
#include "bench/call.h"
#include "bench/chain.h"
#include "bench/gateway.h"
#include "bench/gcc_feedback.h"
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

// What is done with what was made ready outside of what is counted.
struct Prepared {
  std::unique_ptr<Call> call;
  std::unique_ptr<SetUps> setUps;
  std::unique_ptr<GccFeedbacks> feedbacks;
  CallResult result;
};

constexpr int kFeedbacks = 2000;

Prepared prepare(const std::string& work) {
  Prepared ready;
  if (work == "call_udp" || work == "call_tcp")
    ready.call = std::make_unique<Call>("relay_call.yaml", work.substr(5));
  if (work == "video_udp" || work == "video_tcp")
    ready.call = std::make_unique<Call>("video_call.yaml", work.substr(6));
  if (work == "group_three" || work == "group_seven")
    ready.call = std::make_unique<Call>("group_video.yaml", work.substr(6));
  if (work == "set_up" || work == "consent") ready.setUps = std::make_unique<SetUps>(100, 20);
  if (work == "consent") {
    require(ready.setUps->run().connected == 100);
    ready.setUps->keep(callflow::Duration::s(30));  // what never worked is given up after 15 s
  }
  if (work == "gcc_feedback") ready.feedbacks = std::make_unique<GccFeedbacks>();
  return ready;
}

// Of how many parts the work was made; 0: it is not counted.
std::int64_t checkedParts(const std::string& work, const Prepared& done) {
  const CallResult& call = done.result;
  if (work == "call_udp" || work == "call_tcp") {
    require(call.sent == 6000 && call.received > 5800);
  } else if (work == "video_udp" || work == "video_tcp") {
    // Two ways, 60 s at 30 a second.
    require(call.sent == 6000 && call.pictures > 3500 && call.pictures <= 3600);
  } else if (work == "group_three" || work == "group_seven") {
    const std::int64_t receivers = work == "group_three" ? 3 : 7;
    require(call.received == receivers * 1000 && call.pictures > receivers * 570);
    return call.packets;
  } else if (work == "gcc_feedback") {
    require(done.feedbacks->target() > callflow::DataRate::mbps(1));
    return kFeedbacks;
  }
  return 0;
}

}  // namespace

// Instructions are counted inside this function only, by its name: what the libraries do when the
// process starts is not of interest.
extern "C" [[gnu::noinline]] void callflowFixedWork(const char* name, Prepared* ready) {
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
    const std::int64_t answers = ready->setUps->keep(callflow::Duration::s(60));
    require(answers > 200 * 22 && answers < 200 * 23);
  } else if (work == "set_up") {
    require(ready->setUps->run().connected == 100);
  } else if (ready->call != nullptr) {
    ready->result = ready->call->run();
  } else {
    throw std::runtime_error("unknown case");
  }
}

// The same, of a message of feedback: what happens between two of them is not counted.
extern "C" [[gnu::noinline]] void callflowFixedPart(GccFeedbacks* work) {
  work->tell();
}

int main(int argc, char** argv) {
  try {
    if (argc != 2)
      throw std::runtime_error(
          "usage: bench_fixed hop|chain|gateway|line|shaper|tunnel|set_up|consent|call_udp|"
          "call_tcp|video_udp|video_tcp|group_three|group_seven|gcc_feedback");
    const std::string work = argv[1];
    Prepared ready = prepare(work);
    if (ready.feedbacks == nullptr) {
      callflowFixedWork(argv[1], &ready);
    } else {
      for (int i = 0; i < kFeedbacks; ++i) {
        ready.feedbacks->send();
        callflowFixedPart(ready.feedbacks.get());
      }
    }
    if (const std::int64_t parts = checkedParts(work, ready)) std::cout << parts << '\n';
    return EXIT_SUCCESS;
  } catch (const std::exception& error) {
    std::cerr << "bench_fixed: " << error.what() << '\n';
    return 2;
  }
}
