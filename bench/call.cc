#include "bench/call.h"

#include <algorithm>
#include <cmath>
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

Call::Call(const std::string& file, const std::string& variant)
    : loaded_(std::make_unique<Loaded>()) {
  Diagnostics diagnostics;
  const auto scenario =
      topology::loadScenario(std::string(CALLFLOW_SOURCE_DIR "/bench/") + file, diagnostics);
  if (!scenario) throw std::runtime_error(diagnostics.render("nothing was measured"));
  const auto found =
      std::find_if(scenario->cases.begin(), scenario->cases.end(),
                   [&](const topology::Case& one) { return one.variant == variant; });
  if (found == scenario->cases.end()) throw std::runtime_error(file + ": no " + variant);
  loaded_->one = *found;
  loaded_->options.drain = scenario->drain;
}

Call::~Call() = default;

CallResult Call::run() const {
  CallResult result;
  const double before = cpuSeconds();
  const metrics::RunRecord record = sim::simulate(loaded_->one, loaded_->options);
  result.cpuSeconds = cpuSeconds() - before;
  using metrics::MetricId;
  const std::string transport = loaded_->one.variant == "tcp" ? "tcp" : "udp";
  for (const metrics::StreamRecord& stream : record.streams) {
    if (stream.transport != transport) throw std::runtime_error("the wrong transport");
    // What a stream does not have is not a number.
    const auto total = [&](MetricId metric) {
      const double value = stream.totals[metric];
      return std::isnan(value) ? 0 : static_cast<std::int64_t>(value);
    };
    result.sent += total(MetricId::audio_packets_sent);
    result.received += total(MetricId::audio_packets_received);
    result.pictures += total(MetricId::video_frames_decoded);
    result.packets +=
        total(MetricId::audio_packets_received) + total(MetricId::video_packets_received);
  }
  return result;
}

}  // namespace callflow::bench
