#include "src/cli/stop_signal.h"

namespace callflow::cli {
namespace {

// A signal handler may touch lock-free atomics only.
static_assert(std::atomic<bool>::is_always_lock_free && std::atomic<int>::is_always_lock_free);
std::atomic<bool> stop{false};
std::atomic<int> first_signal{0};
std::atomic<int> signals_seen{0};

void onSignal(int number) {
  int none = 0;
  first_signal.compare_exchange_strong(none, number);
  signals_seen.fetch_add(1);
  stop.store(true);
}

}  // namespace

StopSignals::StopSignals() {
  stop = false;
  first_signal = 0;
  signals_seen = 0;
  struct sigaction action {};
  action.sa_handler = onSignal;  // no SA_RESTART: a waiting poll() must return
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, &old_interrupt_);
  sigaction(SIGTERM, &action, &old_terminate_);
}

StopSignals::~StopSignals() {
  sigaction(SIGINT, &old_interrupt_, nullptr);
  sigaction(SIGTERM, &old_terminate_, nullptr);
}

const std::atomic<bool>& StopSignals::flag() {
  return stop;
}
bool StopSignals::insisted() {
  return signals_seen >= 2;
}
int StopSignals::exitCode() {
  return first_signal == 0 ? 0 : 128 + first_signal;
}

}  // namespace callflow::cli
