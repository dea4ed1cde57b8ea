// What tests of measurements ask: what came of a text, or what was wrong with it.
#pragma once

#include <catch2/catch.hpp>
#include <string>
#include <variant>

#include "models/fabric/trace.h"
#include "src/measurement/measurement.h"
#include "src/measurement/windows.h"

namespace callflow::measurement {

// "LINE:COLUMN problem; advice" of each fault, each with a line end; empty if there is none.
template <class T>
std::string faultsOf(const Result<T>& result) {
  std::string text;
  const auto* faults = std::get_if<Faults>(&result);
  if (faults == nullptr) return text;
  for (const Fault& fault : *faults)
    text += std::to_string(fault.line) + ":" + std::to_string(fault.column) + " " + fault.problem +
            "; " + fault.advice + "\n";
  return text;
}

template <class T>
T valueOf(const Result<T>& result) {
  INFO(faultsOf(result));
  REQUIRE(std::holds_alternative<T>(result));
  return std::get<T>(result);
}

// The CSV of the rows, as `callflow import` writes it but in one line. It is read back by what
// reads `trace:` of a link, and has to be the same.
inline std::string csvOf(const Measurement& measured) {
  fabric::Trace trace;
  trace.period = measured.end;
  for (const Row& row : measured.rows)
    trace.steps.push_back({row.at, std::nullopt, row.delay, row.loss});
  const std::string text = fabric::traceText(trace);
  const fabric::ParsedTrace read = fabric::parseTrace(text);
  INFO(text << ": " << read.problem);
  REQUIRE(read.trace);
  CHECK(*read.trace == trace);
  return text;
}

inline std::string csvOf(const Result<Probes>& probes, Duration step) {
  return csvOf(valueOf(inWindows(valueOf(probes), step)));
}

}  // namespace callflow::measurement
