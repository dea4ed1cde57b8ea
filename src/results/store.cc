#include "src/results/store.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <set>
#include <system_error>

#include "src/results/hash.h"
#include "src/results/json.h"
#include "src/results/run_files.h"
#include "src/results/run_tables.h"
#include "src/results/summary.h"

namespace callflow::results {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view asidePrefix = ".partial-";

[[noreturn]] void fail(const fs::path& path, std::string_view what, int error) {
  throw ResultError(fmt::format("{}: {}: {}", path.string(), what, std::strerror(error)));
}

// Holds a directory open with a lock that dies with the process, however it dies.
class LockedDirectory {
 public:
  explicit LockedDirectory(const fs::path& path, int operation = LOCK_EX)
      : fd_(open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
    if (fd_ < 0) {
      error_ = errno;
    } else if (flock(fd_, operation) != 0) {
      error_ = errno;
    }
  }
  LockedDirectory(const LockedDirectory&) = delete;
  LockedDirectory& operator=(const LockedDirectory&) = delete;
  ~LockedDirectory() {
    if (fd_ >= 0) close(fd_);
  }
  bool held() const { return error_ == 0; }
  int error() const { return error_; }

 private:
  int fd_;
  int error_ = 0;
};

void removeQuietly(const fs::path& path) {
  std::error_code ignored;
  fs::remove_all(path, ignored);
}

// Whoever writes holds a lock on its directory; one that nobody holds was left by a dead process.
// Called with the parent locked, so that none is seen between its creation and its lock.
void removeLeftovers(const fs::path& parent) {
  std::vector<fs::path> dead;
  for (const fs::directory_entry& entry : fs::directory_iterator(parent)) {
    if (!entry.path().filename().string().starts_with(asidePrefix)) continue;
    if (entry.is_directory() && !entry.is_symlink()) {
      const LockedDirectory lock(entry.path(), LOCK_EX | LOCK_NB);
      if (!lock.held()) continue;
    }
    dead.push_back(entry.path());
  }
  for (const fs::path& path : dead) removeQuietly(path);
}

void writeFile(const fs::path& path, std::string_view text) {
  fs::create_directories(path.parent_path());
  const int fd = open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (fd < 0) fail(path, "cannot be written", errno);
  while (!text.empty()) {
    const ssize_t n = ::write(fd, text.data(), text.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) {
      const int error = errno;
      close(fd);
      fail(path, "cannot be written", error);
    }
    text.remove_prefix(static_cast<std::size_t>(n));
  }
  if (close(fd) != 0) fail(path, "cannot be written", errno);
}

std::string resolvedName(const CaseInput& c) {
  return fmt::format("resolved-{}.yaml", fileNameOf(c.variant));
}

// Where each input goes below inputs/: as it lies relative to the scenario file, so that the names
// in the copies still lead to the copies; one that lies elsewhere by a number and its own name.
std::vector<std::string> inputNames(const Result& result) {
  const std::vector<InputFile>& inputs = result.inputs;
  std::vector<std::string> names;
  std::set<std::string> taken;
  for (const CaseInput& c : result.cases) taken.insert(resolvedName(c));
  const fs::path base = inputs.empty() ? fs::path{} : fs::path(inputs.front().file).parent_path();
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const fs::path file(inputs[i].file);
    fs::path near = file.is_absolute() == base.is_absolute()
                        ? file.lexically_normal().lexically_relative(
                              base.empty() ? fs::path(".") : base.lexically_normal())
                        : fs::path{};
    std::string name;
    const bool outside = near.empty() || near.is_absolute() || *near.begin() == "..";
    if (!outside) {
      for (const fs::path& part : near) {
        if (!name.empty()) name += '/';
        name += fileNameOf(part.string());
      }
    }
    if (outside || taken.contains(name)) {
      name = fmt::format("{}-{}", i + 1, fileNameOf(file.filename().string()));
    }
    taken.insert(name);
    names.push_back(name);
  }
  return names;
}

std::string runName(const metrics::RunRecord& run) {
  return fmt::format("{}-{}", fileNameOf(run.variant), run.replication);
}

bool isTraced(const metrics::RunRecord& run) {
  return std::any_of(run.streams.begin(), run.streams.end(),
                     [](const auto& s) { return !s.trace.empty(); });
}

// A sweep has hundreds of runs, whose files nobody opens one by one: they share tables, but for
// those that keep distributions or traces.
bool sharesTables(const CaseInput& c, const metrics::RunRecord& run) {
  return !c.cell.empty() && !isTraced(run) &&
         std::all_of(run.streams.begin(), run.streams.end(),
                     [](const auto& s) { return s.delay_histogram.empty(); });
}

Json cellJson(const CaseInput::Cell& cell) {
  Json json = Json::array();
  for (const auto& step : cell) json.push_back({{"axis", step.axis}, {"value", step.value}});
  return json;
}

