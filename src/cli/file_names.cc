#include "src/cli/file_names.h"

namespace callflow::cli {

std::string fileName(const std::string& name) {
  std::string fit;
  for (const char c : name) {
    const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                       c == '.' || c == '-' || c == '@';
    if (plain || (!fit.empty() && fit.back() != '_')) fit += plain ? c : '_';
  }
  return fit;
}

}  // namespace callflow::cli
