#include "src/topology/overrides.h"

#include <algorithm>
#include <memory>
#include <set>

#include "src/config/load.h"
#include "src/units/quoted.h"

namespace callflow::topology {
namespace {

SourcePos placeCalled(const std::string& name) {
  SourcePos pos;
  pos.file = std::make_shared<const std::string>(name);
  return pos;
}

bool isAtOrBelow(const std::string& key, const std::string& above) {
  return key == above || key.starts_with(above + ".") || key.starts_with(above + "[");
}

}  // namespace

config::RawMap readSettings(const Overrides& overrides, Diagnostics& diagnostics) {
  config::RawMap settings;
  for (const Overrides::Setting& setting : overrides.settings) {
    const std::string option = "--set " + setting.key;
    if (config::NodePtr value = config::parseYaml(setting.value, option, diagnostics))
      settings.entries.push_back({setting.key, placeCalled(option), std::move(value)});
  }
  return settings;
}

bool isOfWholeScenario(const std::string& key) {
  const auto own = {"runs", "seed", "warm-up", "drain", "title"};
  return std::find(own.begin(), own.end(), key) != own.end();
}

void refuseOverriddenAxes(const config::RawMap& settings, const Cell& cell,
                          Diagnostics& diagnostics) {
  for (const config::Node::Entry& setting : settings.entries) {
    for (std::size_t axis = 0; axis < cell.at.size(); ++axis) {
      for (const config::Node::Entry& swept : cell.changes[axis].entries) {
        if (!isAtOrBelow(swept.key, setting.key)) continue;
        diagnostics.error(setting.keyPos, "",
                          "holds fast what axis " + quoted(cell.at[axis].axis) + " changes",
                          "leave out one of the two");
      }
    }
  }
}

void keepVariants(const std::vector<std::string>& wanted, const std::string& file,
                  Scenario& scenario, Diagnostics& diagnostics) {
  if (wanted.empty()) return;
  const auto isOf = [](const Case& one, const std::string& name) {
    return one.base == name || one.variant == name;
  };
  std::vector<std::string> names;
  for (const Case& one : scenario.cases)
    if (names.empty() || names.back() != one.base) names.push_back(one.base);
  for (const std::string& name : wanted) {
    if (std::any_of(scenario.cases.begin(), scenario.cases.end(),
                    [&](const Case& one) { return isOf(one, name); }))
      continue;
    const std::string near = nearestName(name, names);
    std::string list;
    for (const std::string& known : names) list += (list.empty() ? "" : ", ") + known;
    diagnostics.error(placeCalled(file), "", "has no variant " + quoted(name),
                      near.empty() ? "it has " + list : "did you mean " + quoted(near) + "?");
  }
  std::set<std::string> gone;
  std::set<std::string> kept;
  for (const Case& one : scenario.cases) {
    const bool keep = std::any_of(wanted.begin(), wanted.end(),
                                  [&](const std::string& name) { return isOf(one, name); });
    (keep ? kept : gone).insert({one.base, one.variant});
  }
  std::erase_if(scenario.cases, [&](const Case& one) { return kept.count(one.variant) == 0; });
  std::erase_if(scenario.expect, [&](const Expectation& one) {
    return gone.count(one.variant) != 0 && kept.count(one.variant) == 0;
  });
}

}  // namespace callflow::topology
