// A whole call as `callflow run` simulates it: a scenario of this folder, in one of its variants.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

namespace callflow::bench {

struct CallResult {
  double cpuSeconds = 0;      // of sim::simulate()
  std::int64_t sent = 0;      // frames of sound
  std::int64_t received = 0;  // the same
  std::int64_t pictures = 0;  // that were decoded
  std::int64_t packets = 0;   // of sound and video, that came to receivers
};

// Read and ready to be simulated. `file` is a scenario of bench/; its variant "tcp" goes over TCP,
// all others over UDP. Throws std::runtime_error if it is faulty.
class Call {
 public:
  Call(const std::string& file, const std::string& variant);
  ~Call();
  Call(const Call&) = delete;
  Call& operator=(const Call&) = delete;

  CallResult run() const;

 private:
  struct Loaded;
  std::unique_ptr<Loaded> loaded_;
};

}  // namespace callflow::bench
