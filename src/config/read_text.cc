#include "src/config/read_text.h"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>
#include <system_error>
#include <vector>

namespace callflow::config {
namespace {

// The place of byte `offset`.
SourcePos placeOf(const FileName& file, const std::string& text, std::size_t offset) {
  int line = 1;
  std::size_t start = 0;
  for (std::size_t i = 0; i < offset; ++i) {
    if (text[i] == '\n') {
      ++line;
      start = i + 1;
    }
  }
  return {file, line, static_cast<int>(offset - start) + 1};
}

// Length of the UTF-8 sequence at `i`, 0 if there is none (overlong forms and surrogates pass: they
// are harmless here).
std::size_t utf8Length(const std::string& text, std::size_t i) {
  const auto lead = static_cast<unsigned char>(text[i]);
  const std::size_t length = lead < 0x80           ? 1
                             : (lead >> 5) == 0x06 ? 2
                             : (lead >> 4) == 0x0E ? 3
                             : (lead >> 3) == 0x1E ? 4
                                                   : 0;
  for (std::size_t k = 1; k < length; ++k) {
    if (i + k >= text.size() || (static_cast<unsigned char>(text[i + k]) >> 6) != 0x02) return 0;
  }
  return length;
}

constexpr const char* kStandardInput = "-";

// Reads at most the limit and a byte, so that a pipe or a device is bounded as a file is.
std::optional<std::string> readText(const std::string& name, const FileName& file,
                                    const LoadLimits& limits, Diagnostics& diagnostics) {
  const SourcePos whole{file, 0, 0};
  std::error_code error;
  const std::filesystem::file_status status = std::filesystem::status(name, error);
  if (name.empty() || status.type() == std::filesystem::file_type::not_found) {
    diagnostics.error(whole, "", "cannot be opened: there is no such file", "check the name");
    return std::nullopt;
  }
  if (std::filesystem::is_directory(status)) {
    diagnostics.error(whole, "", "is a directory", "name a YAML file in it");
    return std::nullopt;
  }
  if (std::filesystem::is_regular_file(status)) {
    const std::uintmax_t size = std::filesystem::file_size(name, error);
    if (!error && size > limits.bytes) {
      tooLarge(file, limits, diagnostics);
      return std::nullopt;
    }
  }
  errno = 0;
  std::ifstream in(name, std::ios::binary);
  if (!in) {
    diagnostics.error(whole, "", std::string{"cannot be opened: "} + std::strerror(errno),
                      "check its name and permissions");
    return std::nullopt;
  }
  std::string text;
  std::vector<char> buffer(64 * 1024);
  while (in && text.size() <= limits.bytes) {
    in.read(buffer.data(), static_cast<std::streamsize>(buffer.size()));
    text.append(buffer.data(), static_cast<std::size_t>(in.gcount()));
  }
  if (in.bad()) {
    diagnostics.error(whole, "", std::string{"cannot be read: "} + std::strerror(errno), {});
    return std::nullopt;
  }
  if (text.size() > limits.bytes) {
    tooLarge(file, limits, diagnostics);
    return std::nullopt;
  }
  return text;
}

}  // namespace

void tooLarge(const FileName& file, const LoadLimits& limits, Diagnostics& diagnostics) {
  diagnostics.error({file, 0, 0}, "",
                    "is larger than " + std::to_string(limits.bytes / (1024 * 1024)) + " MiB",
                    "a description of a network is smaller; is this the right file?");
}

bool isText(const FileName& file, const std::string& text, Diagnostics& diagnostics) {
  for (std::size_t i = 0; i < text.size();) {
    const auto c = static_cast<unsigned char>(text[i]);
    const std::size_t length = utf8Length(text, i);
    const bool control = c < 0x20 && c != '\n' && c != '\r' && c != '\t';
    if (length == 0 || control) {
      diagnostics.error(placeOf(file, text, i), "",
                        control ? "is not a text file: it holds a control character"
                                : "is not a text file in UTF-8",
                        "write YAML, saved as UTF-8");
      return false;
    }
    i += length;
  }
  return true;
}

bool isStream(const std::string& name) {
  if (name == kStandardInput) return true;
  std::error_code error;
  const std::filesystem::file_status status = std::filesystem::status(name, error);
  return status.type() == std::filesystem::file_type::fifo ||
         status.type() == std::filesystem::file_type::character ||
         status.type() == std::filesystem::file_type::socket;
}

std::optional<std::string> readOnce(const std::string& name, const FileName& file,
                                    const LoadLimits& limits, Diagnostics& diagnostics) {
  static std::map<std::string, std::string> kept;
  const auto known = kept.find(name);
  if (known != kept.end()) return known->second;
  const bool stream = isStream(name);
  std::optional<std::string> text =
      readText(name == kStandardInput ? "/dev/stdin" : name, file, limits, diagnostics);
  if (text && stream) kept.emplace(name, *text);
  return text;
}

}  // namespace callflow::config
