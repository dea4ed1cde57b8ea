// Networks and calls that nobody thought of, as scenario files.
#pragma once

#include <random>
#include <string>
#include <vector>

namespace callflow::test {

class NetworkGenerator {
 public:
  explicit NetworkGenerator(unsigned seed) : random_(seed) {}

  // Every rule of the reference is kept and every value is one that somebody may have.
  std::string valid();
  // The rules are kept, but values lie at the ends of what is allowed, calls go to where they
  // started from, and boxes refuse all there is.
  std::string odd();
  // A valid one with one fault that must be told. `fault` says which.
  std::string nearlyValid(std::string& fault);

 private:
  bool chance(double probability);
  int between(int low, int high);
  template <class T>
  const T& oneOf(const std::vector<T>& values) {
    return values[static_cast<std::size_t>(between(0, static_cast<int>(values.size()) - 1))];
  }
  std::string scenario();
  std::string link();
  std::string jitter();
  std::string loss();
  std::string device();
  std::string wifi();
  std::string gateway();
  std::string places();
  std::string call(int number);
  std::string audio();
  std::string events();
  std::string variants();

  std::mt19937 random_;
  bool odd_ = false;
  std::vector<std::string> places_;     // sites and remotes
  std::vector<std::string> lines_;      // "site0.uplink": what events may change
  std::vector<std::string> devices_;    // "fw0: {...}"
  std::vector<std::string> firewalls_;  // names
  std::vector<std::string> gateways_;   // of VPNs
  std::vector<std::string> tunnels_;    // links that are their clients'
  bool servers_ = false;                // own ones: ours and meet
};

}  // namespace callflow::test
