#include "src/results/result.h"

#include <fmt/format.h>

#include <algorithm>

#include "src/results/hash.h"

namespace callflow::results {

bool Result::complete() const {
  for (const CaseInput& c : cases) {
    const auto done = std::count_if(
        records.begin(), records.end(),
        [&](const metrics::RunRecord& r) { return r.variant == c.variant && r.complete; });
    if (done < runs) return false;
  }
  return true;
}

std::string resultId(const std::vector<CaseInput>& cases, std::uint64_t seed, int runs,
                     std::string_view version, std::string_view frames) {
  // Each part with its length, so that no two inputs run together into the same bytes.
  std::string bytes;
  const auto add = [&](std::string_view part) {
    bytes += fmt::format("{}:", part.size());
    bytes += part;
  };
  add(version);
  add(std::to_string(seed));
  add(std::to_string(runs));
  for (const CaseInput& c : cases) {
    add(c.variant);
    add(c.resolvedYaml);
  }
  if (!frames.empty()) add(frames);
  return hashHex(bytes).substr(0, 16);
}

std::vector<const metrics::RunRecord*> recordsOf(const Result& result, std::string_view variant) {
  std::vector<const metrics::RunRecord*> found;
  for (const metrics::RunRecord& r : result.records) {
    if (r.variant == variant) found.push_back(&r);
  }
  std::stable_sort(found.begin(), found.end(),
                   [](const auto* a, const auto* b) { return a->replication < b->replication; });
  return found;
}

std::string fileNameOf(std::string_view name) {
  constexpr std::size_t kLongest =
      120;  // of the 255 bytes that file systems allow, with room to spare
  const auto plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-';
  };
  std::string text;
  for (const char c : name) {
    if (plain(c) && !(c == '.' && text.empty())) {
      text += c;
    } else {
      text += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  if (text.empty()) return "%";
  if (text.size() > kLongest)
    text = text.substr(0, kLongest - 17) + '%' + hashHex(name).substr(0, 16);
  return text;
}

}  // namespace callflow::results
