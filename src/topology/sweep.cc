#include "src/topology/sweep.h"

#include <algorithm>
#include <map>
#include <set>

namespace callflow::topology {
namespace {

// More is a slip of the keyboard: a day of computing for most scenarios.
constexpr std::size_t kMostCells = 1000;

// Every fault of one axis; its labels if there is none.
std::vector<std::string> labelsOf(const std::string& name, const Axis& axis,
                                  Diagnostics& diagnostics) {
  const std::string path = "sweep." + name;
  if (!axis.pos.file) return {};  // it could not be read, and the table has said so
  const int before = diagnostics.errorCount();
  // Of a key that is missing the table has told already.
  const auto told = [&](const Diagnostic& fault) { return fault.path == path; };
  if (axis.keys.empty() && std::none_of(diagnostics.all().begin(), diagnostics.all().end(), told))
    diagnostics.error(axis.pos, path + ".key", "names no key",
                      "write for example key: sites.hq.uplink.loss.mean");
  if (!axis.values) return {};  // the table says that it is required
  if (!axis.values->isSequence() || axis.values->items().empty()) {
    diagnostics.error(axis.values->isNull() ? axis.pos : axis.values->pos(), path + ".values",
                      axis.values->isSequence() ? "has no values"
                                                : "is " + axis.values->kindName() + ", not a list",
                      "write for example [0%, 1%, 2%]");
    return {};
  }
  const auto& items = axis.values->items();
  if (!axis.labels.empty() && axis.labels.size() != items.size())
    diagnostics.error(axis.pos, path + ".labels",
                      "labels and values differ in number, " + std::to_string(axis.labels.size()) +
                          " and " + std::to_string(items.size()),
                      "write one for each value, or leave labels out");
  if (diagnostics.errorCount() > before) return {};
  std::vector<std::string> labels = axis.labels;
  if (labels.empty())
    for (const config::NodePtr& item : items)
      labels.push_back(item->isScalar() ? item->text() : config::toFlow(*item));
  std::set<std::string> seen;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (seen.insert(labels[i]).second) continue;
    const bool own = !axis.labels.empty();
    diagnostics.error(own ? axis.pos : items[i]->pos(),
                      path + (own ? ".labels[" : ".values[") + std::to_string(i) + "]",
                      "\"" + labels[i] + "\" is there twice",
                      "results could not tell the two cells apart");
  }
  return labels;
}

config::RawMap changeOf(const Axis& axis, std::size_t value) {
  config::RawMap change;
  for (const KeyPath& key : axis.keys)
    if (key.pos.file) change.entries.push_back({key.text, key.pos, axis.values->items()[value]});
  return change;
}

// The first value of each axis that has one.
Cell firstOf(const config::Named<Axis>& sweep) {
  Cell cell;
  for (const auto& [name, axis] : sweep) {
    if (!axis.values || !axis.values->isSequence() || axis.values->items().empty()) continue;
    const config::NodePtr& value = axis.values->items().front();
    cell.at.push_back({name, value->isScalar() ? value->text() : config::toFlow(*value)});
    cell.changes.push_back(changeOf(axis, 0));
    cell.where.push_back("sweep." + name);
  }
  return cell;
}

}  // namespace

std::vector<Cell> cellsOf(const config::Named<Axis>& sweep, Diagnostics& diagnostics) {
  const int before = diagnostics.errorCount();
  std::vector<std::vector<std::string>> labels;
  std::map<std::string, std::string> owners;
  std::size_t count = 1;
  for (const auto& [name, axis] : sweep) {
    labels.push_back(labelsOf(name, axis, diagnostics));
    for (const KeyPath& key : axis.keys) {
      if (!key.pos.file) continue;  // it could not be read, and the table has said so
      const auto [at, fresh] = owners.emplace(key.text, name);
      if (!fresh)
        diagnostics.error(key.pos, "sweep." + name + ".key",
                          "\"" + key.text + "\" is changed by axis \"" + at->second + "\" already",
                          "of two changes only one can have an effect");
    }
    const std::size_t more = count * std::max<std::size_t>(labels.back().size(), 1);
    if (count <= kMostCells && more > kMostCells)
      diagnostics.error(axis.pos, "sweep",
                        "spans more than " + std::to_string(kMostCells) + " cells",
                        "leave out values, or write several scenarios");
    count = std::min(more, kMostCells + 1);
  }
  const bool unread = std::any_of(sweep.begin(), sweep.end(), [](const auto& named) {
    return !named.second.values || !named.second.pos.file;
  });
  if (unread || diagnostics.errorCount() > before) return {firstOf(sweep)};

  std::vector<Cell> cells(1);
  for (std::size_t a = 0; a < sweep.size(); ++a) {
    const auto& [name, axis] = sweep[a];
    std::vector<Cell> next;
    for (const Cell& cell : cells) {
      for (std::size_t i = 0; i < labels[a].size(); ++i) {
        Cell more = cell;
        more.at.push_back({name, labels[a][i]});
        more.changes.push_back(changeOf(axis, i));
        more.where.push_back("sweep." + name);
        next.push_back(std::move(more));
      }
    }
    cells = std::move(next);
  }
  return cells;
}

std::string caseName(const std::string& base, bool declared, const std::vector<AxisValue>& cell) {
  std::string name = declared || cell.empty() ? base : "";
  for (const AxisValue& step : cell)
    name += (name.empty() ? "" : ", ") + step.axis + " " + step.value;
  return name;
}

}  // namespace callflow::topology
