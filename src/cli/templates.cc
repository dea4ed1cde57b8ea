#include "src/cli/templates.h"

#include <algorithm>
#include <filesystem>
#include <stdexcept>

namespace callflow::cli {
namespace {

// Calls `use` with each line, without its end.
template <class Use>
void forEachLine(std::string_view text, const Use& use) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    use(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

// What stands behind a key at the beginning of a line.
std::string_view valueOf(std::string_view line, std::string_view key) {
  return line.starts_with(key) ? line.substr(key.size()) : std::string_view{};
}

std::string_view unquoted(std::string_view text) {
  if (text.size() >= 2 && text.front() == '"' && text.back() == '"')
    return text.substr(1, text.size() - 2);
  return text;
}

std::string_view shippedText(const std::string& path) {
  for (const ShippedFile& file : shippedFiles())
    if (file.path == path) return file.text;
  throw std::logic_error("no network " + path + " among the shipped files");
}

std::string indented(std::string_view text) {
  std::string all;
  forEachLine(text, [&](std::string_view line) {
    if (!line.empty()) all += "  ";
    all += std::string(line) + "\n";
  });
  return all;
}

}  // namespace

std::vector<Template> templates() {
  std::vector<Template> all;
  for (const ShippedFile& file : shippedFiles()) {
    if (file.text.find("\nscenario: ") == std::string_view::npos) continue;
    const std::size_t slash = file.path.find('/');
    const bool below = slash != std::string_view::npos;
    const std::string_view base = below ? file.path.substr(slash + 1) : file.path;
    all.push_back(
        {base.substr(0, base.rfind('.')), file.path.substr(0, below ? slash : 0), file.text});
  }
  return all;
}

std::string titleOf(const Template& one) {
  std::string title;
  forEachLine(one.text, [&](std::string_view line) {
    if (const auto value = valueOf(line, "title: "); !value.empty()) title = unquoted(value);
  });
  return title;
}

std::string showsOf(const Template& one) {
  std::string text;
  bool inside = false;
  forEachLine(one.text, [&](std::string_view line) {
    const std::string_view first = valueOf(line, "# What it shows: ");
    inside = !first.empty() || (inside && line.starts_with("# ") && !line.starts_with("# Source:"));
    if (!inside) return;
    text += (text.empty() ? "" : " ") + std::string(first.empty() ? line.substr(2) : first);
  });
  return text;
}

std::string selfContained(const Template& one, std::string_view name) {
  std::string all;
  forEachLine(one.text, [&](std::string_view line) {
    if (line.starts_with("scenario: ")) {
      all += "scenario: " + std::string(name) + "\n";
    } else if (const auto network = valueOf(line, "topology: "); network.ends_with(".yaml")) {
      const std::filesystem::path path = std::filesystem::path(one.folder) / network;
      all += "topology:\n" + indented(shippedText(path.lexically_normal().string()));
    } else {
      all += std::string(line) + "\n";
    }
  });
  return all;
}

}  // namespace callflow::cli
