#include "src/results/store.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <system_error>

#include "src/results/aside.h"
#include "src/results/directory.h"
#include "src/results/hash.h"
#include "src/results/json.h"
#include "src/results/pack.h"
#include "src/results/run_files.h"
#include "src/results/run_tables.h"
#include "src/results/summary.h"

namespace callflow::results {

namespace fs = std::filesystem;

namespace {

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
                     [](const auto& s) { return s.delayHistogram.empty(); });
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

Json marksJson(const std::vector<FileMark>& marks) {
  Json files = Json::array();
  for (const FileMark& mark : marks)
    files.push_back({{"file", mark.file}, {"bytes", mark.bytes}, {"xxh3_128", mark.hash}});
  return files;
}

std::vector<FileMark> marksFrom(const Json& manifest) {
  std::vector<FileMark> marks;
  if (!manifest.contains("files")) return marks;
  for (const Json& file : manifest.at("files"))
    marks.push_back({file.at("file").get<std::string>(), file.at("bytes").get<std::uint64_t>(),
                     file.at("xxh3_128").get<std::string>()});
  return marks;
}

// The manifest's own mark, over all the rest of it: it cannot stand among those of the files.
constexpr const char* kSealKey = "manifest_xxh3_128";

void seal(Json& manifest) {
  manifest[kSealKey] = hashHex(jsonText(manifest));
}

// Throws ResultError if the manifest is not as it was written.
Json readManifest(const fs::path& directory) {
  const fs::path file = directory / "manifest.json";
  const std::string text = readFile(file);
  Json manifest = parseJson(text, file, "manifest");
  if (!manifest.contains(kSealKey) && !manifest.contains("files")) return manifest;  // before 1.3
  const std::string written = jsonText(manifest);
  manifest.erase(kSealKey);
  Json sealed = manifest;
  seal(sealed);
  if (text != written || text != jsonText(sealed)) {
    throw ResultError(file.string() +
                      ": has been changed since it was written, so the result is damaged: run the "
                      "scenario again");
  }
  return manifest;
}

Json manifestJson(const Result& result, const Provenance& p, const std::string& id,
                  const std::vector<std::string>& names, const std::vector<FileMark>& marks) {
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
          {"ns3_version", p.ns3Version},
          {"seed", result.seed},
          {"runs", result.runs},
          {"frames", result.frames.empty() ? "pictures" : result.frames},
          {"cases", cases},
          {"failed_runs", failed},
          {"inputs", inputs},
          {"argv", p.argv},
          {"host", p.host},
          {"started", p.started},
          {"finished", p.finished},
          {"wall_seconds", numberJson(p.wallTime.seconds())},
          {"jobs", p.jobs},
          {"files", marksJson(marks)}};
}

// Of an incomplete result: what is finished, bit by bit. Files round numbers.
constexpr std::string_view kFinishedFolder = "finished/";

// Another build may lay out its records otherwise, and call itself the same.
std::string layoutOf() {
  return fmt::format("callflow {} {} {}\n", metrics::kMetricCount, sizeof(metrics::StreamRecord),
                     sizeof(metrics::FrameTrace));
}

void writeFinished(const Result& result, DirectoryWriter& out) {
  if (result.complete()) return;
  for (const metrics::RunRecord& run : result.records)
    if (run.complete)
      out.write(fmt::format("{}{}", kFinishedFolder, runName(run)), layoutOf() + pack(run));
}

void writeAll(const Result& result, const Provenance& provenance, const std::string& id,
              const fs::path& directory) {
  DirectoryWriter out(directory);
  const std::vector<std::string> names = inputNames(result);
  for (std::size_t i = 0; i < result.inputs.size(); ++i)
    out.write("inputs/" + names[i], result.inputs[i].text);
  RunTablesWriter tables;
  for (const CaseInput& c : result.cases) {
    out.write("inputs/" + resolvedName(c), c.resolvedYaml);
    for (const metrics::RunRecord* run : recordsOf(result, c.variant)) {
      if (sharesTables(c, *run)) {
        tables.add(*run);
        continue;
      }
      for (const auto& [name, text] : runFiles(*run))
        out.write(fmt::format("runs/{}/{}", runName(*run), name), text);
    }
  }
  for (const auto& [name, text] : tables.files()) out.write("runs/" + name, text);
  writeFinished(result, out);
  const auto summary = summarize(result);
  out.write("summary.json", [&](const TextSink& sink) { writeSummaryJson(result, summary, sink); });
  out.write("summary.csv", [&](const TextSink& sink) { writeSummaryCsv(summary, sink); });
  Json manifest = manifestJson(result, provenance, id, names, out.marks());
  seal(manifest);
  out.write("manifest.json", jsonText(manifest));
  out.sync();
}

