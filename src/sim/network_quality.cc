#include "src/sim/network_quality.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>
#include <vector>

#include "models/quality/network_diagnostic.h"

namespace callflow::sim {

namespace {

using metrics::CallEventKind;
using metrics::MetricId;
using quality::NetworkQuality;
using quality::NetworkSecond;

// Means of a second, over the streams that have a value.
class Second {
 public:
  void add(const metrics::Values& values) {
    concealed_.add(values[MetricId::audio_concealed_ratio]);
    frozen_.add(values[MetricId::video_freeze_ratio]);
    lost_.add(values[MetricId::audio_lost_ratio]);
    lost_.add(values[MetricId::video_lost_ratio]);
    roundTrip_.add(values[MetricId::video_rtcp_round_trip]);
  }
  NetworkSecond received() const { return {concealed_.value(), frozen_.value(), 0, {}}; }
  NetworkSecond sent() const {
    return {0, 0, lost_.value(), Duration::fromSeconds(roundTrip_.value())};
  }

 private:
  class Mean {
   public:
    void add(double value) {
      if (std::isnan(value)) return;
      sum_ += value;
      ++count_;
    }
    double value() const { return count_ > 0 ? sum_ / count_ : 0; }

   private:
    double sum_ = 0;
    int count_ = 0;
  };
  Mean concealed_, frozen_, lost_, roundTrip_;
};

struct Client {
  std::map<Duration, Second> received, sent;  // by when they began, since the scored time did
};

const char* wordOf(NetworkQuality quality) {
  switch (quality) {
    case NetworkQuality::good:
      return "good";
    case NetworkQuality::poor:
      return "poor";
    case NetworkQuality::bad:
      return "bad";
  }
  return "";
}

// Windows of the streams of a call are of a second, but for the last.
constexpr Duration kSecond = Duration::s(1);

void note(const std::map<Duration, Second>& seconds, CallEventKind kind, const std::string& who,
          Duration from, std::vector<metrics::CallEvent>& events) {
  quality::NetworkDiagnostic diagnostic;
  for (const auto& [start, second] : seconds) {
    const auto quality = diagnostic.add(
        kind == CallEventKind::networkSendQuality ? second.sent() : second.received());
    if (quality) events.push_back({from + start + kSecond, who, kind, wordOf(*quality)});
  }
}

}  // namespace

void noteNetworkQuality(metrics::RunRecord& record) {
  std::map<std::string, std::map<std::string, Client>> calls;
  for (const metrics::StreamRecord& stream : record.streams) {
    auto& clients = calls[stream.call];
    for (const metrics::Window& window : stream.windows) {
      const Duration start = kSecond * (window.start / kSecond);
      clients[stream.to].received[start].add(window.values);
      clients[stream.from].sent[start].add(window.values);
    }
  }
  for (metrics::CallRecord& call : record.calls) {
    for (const metrics::CallParticipant& who : call.participants) {
      if (who.pstn) continue;
      const Client& client = calls[call.call][who.name];
      note(client.received, CallEventKind::networkReceiveQuality, who.name, call.scoredFrom,
           call.events);
      note(client.sent, CallEventKind::networkSendQuality, who.name, call.scoredFrom, call.events);
    }
    std::stable_sort(call.events.begin(), call.events.end(),
                     [](const auto& a, const auto& b) { return a.at < b.at; });
  }
}

}  // namespace callflow::sim
