#include "tests/unit/result_files.h"

#include <algorithm>
#include <fstream>
#include <sstream>

namespace callflow::test {

namespace fs = std::filesystem;
using metrics::MetricId;

namespace {

metrics::Values values(double mos) {
  metrics::Values v;
  v[MetricId::audio_mos] = mos;
  return v;
}

}  // namespace

fs::path freshRoot(const std::string& name) {
  const fs::path root = fs::path(CALLFLOW_TEST_DIR) / name;
  fs::remove_all(root);
  return root;
}

std::string textOf(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

std::vector<std::pair<std::string, std::string>> filesOf(const fs::path& directory) {
  std::vector<std::pair<std::string, std::string>> files;
  for (const auto& entry : fs::recursive_directory_iterator(directory)) {
    if (!entry.is_regular_file() || entry.path().filename() == "manifest.json") continue;
    files.emplace_back(fs::relative(entry.path(), directory).string(), textOf(entry.path()));
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::vector<std::string> namesIn(const fs::path& directory) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(directory))
    names.push_back(entry.path().filename());
  std::sort(names.begin(), names.end());
  return names;
}

results::Result twoRuns() {
  results::Result result;
  result.scenario = "two";
  result.version = "1";
  result.runs = 2;
  result.cases = {{"base", "a: 1\n"}};
  for (int run = 1; run <= 2; ++run) {
    metrics::RunRecord record;
    record.variant = "base";
    record.replication = run;
    metrics::StreamRecord s;
    s.call = "c";
    s.from = "a";
    s.to = "b";
    s.totals = values(2.0 + run);
    s.totals[MetricId::audio_packets_lost] = 10.0 * run;
    s.totals[MetricId::audio_longest_interruption] = 0.1 * run;
    for (int w = 0; w < 3; ++w) s.windows.push_back({Duration::s(10 * w), values(1.0 + run + w)});
    record.streams = {s};
    s.from = "b";
    s.to = "a";
    s.totals[MetricId::audio_packets_lost] = 1;
    record.streams.push_back(s);
    result.records.push_back(record);
  }
  return result;
}

}  // namespace callflow::test
