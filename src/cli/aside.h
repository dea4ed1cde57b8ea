// A directory beside its target, made in full and then moved there, so that whoever looks sees all
// of it or none.
#pragma once

#include <filesystem>

namespace callflow::cli {

class AsideDirectory {
 public:
  // Makes ".NAME-PID" beside `target`, whose name is NAME.
  explicit AsideDirectory(const std::filesystem::path& target);
  // Whatever has not been moved away is removed.
  ~AsideDirectory();
  AsideDirectory(const AsideDirectory&) = delete;
  AsideDirectory& operator=(const AsideDirectory&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace callflow::cli
