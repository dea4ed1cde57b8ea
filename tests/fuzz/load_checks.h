// Files to damage, and what must hold of every file that is loaded, damaged or not.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace callflow::test {

struct Original {
  std::filesystem::path folder;  // of the copy: files that it names stand beside it
  std::string name;
  std::string text;
};

// The YAML files of scenarios/ and tests/errors, copied into the test's own folder, in a fixed
// order.
std::vector<Original> originals();

std::string readFile(const std::filesystem::path& path);
void writeFile(const std::filesystem::path& path, const std::string& text);

enum class Outcome { loaded, refused };

// Loads a file in each way that a verb does, and requires that all say the same, that each error
// has a place, and that what is loaded says itself in full. A load that hangs ends the process.
Outcome load(const std::string& path);

}  // namespace callflow::test
