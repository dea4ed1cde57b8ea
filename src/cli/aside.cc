#include "src/cli/aside.h"

#include <unistd.h>

#include <string>
#include <system_error>

namespace callflow::cli {

AsideDirectory::AsideDirectory(const std::filesystem::path& target)
    : path_(target.parent_path() /
            ("." + target.filename().string() + "-" + std::to_string(::getpid()))) {
  std::filesystem::create_directories(path_);
}

AsideDirectory::~AsideDirectory() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace callflow::cli
