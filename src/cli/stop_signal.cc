#include "src/cli/stop_signal.h"

namespace callflow::cli {
namespace {

// A signal handler may touch lock-free atomics only.
static_assert(std::atomic<bool>::is_always_lock_free && std::atomic<int>::is_always_lock_free);
std::atomic<bool> stop{false};
std::atomic<int> firstSignal{0};
std::atomic<int> signalsSeen{0};

void onSignal(int number) {
  int none = 0;
  firstSignal.compare_exchange_strong(none, number);
  signalsSeen.fetch_add(1);
  stop.store(true);
}

}  // namespace

StopSignals::StopSignals() {
  stop = false;
  firstSignal = 0;
  signalsSeen = 0;
  struct sigaction action {};
  action.sa_handler = onSignal;  // no SA_RESTART: a waiting poll() must return
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, &oldInterrupt_);
  sigaction(SIGTERM, &action, &oldTerminate_);
}

StopSignals::~StopSignals() {
  sigaction(SIGINT, &oldInterrupt_, nullptr);
  sigaction(SIGTERM, &oldTerminate_, nullptr);
}

const std::atomic<bool>& StopSignals::flag() {
  return stop;
}
bool StopSignals::insisted() {
  return signalsSeen >= 2;
}
int StopSignals::exitCode() {
  return firstSignal == 0 ? 0 : 128 + firstSignal;
}

}  // namespace callflow::cli
