#include "src/topology/scenario_warnings.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

#include "src/config/load.h"
#include "src/config/path.h"
#include "src/units/quoted.h"

namespace callflow::topology {
namespace {

using config::NodePtr;

}  // namespace

void warnOfReset(const NodePtr& tree, const config::Node::Entry& change, const std::string& path,
                 Diagnostics& diagnostics) {
  const NodePtr before = config::valueAt(tree, change.key);
  if (!before || !before->isMap() || !change.value->isMap()) return;
  const NodePtr kind = before->get("kind");
  const NodePtr newKind = change.value->get("kind");
  if (kind && newKind && kind->text() != newKind->text()) return;  // another thing altogether
  std::string lost;
  for (const config::Node::Entry& old : before->entries())
    if (change.value->find(old.key) == nullptr) lost += (lost.empty() ? "" : ", ") + old.key;
  if (lost.empty()) return;
  const auto& written = change.value->entries();
  diagnostics.warning(
      change.keyPos, path,
      "replaces the whole map, so that what the file says of " + lost + " is not in force any more",
      written.empty()
          ? "change single keys below it"
          : "change single keys, such as " + quoted(change.key + "." + written.front().key) +
                ", or write the others too");
}

std::string withoutVariants(const std::string& resolved) {
  // Of what config::toYaml() writes, only the keys at the top begin a line.
  std::string result;
  bool kept = true;
  for (std::size_t at = 0; at < resolved.size();) {
    const std::size_t end = std::min(resolved.find('\n', at), resolved.size() - 1) + 1;
    const std::string_view line = std::string_view(resolved).substr(at, end - at);
    if (!line.starts_with(' '))
      kept = !line.starts_with("variants:") && !line.starts_with("expect:");
    if (kept) result += line;
    at = end;
  }
  return result;
}

void warnOfSameVariants(const NodePtr& root, const std::vector<Case>& cases,
                        const std::string& plain, Diagnostics& diagnostics) {
  const NodePtr variants = root->get("variants");
  if (!variants) return;
  std::map<std::string, std::string> first;  // by what a case comes to; empty: the scenario itself
  if (!plain.empty()) first.emplace(plain, "");
  for (const Case& one : cases) {
    const config::Node::Entry* entry = variants->find(one.base);
    if (entry == nullptr || !one.cell.empty() || one.resolvedYaml.empty()) continue;
    const auto [at, fresh] = first.emplace(withoutVariants(one.resolvedYaml), one.base);
    if (fresh) continue;
    const NodePtr change = entry->value->get("change");
    const bool asItStands = !change || change->entries().empty();
    if (at->first == plain && (at->second.empty() || !asItStands)) {
      if (at->second.empty()) at->second = one.base;
      if (asItStands) continue;
      diagnostics.warning(entry->keyPos, "variants." + one.base,
                          "changes nothing: all that it writes is so without it",
                          "write other values, or {} for the scenario as it stands");
    } else {
      diagnostics.warning(entry->keyPos, "variants." + one.base,
                          "comes to the same as variant " + quoted(at->second),
                          "change something else, or leave it out");
    }
  }
}

}  // namespace callflow::topology
