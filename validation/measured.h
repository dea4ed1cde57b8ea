// Measurements of the Linux kernel's TCP: what was set up, and what came out.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "src/units/units.h"
#include "validation/columns.h"

namespace callflow::validation {

// What a row was measured under, its seed apart.
struct Condition {
  std::string group;    // grid, ge, getime, or video and the bottleneck's rate in kbit/s
  std::string proto;    // udp or tcp
  std::string cc;       // cubic, reno, bbr; none for udp
  std::string variant;  // oneway, bidir, norack
  int flow = 0;         // 0 forward, 1 back
  Duration oneWayDelay;
  Ratio loss;
  Duration length;

  bool isVideo() const { return group.starts_with("video"); }
  bool isTcp() const { return proto == "tcp"; }
  // The same in another direction is the same experiment.
  bool sameExperiment(const Condition& other) const {
    return group == other.group && proto == other.proto && cc == other.cc &&
           variant == other.variant && oneWayDelay == other.oneWayDelay && loss == other.loss &&
           length == other.length;
  }
  bool operator==(const Condition&) const = default;
};

// "cubic oneway 25 ms 2 %", with the group before it unless that is grid.
std::string describe(const Condition& condition);

struct MeasuredRow {
  Condition condition;
  std::string seed;
  Values values;
};

// Throws InputError: `file:line: what is wrong`. Columns that callflow does not know are left out.
std::vector<MeasuredRow> readMeasured(const std::string& path);

// The rows of one condition, or the seeds of a simulated one.
struct Pooled {
  Condition condition;
  std::vector<Values> seeds;
  Values mean;  // weighted by packets sent
  // What is compared: the mean, or for simulated seeds typicalOf().
  Values typical;
  Values half;  // half of the 95 % interval of the mean over seeds, by Student's t; NaN with one
};

// What an experiment of as few seeds as were measured typically comes to: the median, over many
// choices of `few` of the seeds, of their mean. The same as the mean of all, unless a rare seed is
// off by orders of magnitude, as one that waits for several timeouts in a row is. Deterministic.
Values typicalOf(const std::vector<Values>& seeds, std::size_t few);

Pooled pool(const Condition& condition, std::vector<Values> seeds);
// In the order of first appearance.
std::vector<Pooled> poolMeasured(const std::vector<MeasuredRow>& rows);

// The share of a direction's packets that the emulator really lost in the measurement. With 52 lost
// where 57 were to be expected, everything that losses cause is 10 % less. Known for independent
// losses over TCP; `opposite` is the row of the other direction where there is one.
std::optional<Ratio> realizedLoss(const Pooled& row, const Pooled* opposite);

}  // namespace callflow::validation
