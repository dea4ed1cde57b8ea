// Resolved input as a tree, to find what differs. What cannot be read stays as it stands, as a
// scalar: for showing differences that is better than an error.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace callflow::compare {

struct Tree {
  enum class Kind { scalar, map, list };
  Kind kind = Kind::scalar;
  std::string scalar;
  std::vector<std::pair<std::string, Tree>> map;
  std::vector<Tree> list;

  const Tree* find(const std::string& key) const;
  std::string flow() const;  // on one line: "{rate: 1 Mbit/s, delay: 4 ms}"
  bool operator==(const Tree&) const = default;
};

Tree parseTree(const std::string& yaml);

}  // namespace callflow::compare
