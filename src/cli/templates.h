// The shipped scenarios, as what a first scenario is made of. They are built into the program
// (cmake/embed.cmake), which is run where no source tree is.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace callflow::cli {

struct ShippedFile {
  std::string_view path;  // below scenarios/: "figures/figure-2.yaml"
  std::string_view text;
};

// By their paths.
std::span<const ShippedFile> shippedFiles();

struct Template {
  std::string_view name;    // "figure-2"
  std::string_view folder;  // "figures"; empty: scenarios/ itself
  std::string_view text;
};

// The scenarios among them; networks are none.
std::vector<Template> templates();

// What its file says of itself.
std::string titleOf(const Template& one);
std::string showsOf(const Template& one);  // the words behind "What it shows:"

// All that the scenario needs in one text: a network of another file stands in the place of its
// name, comments and all. The scenario is called `name`.
std::string selfContained(const Template& one, std::string_view name);

}  // namespace callflow::cli
