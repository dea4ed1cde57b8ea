#include "src/cli/stop_signal.h"

namespace callflow::cli {
namespace {

volatile std::sig_atomic_t first_signal = 0;
volatile std::sig_atomic_t signals_seen = 0;

void onSignal(int number) {
  if (first_signal == 0) first_signal = number;
  if (signals_seen < 2) signals_seen = signals_seen + 1;
}

}  // namespace

StopSignals::StopSignals() {
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

int StopSignals::received() {
  return first_signal;
}
bool StopSignals::insisted() {
  return signals_seen >= 2;
}
int StopSignals::exitCode() {
  return 128 + first_signal;
}

}  // namespace callflow::cli
