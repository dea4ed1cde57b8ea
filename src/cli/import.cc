// A trace of a line, made of what somebody measured there.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "models/fabric/trace.h"
#include "src/cli/exit_code.h"
#include "src/cli/output.h"
#include "src/cli/verb.h"
#include "src/diag/diag.h"
#include "src/measurement/assessment.h"
#include "src/measurement/pcap.h"
#include "src/measurement/ping.h"
#include "src/measurement/windows.h"
#include "src/measurement/words.h"
#include "src/units/units.h"

namespace callflow::cli {
namespace {

using measurement::Fault;
using measurement::Faults;
using measurement::Measurement;
using measurement::Probes;

constexpr Duration kUsualStep = Duration::s(5);      // as assessment tools have it
constexpr Duration kUsualInterval = Duration::s(1);  // ping's, on all systems

struct Options {
  std::string file;
  std::string out;
  std::string step;
  std::string interval;
};

// What was read: rows, and for the person who asked what they were made of.
struct Imported {
  Measurement measured;
  std::string made;         // "ping, 60 packets, 3 of them (5 %) without an answer"
  std::string delays = {};  // what is to be known of them
  std::string losses = {};
};

Duration durationOf(const char* option, const std::string& text, Duration usual) {
  if (text.empty()) return usual;
  const Parsed<Duration> parsed = parseDuration(text);
  // Both options are in seconds, as a rule.
  if (!parsed.value && parseDuration(text + " s").value)
    throw UsageError(fmt::format("{}: \"{}\" has no unit; write \"{} s\"", option, text, text));
  if (!parsed.value) throw UsageError(std::string(option) + ": " + parsed.problem);
  if (*parsed.value <= Duration{})
    throw UsageError(
        fmt::format("{}: must be more than 0 s; write for example {}", option, toText(usual)));
  if (*parsed.value > measurement::kLongest)
    throw UsageError(
        fmt::format("{}: \"{}\" is longer than a trace, which has at most 48 h", option, text));
  return *parsed.value;
}

Faults oneFault(std::string problem, std::string advice) {
  return {{0, std::move(problem), std::move(advice)}};
}

// All that a file or standard input has, up to a limit.
measurement::Result<std::string> contentOf(const std::string& file) {
  constexpr std::size_t kLargest = std::size_t{1} << 30;
  namespace fs = std::filesystem;
  const std::string name = file == "-" ? "/dev/stdin" : file;
  std::error_code error;
  const fs::file_status status = fs::status(name, error);
  if (name.empty() || status.type() == fs::file_type::not_found)
    return oneFault("cannot be opened: there is no such file", "check the name");
  if (fs::is_directory(status)) return oneFault("is a directory", "name a file in it");
  errno = 0;
  std::ifstream in(name, std::ios::binary);
  if (!in)
    return oneFault(std::string("cannot be opened: ") + std::strerror(errno),
                    "check its name and permissions");
  std::string text;
  std::vector<char> buffer(64 * 1024);
  while (in && text.size() <= kLargest) {
    in.read(buffer.data(), static_cast<std::streamsize>(buffer.size()));
    text.append(buffer.data(), static_cast<std::size_t>(in.gcount()));
  }
  if (in.bad()) return oneFault(std::string("cannot be read: ") + std::strerror(errno), {});
  if (text.size() > kLargest)
    return oneFault("is larger than 1 GiB", "cut it, a capture by tcpdump -r IN -w OUT icmp");
  return text;
}

measurement::Result<Imported> importProbes(std::string_view kind,
                                           const measurement::Result<Probes>& read, Duration step) {
  if (const auto* faults = std::get_if<Faults>(&read)) return *faults;
  const auto& probes = std::get<Probes>(read);
  auto rows = measurement::inWindows(probes, step);
  if (auto* faults = std::get_if<Faults>(&rows)) return std::move(*faults);
  const auto lost = std::count_if(probes.list.begin(), probes.list.end(), [](const auto& probe) {
    return !probe.roundTrip && !probe.arrived;
  });
  const double share = 100 * static_cast<double>(lost) / static_cast<double>(probes.list.size());
  std::string made =
      fmt::format("{}, {}, {} of them ({:.3g} %) {}", kind, counted(probes.list.size(), "packet"),
                  lost, share, probes.bothWays ? "without an answer" : "lost");
  return Imported{std::get<Measurement>(std::move(rows)), std::move(made),
                  " (half of the round trip)", probes.bothWays ? " (if both lose alike)" : ""};
}

measurement::Result<Imported> importTable(const std::string& text, const Options& options,
                                          Duration step) {
  if (!options.step.empty() && measurement::hasTimes(text))
    return oneFault("has times of its own, and its rows become those of the trace",
                    "leave --step out");
  auto read = measurement::readAssessment(text, step);
  if (auto* faults = std::get_if<Faults>(&read)) return std::move(*faults);
  auto& measured = std::get<Measurement>(read);
  return Imported{std::move(measured), "table"};
}

// The kind of a file is in its content, whatever its name.
measurement::Result<Imported> import(const Options& options, Duration step, Duration interval) {
  const auto content = contentOf(options.file);
  if (const auto* faults = std::get_if<Faults>(&content)) return *faults;
  const auto& bytes = std::get<std::string>(content);
  if (measurement::isCapture(bytes))
    return importProbes("capture", measurement::readPcap(bytes), step);
  constexpr std::size_t kLargestText = 64 << 20;
  if (bytes.size() > kLargestText)
    return oneFault("is larger than 64 MiB, and no capture", "is this the right file?");
  const std::string text = measurement::plain(bytes);
  if (text.find_first_not_of(" \t\r\n") == std::string::npos)
    return oneFault("is empty", "give what ping printed, a table of an assessment, or a capture");
  if (measurement::isPing(text))
    return importProbes("ping", measurement::readPing(text, interval), step);
  if (measurement::isTable(text)) return importTable(text, options, step);
  if (text.find("TTL=") != std::string::npos)
    return oneFault("is a ping of Windows in another language than English",
                    "replace its words by \"Reply from 192.0.2.1: bytes=32 time=12ms TTL=57\" and "
                    "\"Request timed out.\"");
  return oneFault(
      "is no measurement that callflow knows",
      "give what ping printed, in English (LC_ALL=C ping ...); or a table whose first line names "
      "columns, such as \"time,loss (%),latency (ms)\"; or a capture in pcap format");
}

fabric::Trace traceOf(const Measurement& measured) {
  fabric::Trace trace;
  trace.period = measured.end;
  for (const auto& row : measured.rows)
    trace.steps.push_back({row.at, std::nullopt, row.delay, row.loss});
  return trace;
}

// Of the faults, as many as somebody reads at once.
void report(const std::string& file, const Faults& faults) {
  constexpr std::size_t kMost = 20;
  const auto name = std::make_shared<const std::string>(file);
  Diagnostics diagnostics;
  for (const Fault& fault : faults) {
    if (static_cast<std::size_t>(diagnostics.errorCount()) == kMost) break;
    diagnostics.error({name, fault.line, fault.column}, "", fault.problem, fault.advice);
  }
  std::string outcome = "nothing was written";
  if (faults.size() > kMost) outcome += fmt::format("; {} in all", counted(faults.size(), "error"));
  std::string text = diagnostics.render(outcome);
  text.pop_back();  // printNote() ends the line
  printNote(text);
}

// "8.25", "12.4", "1052": no exponent where there are more figures before the point.
std::string threeFigures(double value) {
  return value < 999.5 ? fmt::format("{:.3g}", value) : fmt::format("{:.0f}", value);
}

// "8.2 to 12.4", or "8.2" if they are the same.
template <class Value>
std::string span(const std::vector<measurement::Row>& rows, const Value& value) {
  const auto [least, most] = std::minmax_element(
      rows.begin(), rows.end(), [&](const auto& a, const auto& b) { return value(a) < value(b); });
  const std::string from = threeFigures(value(*least));
  const std::string to = threeFigures(value(*most));
  return from == to ? from : from + " to " + to;
}

std::string summary(const Options& options, const Imported& imported) {
  const Measurement& measured = imported.measured;
  std::string text = fmt::format("{}: {}; {} over {}", options.file, imported.made,
                                 counted(measured.rows.size(), "row"), toText(measured.end));
  if (measured.rows.front().delay)
    text +=
        fmt::format(", {} ms one way{}",
                    span(measured.rows, [](const auto& row) { return row.delay->milliseconds(); }),
                    imported.delays);
  if (measured.rows.front().loss)
    text +=
        fmt::format(", {} % lost one way{}",
                    span(measured.rows, [](const auto& row) { return row.loss->percentValue(); }),
                    imported.losses);
  for (const std::string& note : measured.notes) text += "\nnote: " + note;
  const std::string file = options.out.empty() ? "FILE" : options.out;
  return text + (options.out.empty() ? "\nsave it by --out FILE, and " : "\n") +
         fmt::format(
             "write it as trace: {0} in an uplink, such as uplink: {{rate: 50 Mbit/s, trace: {0}}}",
             file);
}

// The measurement itself is not to be lost by a slip.
void checkTarget(const Options& options) {
  std::error_code error;
  if (!options.out.empty() && std::filesystem::equivalent(options.file, options.out, error))
    throw UsageError("--out: " + options.out + " is the measurement; name another file");
}

int importFile(const Options& options) {
  const Duration step = durationOf("--step", options.step, kUsualStep);
  const Duration interval = durationOf("--interval", options.interval, kUsualInterval);
  checkTarget(options);
  const auto imported = import(options, step, interval);
  if (const auto* faults = std::get_if<Faults>(&imported)) {
    report(options.file, *faults);
    return exitBadInput;
  }
  const auto& good = std::get<Imported>(imported);
  constexpr std::size_t kMostRows = 1'000'000;  // a trace file has at most 64 MiB
  if (good.measured.rows.size() > kMostRows) {
    report(options.file, oneFault("makes more than 1000000 rows", "write a longer --step"));
    return exitBadInput;
  }
  std::string text = fabric::traceText(traceOf(good.measured));
  std::replace(text.begin(), text.end(), ';', '\n');
  writeOutput(options.out, text + "\n");
  printNote(summary(options, good));
  return exitFine;
}

}  // namespace

Action setUpImport(CLI::App& app) {
  auto options = std::make_shared<Options>();
  app.add_option("FILE", options->file,
                 "What ping printed, a table of an assessment tool, or a capture (pcap); - reads "
                 "standard input")
      ->required()
      ->type_name("");
  app.add_option("-o,--out", options->out, "Write to this file in place of standard output")
      ->type_name("TRACE.csv");
  app.add_option("--step", options->step,
                 "One row for each such time, of pings and captures; of tables that have no times, "
                 "how far their rows are apart")
      ->type_name("TIME")
      ->default_str(toText(kUsualStep));
  app.add_option("--interval", options->interval,
                 "Between the packets of a ping whose text has no times")
      ->type_name("TIME")
      ->default_str(toText(kUsualInterval));
  return [options] { return importFile(*options); };
}

}  // namespace callflow::cli
