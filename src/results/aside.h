// Beside its target, and then in its place: whoever looks sees all of it or none.
#pragma once

#include <filesystem>
#include <optional>
#include <string_view>

namespace callflow::results {

// Holds a directory open with a lock that dies with the process, however it dies.
class LockedDirectory {
 public:
  enum class How { wait, tryOnce };
  explicit LockedDirectory(const std::filesystem::path& path, How how = How::wait);
  LockedDirectory(const LockedDirectory&) = delete;
  LockedDirectory& operator=(const LockedDirectory&) = delete;
  ~LockedDirectory();
  bool held() const { return error_ == 0; }
  int error() const { return error_; }

 private:
  int fd_;
  int error_ = 0;
};

// A hidden directory in `parent`, locked as long as it lives. Before it is made, those that dead
// processes left there are removed.
class AsideDirectory {
 public:
  AsideDirectory(const std::filesystem::path& parent, std::string_view name);
  // Whatever has not been moved away is removed.
  ~AsideDirectory();
  AsideDirectory(const AsideDirectory&) = delete;
  AsideDirectory& operator=(const AsideDirectory&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
  std::optional<LockedDirectory> lock_;
};

// Puts the directory `aside` in the place of `target`, whatever stands there; what stood there goes
// to `aside`'s name. The move is on the disk when this returns.
void moveIntoPlace(const std::filesystem::path& aside, const std::filesystem::path& target);

// A link in `parent`, replaced at once; a directory that somebody gave that name is left alone.
void pointLink(const std::filesystem::path& parent, std::string_view name,
               const std::filesystem::path& to);

}  // namespace callflow::results
