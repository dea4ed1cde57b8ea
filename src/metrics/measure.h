// What is measured: a metric, of which streams. "audio.mos", "call.standup.alice->bob.audio.mos".
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "src/metrics/metric.h"

namespace callflow::metrics {

struct StreamRecord;

// Streams of a call, of those only who `from` sends to or `to` hears; all where nothing is said. A
// participant goes by "alice@hq" or by "alice".
struct Scope {
  std::string call = {}, from = {}, to = {}, medium = {};
  bool holds(const StreamRecord& stream) const;
  bool operator==(const Scope&) const = default;
};

// Whether a participant, "alice@hq" in records, goes by this name.
bool goesBy(std::string_view participant, std::string_view name);

struct Measure {
  MetricId metric;
  Scope scope;
  // NOLINTNEXTLINE(google-explicit-constructor): a metric alone is one of all streams.
  Measure(MetricId id = MetricId::audio_mos, Scope of = {}) : metric(id), scope(std::move(of)) {}
  bool operator==(const Measure&) const = default;
};

// As users write it and tables show it.
std::string nameOf(const Measure& measure);

// "mean", "min", "max", "p1" to "p99".
bool isStatistic(std::string_view word);
// 5 of "p5", 0 of what is no percentile.
int percentOf(std::string_view statistic);

struct ParsedMeasure {
  std::optional<Measure> value;
  std::string statistic;  // as written; empty: none
  std::string problem;    // what is wrong with it and what to write; else empty
};

// "[call.CALL[.FROM->TO].]METRIC[.STATISTIC]". FROM or TO may be `*`, whoever it is.
ParsedMeasure parseMeasure(std::string_view text);

}  // namespace callflow::metrics
