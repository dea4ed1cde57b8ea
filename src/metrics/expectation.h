// What a scenario's author promises about its results: `audio.mos.p5 >= 3.6 in udp-open`,
// `standup connects in tcp-only`, `audio.mos.mean of tcp-only - udp-open >= -0.3`.
#pragma once

#include <string>
#include <string_view>

#include "src/metrics/measure.h"
#include "src/units/units.h"

namespace callflow::metrics {

enum class Relation { less, lessEqual, greater, greaterEqual };
bool holds(double measured, Relation relation, double limit);

struct Expectation {
  enum class Kind {
    value,       // a statistic keeps a limit
    difference,  // a statistic in one variant less that in another does
    connects,    // a call, or a participant of one, connects in every run
    blocked,     // in none
  };
  Kind kind = Kind::value;
  std::string text = {};  // as the user wrote it
  // Of values and differences.
  Measure measure = {};
  std::string statistic = "mean";
  Relation relation = Relation::greaterEqual;
  double limit = 0;             // in the unit that the metric is written in
  std::string subject = {};     // of connects and blocked: a call or a participant
  std::string variant = {};     // of a difference: that which the other is taken from; empty: every
  std::string subtracted = {};  // of a difference: the other variant
};

// "QUANTITY RELATION LIMIT [in VARIANT]", "QUANTITY of VARIANT - VARIANT RELATION LIMIT",
// "NAME connects [in VARIANT]" or "NAME is blocked [in VARIANT]". A quantity is what parseMeasure()
// reads, without a statistic its mean; relations are < <= > >=. Whether variants, calls and
// participants exist is checked by whoever knows them.
Parsed<Expectation> parseExpectation(std::string_view text);

// A value of a metric as users write limits and margins: with a unit (any of its quantity) where
// the metric has one of ms, s, us or %, in the metric's own unit.
Parsed<double> parseLimit(const Metric& metric, std::string_view text);

}  // namespace callflow::metrics