void readCell(const Json& json, CaseInput& c) {
  if (!json.contains("cell")) return;
  c.base = json.at("base").get<std::string>();
  for (const Json& step : json.at("cell")) {
    c.cell.push_back({step.at("axis").get<std::string>(), step.at("value").get<std::string>()});
  }
}

Json manifestJson(const Result& result, const Provenance& p, const std::string& id,
                  const std::vector<std::string>& names) {
  Json cases = Json::array();
  bool traced = false;
  std::size_t shared = 0;
  for (const CaseInput& c : result.cases) {
    Json runs = Json::array();
    for (const metrics::RunRecord* run : recordsOf(result, c.variant)) {
      Json one = {
          {"replication", run->replication}, {"seed", run->seed}, {"complete", run->complete}};
      if (sharesTables(c, *run)) {
        one["run"] = shared++;
      } else {
        one["directory"] = "runs/" + runName(*run);
      }
      runs.push_back(std::move(one));
      traced = traced || isTraced(*run);
    }
    cases.push_back(
        {{"variant", c.variant}, {"resolved", "inputs/" + resolvedName(c)}, {"runs", runs}});
    if (c.cell.empty()) continue;
    cases.back()["base"] = c.base;
    cases.back()["cell"] = cellJson(c.cell);
  }
  Json failed = Json::array();
  for (const FailedRun& f : p.failed) {
    failed.push_back(
        {{"variant", f.variant}, {"replication", f.replication}, {"reason", f.reason}});
  }
  Json inputs = Json::array();
  for (std::size_t i = 0; i < result.inputs.size(); ++i) {
    inputs.push_back({{"file", result.inputs[i].file},
                      {"copy", "inputs/" + names[i]},
                      {"bytes", result.inputs[i].text.size()},
                      {"xxh3_128", hashHex(result.inputs[i].text)}});
  }
  return {{"schema", schemaJson("manifest")},
          {"id", id},
          {"scenario", result.scenario},
          {"title", result.title},
          {"complete", result.complete()},
          {"traced", traced},
          {"version", result.version},
          {"commit", p.commit},
          {"compiler", p.compiler},
          {"ns3_version", p.ns3_version},
          {"seed", result.seed},
          {"runs", result.runs},
          {"cases", cases},
          {"failed_runs", failed},
          {"inputs", inputs},
          {"argv", p.argv},
          {"host", p.host},
          {"started", p.started},
          {"finished", p.finished},
          {"wall_seconds", numberJson(p.wall_time.seconds())},
          {"jobs", p.jobs}};
}

void writeAll(const Result& result, const Provenance& provenance, const std::string& id,
              const fs::path& directory) {
  const std::vector<std::string> names = inputNames(result);
  for (std::size_t i = 0; i < result.inputs.size(); ++i) {
    writeFile(directory / "inputs" / names[i], result.inputs[i].text);
  }
  RunTablesWriter tables;
  for (const CaseInput& c : result.cases) {
    writeFile(directory / "inputs" / resolvedName(c), c.resolved_yaml);
    for (const metrics::RunRecord* run : recordsOf(result, c.variant)) {
      if (sharesTables(c, *run)) {
        tables.add(*run);
        continue;
      }
      for (const auto& [name, text] : runFiles(*run)) {
        writeFile(directory / "runs" / runName(*run) / name, text);
      }
    }
  }
  for (const auto& [name, text] : tables.files()) writeFile(directory / "runs" / name, text);
  const auto summary = summarize(result);
  writeFile(directory / "summary.json", summaryJson(result, summary));
  writeFile(directory / "summary.csv", summaryCsv(result, summary));
  writeFile(directory / "manifest.json", jsonText(manifestJson(result, provenance, id, names)));
}

// Puts `aside` in the place of `target`, whatever stands there; what stood there goes to `aside`'s
// name, to be removed.
void moveIntoPlace(const fs::path& aside, const fs::path& target) {
  if (rename(aside.c_str(), target.c_str()) == 0) return;
  if (errno != ENOTEMPTY && errno != EEXIST) fail(target, "cannot be renamed into place", errno);
  if (renameat2(AT_FDCWD, aside.c_str(), AT_FDCWD, target.c_str(), RENAME_EXCHANGE) == 0) {
    removeQuietly(aside);
    return;
  }
  // A file system that cannot exchange two names: for a moment there is none.
  const fs::path old = aside.string() + "-old";
  if (rename(target.c_str(), old.c_str()) != 0) fail(target, "cannot be replaced", errno);
  if (rename(aside.c_str(), target.c_str()) != 0) {
    const int error = errno;
    (void)rename(old.c_str(), target.c_str());
    fail(target, "cannot be renamed into place", error);
  }
  removeQuietly(old);
}

