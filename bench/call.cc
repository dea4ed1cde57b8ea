#include "bench/call.h"

#include <algorithm>
#include <stdexcept>
#include <string>

#include "bench/chain.h"
#include "src/sim/run.h"
#include "src/topology/load.h"

namespace callflow::bench {

struct Call::Loaded {
  topology::Case one;
  sim::RunOptions options;
};

Call::Call(CallTransport transport) : loaded_(std::make_unique<Loaded>()) {
  Diagnostics diagnostics;
  const auto scenario =
      topology::loadScenario(CALLFLOW_SOURCE_DIR "/bench/relay_call.yaml", diagnostics);
  if (!scenario) throw std::runtime_error(diagnostics.render("nothing was measured"));
  const std::string variant = transport == CallTransport::udp ? "udp" : "tcp";
  const auto found =
      std::find_if(scenario->cases.begin(), scenario->cases.end(),
                   [&](const topology::Case& one) { return one.variant == variant; });
  if (found == scenario->cases.end()) throw std::runtime_error("relay_call.yaml: no " + variant);
  loaded_->one = *found;
  loaded_->options.drain = scenario->drain;
}

Call::~Call() = default;

CallResult Call::run() const {
  CallResult result;
  const double before = cpuSeconds();
  const metrics::RunRecord record = sim::simulate(loaded_->one, loaded_->options);
  result.cpuSeconds = cpuSeconds() - before;
  for (const metrics::StreamRecord& stream : record.streams) {
    if (stream.transport != loaded_->one.variant) throw std::runtime_error("the wrong transport");
    result.sent += static_cast<std::int64_t>(stream.totals[metrics::MetricId::audio_packets_sent]);
    result.received +=
        static_cast<std::int64_t>(stream.totals[metrics::MetricId::audio_packets_received]);
  }
  return result;
}

}  // namespace callflow::bench
