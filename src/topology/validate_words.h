// Words and look-ups that the checks of networks and cases and the graph share. Internal.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "src/diag/diag.h"
#include "src/topology/model.h"
#include "src/units/quoted.h"

namespace callflow::topology {

using Names = std::vector<std::string>;

inline std::string pathOf(const std::pair<std::string, Site>& site) {
  return (site.second.remote ? "remote." : "sites.") + site.first;
}

inline std::string item(const std::string& list, std::size_t index) {
  return list + "[" + std::to_string(index) + "]";
}

inline std::string listed(const Names& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

// What to write instead of a name that does not exist.
inline std::string meant(const std::string& word, const Names& names, const std::string& kind) {
  const std::string near = nearestName(word, names);
  if (!near.empty()) return "did you mean " + quoted(near) + "?";
  if (names.empty()) return "declare one first: this file has no " + kind;
  return "write one of: " + listed(names);
}

template <class T>
Names namesOf(const Named<T>& map) {
  Names names;
  for (const auto& [name, value] : map) names.push_back(name);
  return names;
}

template <class T>
const T* find(const Named<T>& map, const std::string& name) {
  for (const auto& [key, value] : map)
    if (key == name) return &value;
  return nullptr;
}

inline bool overlap(const Ipv4Prefix& a, const Ipv4Prefix& b) {
  const int length = std::min(a.length, b.length);
  const std::uint32_t mask = length == 0 ? 0 : ~std::uint32_t{0} << (32 - length);
  return ((a.address.value ^ b.address.value) & mask) == 0;
}

}  // namespace callflow::topology
