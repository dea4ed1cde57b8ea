#include "src/results/aside.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <system_error>
#include <vector>

#include "src/results/directory.h"

namespace callflow::results {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kAsidePrefix = ".partial-";

void removeQuietly(const fs::path& path) {
  std::error_code ignored;
  fs::remove_all(path, ignored);
}

// Whoever writes holds a lock on its directory; one that nobody holds was left by a dead process.
// Called with the parent locked, so that none is seen between its creation and its lock.
void removeLeftovers(const fs::path& parent) {
  std::vector<fs::path> dead;
  for (const fs::directory_entry& entry : fs::directory_iterator(parent)) {
    if (!entry.path().filename().string().starts_with(kAsidePrefix)) continue;
    if (entry.is_directory() && !entry.is_symlink()) {
      const LockedDirectory lock(entry.path(), LockedDirectory::How::tryOnce);
      if (!lock.held()) continue;
    }
    dead.push_back(entry.path());
  }
  for (const fs::path& path : dead) removeQuietly(path);
}

// What a power cut must not undo.
void syncDirectory(const fs::path& path) {
  const int fd = open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return;
  (void)fsync(fd);
  close(fd);
}

}  // namespace

LockedDirectory::LockedDirectory(const fs::path& path, How how)
    : fd_(open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
  const int operation = how == How::wait ? LOCK_EX : LOCK_EX | LOCK_NB;
  if (fd_ < 0) {
    error_ = errno;
    return;
  }
  while (flock(fd_, operation) != 0) {
    if (errno == EINTR) continue;  // locks are held for moments only
    error_ = errno;
    return;
  }
}

LockedDirectory::~LockedDirectory() {
  if (fd_ >= 0) close(fd_);
}

AsideDirectory::AsideDirectory(const fs::path& parent, std::string_view name)
    : path_(parent / fmt::format("{}{}-{}", kAsidePrefix, name, getpid())) {
  const LockedDirectory lock(parent);
  if (!lock.held()) failOn(parent, "cannot be locked", lock.error());
  removeLeftovers(parent);
  std::error_code error;
  fs::create_directory(path_, error);
  if (error) failOn(path_, "cannot be made", error.value());
  lock_.emplace(path_);
  if (!lock_->held()) failOn(path_, "cannot be locked", lock_->error());
}

AsideDirectory::~AsideDirectory() {
  removeQuietly(path_);
}

void moveIntoPlace(const fs::path& aside, const fs::path& target) {
  if (rename(aside.c_str(), target.c_str()) == 0) return syncDirectory(target.parent_path());
  if (errno != ENOTEMPTY && errno != EEXIST) failOn(target, "cannot be renamed into place", errno);
  if (renameat2(AT_FDCWD, aside.c_str(), AT_FDCWD, target.c_str(), RENAME_EXCHANGE) == 0)
    return syncDirectory(target.parent_path());
  // A file system that cannot exchange two names: for a moment there is none.
  const fs::path old = aside.string() + "-old";
  if (rename(target.c_str(), old.c_str()) != 0) failOn(target, "cannot be replaced", errno);
  if (rename(aside.c_str(), target.c_str()) != 0) {
    const int error = errno;
    (void)rename(old.c_str(), target.c_str());
    failOn(target, "cannot be renamed into place", error);
  }
  removeQuietly(old);
  syncDirectory(target.parent_path());
}

void pointLink(const fs::path& parent, std::string_view name, const fs::path& to) {
  const fs::path link = parent / name;
  std::error_code error;
  const fs::file_status there = fs::symlink_status(link, error);
  if (fs::exists(there) && !fs::is_symlink(there)) return;
  const fs::path fresh = parent / fmt::format("{}{}-{}", kAsidePrefix, name, getpid());
  removeQuietly(fresh);
  fs::create_symlink(to, fresh, error);
  if (!error) fs::rename(fresh, link, error);
  if (error) failOn(link, "cannot be pointed at the result", error.value());
}

}  // namespace callflow::results
