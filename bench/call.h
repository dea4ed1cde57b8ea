// A whole call of a minute as `callflow run` simulates it, over UDP or TCP.
#pragma once

#include <cstdint>
#include <memory>

namespace callflow::bench {

enum class CallTransport : std::uint8_t { udp, tcp };

struct CallResult {
  double cpuSeconds = 0;  // of sim::simulate()
  std::int64_t sent = 0;  // frames
  std::int64_t received = 0;
};

// bench/relay_call.yaml, read and ready to be simulated. Throws std::runtime_error if it is faulty.
class Call {
 public:
  explicit Call(CallTransport transport);
  ~Call();
  Call(const Call&) = delete;
  Call& operator=(const Call&) = delete;

  CallResult run() const;

 private:
  struct Loaded;
  std::unique_ptr<Loaded> loaded_;
};

}  // namespace callflow::bench
