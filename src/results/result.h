// A result as data: what a scenario's runs left behind, with the input that they came from.
#pragma once

#include <cstdint>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "src/metrics/run_record.h"

namespace callflow::results {

// What goes wrong with result files: unreadable, of another schema, disk full. The message names
// the file and is fit to be shown to a user as it stands.
class ResultError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// There is no room for what is to be written: the disk is full, a quota or a limit is reached. For
// the user to mend; what was there before is as it was.
class NoSpaceError : public ResultError {
 public:
  using ResultError::ResultError;
  // "TARGET: there is no room: No space left on device", in place of a name that is gone by now.
  NoSpaceError of(const std::filesystem::path& target) const;
};

// Written first into every JSON file of a result. A reader refuses another major number and ignores
// fields that it does not know (they come with a minor number).
struct SchemaVersion {
  int major = 0;
  int minor = 0;
};
inline constexpr std::string_view kSchemaName = "callflow.result";
inline constexpr SchemaVersion kSchemaVersion{1, 7};

// The input of one case, every key with its value in force.
struct CaseInput {
  // One step on an axis of a sweep: {"loss", "2%"}.
  struct AxisValue {
    std::string axis;
    std::string value;
    bool operator==(const AxisValue&) const = default;
  };
  using Cell = std::vector<AxisValue>;

  std::string variant;
  std::string resolvedYaml;
  // Of a sweep: the declared variant, and where on the axes; else empty.
  std::string base = {};
  Cell cell = {};
};

// A file as the user wrote it. The scenario file comes first.
struct InputFile {
  std::string file;  // as named by the user
  std::string text;
};

// Depends on the input, the seed and the version only: no times, hosts or paths of the machine.
struct Result {
  std::string scenario;
  std::string title;    // one line for plots; may be empty
  std::string version;  // of the callflow that ran it
  std::uint64_t seed = 0;
  int runs = 0;  // replications asked for, per case
  // Of which runs every frame was asked for ("none", "first", "all"); empty: what pictures need.
  std::string frames = {};
  std::vector<CaseInput> cases;  // in file order
  std::vector<InputFile> inputs;
  // What was run, in any order; written and loaded in order of case and replication. Fewer than
  // cases x runs if some failed or were not reached.
  std::vector<metrics::RunRecord> records;

  // Every case has all its runs, each run to its end.
  bool complete() const;
};

// A run that gave no record.
struct FailedRun {
  std::string variant;
  int replication = 0;
  std::string reason;
};

// All that varies between two executions of the same input. Goes to manifest.json and nowhere else.
struct Provenance {
  std::vector<std::string> argv;
  std::string host;
  std::string started;  // ISO 8601, UTC
  std::string finished;
  Duration wallTime;
  int jobs = 1;
  std::string compiler;
  std::string ns3Version;
  std::string commit;  // of callflow's source; may be empty
  std::vector<FailedRun> failed;
};

// 16 hex digits that stand for the content: variants and resolved YAML of all cases in their order,
// seed, runs, version and the frames that were asked for.
std::string resultId(const std::vector<CaseInput>& cases, std::uint64_t seed, int runs,
                     std::string_view version, std::string_view frames = {});
inline std::string resultId(const Result& r) {
  return resultId(r.cases, r.seed, r.runs, r.version, r.frames);
}

// The records of one variant, by replication.
std::vector<const metrics::RunRecord*> recordsOf(const Result& result, std::string_view variant);

// A name of the user's made fit to be one path component: letters, digits, '.', '_', '-' stay (not
// a leading '.'), every other byte becomes %XX, a long name is cut and its hash added. Different
// names stay different.
std::string fileNameOf(std::string_view name);

}  // namespace callflow::results
