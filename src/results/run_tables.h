// The runs of a sweep in shared tables: runs.jsonl with a line for each run, and the tables of
// run_files.h with a column `run` before the others. Hundreds of runs make six files.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "src/results/directory.h"
#include "src/results/run_files.h"

namespace callflow::results {

class RunTablesWriter {
 public:
  // Runs are numbered from 0 in the order in which they are added.
  void add(const metrics::RunRecord& run);
  // Nothing if no run was added.
  const FileTexts& files() const { return files_; }

 private:
  FileTexts files_;
  std::size_t runs_ = 0;
};

class RunTablesReader {
 public:
  // Reads nothing yet: a result without shared tables has none.
  explicit RunTablesReader(DirectoryReader& reader)
      : reader_(reader), directory_(reader.directory() / "runs") {}
  // Throws ResultError, also if there is no such run.
  metrics::RunRecord read(std::size_t run);

 private:
  void load();

  DirectoryReader& reader_;
  std::filesystem::path directory_;
  bool loaded_ = false;
  std::vector<FileTexts> runs_;
};

}  // namespace callflow::results
