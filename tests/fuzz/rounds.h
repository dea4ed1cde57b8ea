// How long to try: in the test suite a number of rounds with one seed, the same every time; with
// CALLFLOW_FUZZ_SECONDS in the environment as many seconds, with the seed in CALLFLOW_FUZZ_SEED or,
// without one, a seed of the day, which is printed. Equal seeds give equal rounds.
#pragma once

#include <chrono>
#include <cstdlib>
#include <iostream>

namespace callflow::test {

class Rounds {
 public:
  Rounds(unsigned seed, int rounds) : seed_(seed), rounds_(rounds) {
    const char* seconds = std::getenv("CALLFLOW_FUZZ_SECONDS");
    if (seconds == nullptr) return;
    timed_ = true;
    end_ = Clock::now() + std::chrono::seconds(std::atoi(seconds));
    const char* given = std::getenv("CALLFLOW_FUZZ_SEED");
    seed_ =
        given != nullptr
            ? static_cast<unsigned>(std::strtoul(given, nullptr, 10))
            : static_cast<unsigned>(std::chrono::system_clock::now().time_since_epoch().count());
    std::cerr << "fuzzing for " << seconds << " s with CALLFLOW_FUZZ_SEED=" << seed_ << '\n';
  }
  ~Rounds() {
    if (timed_) std::cerr << number_ << " rounds\n";
  }
  Rounds(const Rounds&) = delete;
  Rounds& operator=(const Rounds&) = delete;

  bool next() {
    if (timed_ ? Clock::now() >= end_ : number_ >= rounds_) return false;
    ++number_;
    return true;
  }
  unsigned seed() const { return seed_; }
  int number() const { return number_; }  // from 1
  bool timed() const { return timed_; }

 private:
  using Clock = std::chrono::steady_clock;
  unsigned seed_;
  int rounds_;
  bool timed_ = false;
  int number_ = 0;
  Clock::time_point end_;
};

}  // namespace callflow::test
