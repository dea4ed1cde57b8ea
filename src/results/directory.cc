#include "src/results/directory.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <set>
#include <utility>

#include "src/results/compressed.h"
#include "src/results/hash.h"
#include "src/results/json.h"

namespace callflow::results {

namespace fs = std::filesystem;

namespace {

// A file or directory held open.
class Opened {
 public:
  Opened(const fs::path& path, int flags) : path_(path), fd_(open(path.c_str(), flags, 0666)) {
    if (fd_ < 0) failOn(path, "cannot be opened", errno);
  }
  Opened(const Opened&) = delete;
  Opened& operator=(const Opened&) = delete;
  ~Opened() {
    if (fd_ >= 0) ::close(fd_);
  }
  int fd() const { return fd_; }
  // Some file systems say only now that there was no room.
  void close() {
    if (::close(std::exchange(fd_, -1)) != 0) failOn(path_, "cannot be written", errno);
  }

 private:
  const fs::path& path_;
  int fd_;
};

// What many runs make many of. Inputs and summaries are for people to open.
bool isOfRuns(std::string_view name) {
  return name.starts_with("runs/") || name.starts_with("finished/");
}

}  // namespace

void failOn(const fs::path& path, std::string_view what, int error) {
  const std::string text = fmt::format("{}: {}: {}", path.string(), what, std::strerror(error));
  if (error == ENOSPC || error == EDQUOT || error == EFBIG) throw NoSpaceError(text);
  throw ResultError(text);
}

NoSpaceError NoSpaceError::of(const fs::path& target) const {
  const std::string_view whole = what();
  const std::size_t colon = whole.rfind(": ");
  return NoSpaceError(fmt::format("{}: there is no room{}", target.string(),
                                  colon == std::string_view::npos ? "" : whole.substr(colon)));
}

namespace {

void writePiece(const Opened& file, const fs::path& path, std::string_view rest) {
  while (!rest.empty()) {
    const ssize_t n = ::write(file.fd(), rest.data(), rest.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) failOn(path, "cannot be written", errno);
    rest.remove_prefix(static_cast<std::size_t>(n));
  }
}

void writeFile(const fs::path& path, const std::function<void(const TextSink&)>& fill) {
  Opened file(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC);
  fill([&](std::string_view piece) { writePiece(file, path, piece); });
  // On its way to the disk while the next file is made, so that sync() has little to wait for.
  (void)::sync_file_range(file.fd(), 0, 0, SYNC_FILE_RANGE_WRITE);
  file.close();
}

}  // namespace

void writeFile(const fs::path& path, std::string_view text) {
  writeFile(path, [&](const TextSink& sink) { sink(text); });
}

fs::path DirectoryWriter::place(const std::string& name) const {
  const fs::path path = directory_ / name;
  std::error_code error;
  fs::create_directories(path.parent_path(), error);
  if (error) failOn(path.parent_path(), "cannot be made", error.value());
  return path;
}

void DirectoryWriter::write(const std::string& given, std::string_view text) {
  std::string name = given;
  std::string small;
  if (text.size() >= kCompressedFrom && isOfRuns(given)) {
    small = compressed(text);
    text = small;
    name += kCompressedSuffix;
  }
  writeFile(place(name), text);
  marks_.push_back({name, text.size(), hashHex(text)});
}

void DirectoryWriter::write(const std::string& name,
                            const std::function<void(const TextSink&)>& fill) {
  Hasher hash;
  std::uint64_t bytes = 0;
  writeFile(place(name), [&](const TextSink& sink) {
    fill([&](std::string_view piece) {
      hash.add(piece);
      bytes += piece.size();
      sink(piece);
    });
  });
  marks_.push_back({name, bytes, hash.hex()});
}

void DirectoryWriter::sync() const {
  std::set<fs::path> directories = {directory_};
  for (const FileMark& mark : marks_) {
    const fs::path path = directory_ / mark.file;
    const Opened file(path, O_RDONLY | O_CLOEXEC);
    if (::fdatasync(file.fd()) != 0) failOn(path, "cannot be written", errno);
    for (fs::path up = path.parent_path(); up != directory_; up = up.parent_path())
      directories.insert(up);
  }
  for (const fs::path& path : directories) {
    const Opened directory(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    // Some file systems cannot sync a directory and say EINVAL.
    if (::fsync(directory.fd()) != 0 && errno != EINVAL) failOn(path, "cannot be written", errno);
  }
}

DirectoryReader::DirectoryReader(fs::path directory, const std::vector<FileMark>& marks)
    : directory_(std::move(directory)), marked_(!marks.empty()) {
  for (const FileMark& mark : marks) marks_.emplace(mark.file, mark);
  unread_ = marks_;
}

bool DirectoryReader::has(const std::string& name) const {
  const auto there = [&](const std::string& file) {
    std::error_code ignored;
    return marked_ ? marks_.contains(file) : fs::exists(directory_ / file, ignored);
  };
  return there(name) || there(name + std::string(kCompressedSuffix));
}

std::string DirectoryReader::nameOf(const FileMark& mark) {
  std::string name = mark.file;
  if (isOfRuns(name) && name.ends_with(kCompressedSuffix))
    name.resize(name.size() - kCompressedSuffix.size());
  return name;
}

std::string DirectoryReader::read(const std::string& name) {
  const std::string packed = name + std::string(kCompressedSuffix);
  std::error_code ignored;
  const bool isPacked =
      marked_ ? marks_.contains(packed) : fs::exists(directory_ / packed, ignored);
  if (!isPacked) return readChecked(name);
  return uncompressed(readChecked(packed), directory_ / packed);
}

std::string DirectoryReader::readChecked(const std::string& name) {
  const fs::path path = directory_ / name;
  const auto told = [&](const std::string& how) {
    return ResultError(fmt::format("{}: {}, so the result is damaged: run the scenario again",
                                   path.string(), how));
  };
  const auto mark = marks_.find(name);
  if (marked_ && mark == marks_.end())
    throw ResultError(path.string() + ": is not among the files that the manifest lists");
  std::error_code ignored;
  if (marked_ && !fs::exists(path, ignored)) throw told("is missing");
  std::string text = readFile(path);
  if (marked_) {
    if (text.size() != mark->second.bytes)
      throw told(
          fmt::format("has {} bytes where {} were written", text.size(), mark->second.bytes));
    if (hashHex(text) != mark->second.hash) throw told("has been changed since it was written");
    unread_.erase(name);
  }
  return text;
}

void DirectoryReader::checkRest() {
  while (!unread_.empty()) {
    const std::string name = unread_.begin()->first;
    (void)readChecked(name);
  }
}

}  // namespace callflow::results
