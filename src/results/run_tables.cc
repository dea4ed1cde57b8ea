#include "src/results/run_tables.h"

#include <fmt/format.h>

#include <algorithm>

#include "src/results/json.h"
#include "src/results/number.h"

namespace callflow::results {
namespace {

constexpr std::string_view kRunKey = "run,";

// Calls `take` with each line. JSON escapes line ends, so each one here ends a run.
template <class Take>
void forEachLine(std::string_view text, const Take& take) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    if (end > 0) take(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

// Calls `take` with each record of a CSV text, line end included; one may hold quoted line ends.
template <class Take>
void forEachRow(std::string_view text, const Take& take) {
  std::size_t start = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"') quoted = !quoted;
    if (text[i] != '\n' || quoted) continue;
    take(text.substr(start, i + 1 - start));
    start = i + 1;
  }
  if (start < text.size()) take(text.substr(start));
}

// The text of a file among `files`, made if it is not there.
std::string& textOf(FileTexts& files, const std::string& name) {
  const auto at = std::find_if(files.begin(), files.end(),
                               [&](const auto& file) { return file.first == name; });
  return at == files.end() ? files.emplace_back(name, "").second : at->second;
}

}  // namespace

void RunTablesWriter::add(const metrics::RunRecord& run) {
  const std::string number = std::to_string(runs_++);
  for (const auto& [name, text] : runFiles(run)) {
    if (name == "run.json") {
      textOf(files_, "runs.jsonl") += Json::parse(text).dump() + '\n';
      continue;
    }
    std::string& all = textOf(files_, name);
    bool header = true;
    forEachRow(text, [&](std::string_view row) {
      if (header) {
        if (all.empty()) all.append(kRunKey).append(row);
      } else {
        all.append(number).append(",").append(row);
      }
      header = false;
    });
  }
}

void RunTablesReader::load() {
  loaded_ = true;
  forEachLine(reader_.read("runs/runs.jsonl"), [&](std::string_view line) {
    runs_.push_back({{"run.json", std::string{line}}});
  });
  for (const char* name : {"streams.csv", "timeseries.csv", "budget.csv", "histogram.csv"}) {
    const std::filesystem::path file = directory_ / name;
    const std::string text = reader_.read(std::string("runs/") + name);
    std::string_view header;
    forEachRow(text, [&](std::string_view row) {
      if (header.empty()) {
        if (!row.starts_with(kRunKey))
          throw ResultError(file.string() + ": has no column \"run\" before the others");
        header = row.substr(kRunKey.size());
        for (FileTexts& files : runs_) files.emplace_back(name, header);
        return;
      }
      const std::size_t comma = std::min(row.find(','), row.size() - 1);
      const auto run = integerFrom(std::string{row.substr(0, comma)});
      if (!run || *run < 0 || static_cast<std::size_t>(*run) >= runs_.size())
        throw ResultError(
            fmt::format("{}: there is no run \"{}\"", file.string(), row.substr(0, comma)));
      runs_[static_cast<std::size_t>(*run)].back().second.append(row.substr(comma + 1));
    });
    if (header.empty()) throw ResultError(file.string() + ": is empty, not even a header is there");
  }
}

metrics::RunRecord RunTablesReader::read(std::size_t run) {
  if (!loaded_) load();
  if (run >= runs_.size())
    throw ResultError(
        fmt::format("{}: there is no run {}", (directory_ / "runs.jsonl").string(), run));
  return readRunTexts(runs_[run], directory_);
}

}  // namespace callflow::results