std::size_t finishedIn(const Json& manifest) {
  std::size_t finished = 0;
  for (const Json& c : manifest.at("cases"))
    for (const Json& run : c.at("runs")) finished += run.at("complete").get<bool>() ? 1 : 0;
  return finished;
}

// A link to a complete result is worth more than one to what an interrupted run left.
bool leadsToComplete(const fs::path& latest) {
  try {
    return readManifest(latest).at("complete").get<bool>();
  } catch (const ResultError&) {
    return false;
  } catch (const Json::exception&) {
    return false;
  }
}

bool replaces(const Result& result, const FoundResult& found, const WriteOptions& options) {
  if (options.force && result.complete()) return true;
  const auto finished = static_cast<std::size_t>(
      std::count_if(result.records.begin(), result.records.end(),
                    [](const metrics::RunRecord& run) { return run.complete; }));
  if (finished != found.finished) return finished > found.finished;
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
    const Json manifest = readManifest(path);
    if (manifest.at("id").get<std::string>() != id) return std::nullopt;
    return FoundResult{path, manifest.at("complete").get<bool>(), manifest.at("traced").get<bool>(),
                       finishedIn(manifest)};
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
  if (error) failOn(parent, "cannot be made", error.value());
  try {
    const AsideDirectory aside(parent, id);
    writeAll(result, provenance, id, aside.path());

    const LockedDirectory lock(parent);
    if (!lock.held()) failOn(parent, "cannot be locked", lock.error());
    const auto found = findResult(options.root, result.scenario, id);
    if (!found || replaces(result, *found, options)) moveIntoPlace(aside.path(), target);
    if (result.complete() || !leadsToComplete(parent / "latest")) pointLink(parent, "latest", id);
  } catch (const NoSpaceError& e) {
    throw e.of(target);
  } catch (const fs::filesystem_error& e) {
    throw ResultError(e.what());
  }
  return target;
}

Result loadResult(const fs::path& directory) {
  std::error_code error;
  if (!fs::exists(directory, error))
    throw ResultError("there is no directory " + directory.string());
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
  const Json manifest = readManifest(directory);
  Result result;
  try {
    result.scenario = manifest.at("scenario").get<std::string>();
    result.title = manifest.at("title").get<std::string>();
    result.version = manifest.at("version").get<std::string>();
    result.seed = manifest.at("seed").get<std::uint64_t>();
    result.runs = manifest.at("runs").get<int>();
    result.frames = manifest.value("frames", "pictures");
    if (result.frames == "pictures") result.frames.clear();
    DirectoryReader reader(directory, marksFrom(manifest));
    for (const Json& input : manifest.at("inputs")) {
      result.inputs.push_back(
          {input.at("file").get<std::string>(), reader.read(input.at("copy").get<std::string>())});
    }
    RunTablesReader tables(reader);
    for (const Json& c : manifest.at("cases")) {
      result.cases.push_back(
          {c.at("variant").get<std::string>(), reader.read(c.at("resolved").get<std::string>())});
      readCell(c, result.cases.back());
      for (const Json& run : c.at("runs")) {
        if (run.contains("run")) {
          result.records.push_back(tables.read(run.at("run").get<std::size_t>()));
          continue;
        }
        result.records.push_back(readRunFiles(reader, run.at("directory").get<std::string>()));
      }
    }
    reader.checkRest();
  } catch (const Json::exception& e) {
    throw ResultError(file.string() + ": " + e.what());
  }
  return result;
}

std::vector<metrics::RunRecord> finishedRuns(const fs::path& directory) {
  std::vector<metrics::RunRecord> runs;
  const std::vector<FileMark> marks = marksFrom(readManifest(directory));
  DirectoryReader reader(directory, marks);
  const std::string layout = layoutOf();
  for (const FileMark& mark : marks) {
    if (!mark.file.starts_with(kFinishedFolder)) continue;
    const std::string bytes = reader.read(reader.nameOf(mark));
    if (!bytes.starts_with(layout)) return {};
    runs.push_back(unpack(std::string_view(bytes).substr(layout.size())));
  }
  return runs;
}

}  // namespace callflow::results