// A link, replaced at once; a directory that somebody called `latest` is left alone.
void pointLatest(const fs::path& parent, const std::string& id) {
  const fs::path link = parent / "latest";
  std::error_code error;
  if (fs::exists(fs::symlink_status(link, error)) &&
      !fs::is_symlink(fs::symlink_status(link, error))) {
    return;
  }
  const fs::path fresh = parent / fmt::format("{}latest-{}", asidePrefix, getpid());
  removeQuietly(fresh);
  fs::create_symlink(id, fresh, error);
  if (!error) fs::rename(fresh, link, error);
  if (error) fail(link, "cannot be pointed at the result", error.value());
}

bool replaces(const Result& result, const FoundResult& found, const WriteOptions& options) {
  if (options.force || !found.complete) return true;
  return !found.traced && std::any_of(result.records.begin(), result.records.end(), isTraced);
}

}  // namespace

fs::path resultPath(const fs::path& root, std::string_view scenario, std::string_view id) {
  return root / fileNameOf(scenario) / std::string{id};
}

std::optional<FoundResult> findResult(const fs::path& root, std::string_view scenario,
                                      std::string_view id) {
  const fs::path path = resultPath(root, scenario, id);
  std::error_code error;
  if (!fs::exists(path / "manifest.json", error)) return std::nullopt;
  try {
    const Json manifest = readJson(path / "manifest.json", "manifest");
    if (manifest.at("id").get<std::string>() != id) return std::nullopt;
    return FoundResult{path, manifest.at("complete").get<bool>(),
                       manifest.at("traced").get<bool>()};
  } catch (const ResultError&) {
    return std::nullopt;
  } catch (const Json::exception&) {
    return std::nullopt;
  }
}

fs::path writeResult(const Result& result, const Provenance& provenance,
                     const WriteOptions& options) {
  const std::string id = resultId(result);
  const fs::path target = resultPath(options.root, result.scenario, id);
  const fs::path parent = target.parent_path();
  std::error_code error;
  fs::create_directories(parent, error);
  if (error) fail(parent, "cannot be made", error.value());

  const fs::path aside = parent / fmt::format("{}{}-{}", asidePrefix, id, getpid());
  std::optional<LockedDirectory> own;
  try {
    {
      const LockedDirectory lock(parent);
      if (!lock.held()) fail(parent, "cannot be locked", lock.error());
      removeLeftovers(parent);
      fs::create_directory(aside);
      own.emplace(aside);
      if (!own->held()) fail(aside, "cannot be locked", own->error());
    }
    writeAll(result, provenance, id, aside);

    const LockedDirectory lock(parent);
    if (!lock.held()) fail(parent, "cannot be locked", lock.error());
    const auto found = findResult(options.root, result.scenario, id);
    if (found && !replaces(result, *found, options)) {
      removeQuietly(aside);
    } else {
      moveIntoPlace(aside, target);
    }
    pointLatest(parent, id);
  } catch (const fs::filesystem_error& e) {
    removeQuietly(aside);
    throw ResultError(e.what());
  } catch (...) {
    removeQuietly(aside);
    throw;
  }
  return target;
}

Result loadResult(const fs::path& directory) {
  std::error_code error;
  if (!fs::is_directory(directory, error)) {
    throw ResultError(directory.string() + ": is not a directory of results");
  }
  const fs::path file = directory / "manifest.json";
  if (!fs::exists(file, error)) {
    const fs::path latest = directory / "latest";
    throw ResultError(
        directory.string() + ": holds no manifest.json, so it is no result of callflow" +
        (fs::exists(latest / "manifest.json", error) ? "; did you mean " + latest.string() + "?"
                                                     : std::string{}));
  }
  const Json manifest = readJson(file, "manifest");
  Result result;
  try {
    result.scenario = manifest.at("scenario").get<std::string>();
    result.title = manifest.at("title").get<std::string>();
    result.version = manifest.at("version").get<std::string>();
    result.seed = manifest.at("seed").get<std::uint64_t>();
    result.runs = manifest.at("runs").get<int>();
    for (const Json& input : manifest.at("inputs")) {
      result.inputs.push_back({input.at("file").get<std::string>(),
                               readFile(directory / input.at("copy").get<std::string>())});
    }
    RunTablesReader tables(directory / "runs");
    for (const Json& c : manifest.at("cases")) {
      result.cases.push_back({c.at("variant").get<std::string>(),
                              readFile(directory / c.at("resolved").get<std::string>())});
      readCell(c, result.cases.back());
      for (const Json& run : c.at("runs")) {
        if (run.contains("run")) {
          result.records.push_back(tables.read(run.at("run").get<std::size_t>()));
          continue;
        }
        result.records.push_back(readRunFiles(directory / run.at("directory").get<std::string>()));
      }
    }
  } catch (const Json::exception& e) {
    throw ResultError(file.string() + ": " + e.what());
  }
  return result;
}

}  // namespace callflow::results
