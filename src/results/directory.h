// The files of a result's directory: each is marked with its size and hash when it is written, and
// checked against its mark when it is read, so that what was edited, cut or emptied never passes
// for what callflow wrote.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "src/results/result.h"
#include "src/results/text_sink.h"

namespace callflow::results {

struct FileMark {
  std::string file;  // below the directory, with '/'
  std::uint64_t bytes = 0;
  std::string hash;  // hashHex()
};

// ResultError with what the system says; NoSpaceError if it says that there is no room.
[[noreturn]] void failOn(const std::filesystem::path& path, std::string_view what, int error);

// Throws ResultError.
void writeFile(const std::filesystem::path& path, std::string_view text);

class DirectoryWriter {
 public:
  explicit DirectoryWriter(std::filesystem::path directory) : directory_(std::move(directory)) {}
  // Writes and marks a file; directories on the way are made. A large one of a run is compressed.
  void write(const std::string& name, std::string_view text);
  // Piece by piece, as they come; never compressed.
  void write(const std::string& name, const std::function<void(const TextSink&)>& fill);
  // Returns when all that was written would survive a power cut.
  void sync() const;
  const std::vector<FileMark>& marks() const { return marks_; }

 private:
  std::filesystem::path place(const std::string& name) const;

  std::filesystem::path directory_;
  std::vector<FileMark> marks_;
};

class DirectoryReader {
 public:
  // Without marks (results of schema 1.2 and before had none) nothing is checked.
  DirectoryReader(std::filesystem::path directory, const std::vector<FileMark>& marks);

  const std::filesystem::path& directory() const { return directory_; }
  bool has(const std::string& name) const;
  // The text, whether the file is compressed or not.
  std::string read(const std::string& name);
  // The name that a file was given: as it is marked, but for the suffix of a compressed one.
  static std::string nameOf(const FileMark& mark);
  // Checks the files that have not been read, too.
  void checkRest();

 private:
  std::string readChecked(const std::string& file);

  std::filesystem::path directory_;
  bool marked_;
  std::map<std::string, FileMark, std::less<>> unread_;
  std::map<std::string, FileMark, std::less<>> marks_;
};

}  // namespace callflow::results
