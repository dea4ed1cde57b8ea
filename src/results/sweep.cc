#include "src/results/sweep.h"

#include <algorithm>

namespace callflow::results {

std::vector<SweepAxis> axesOf(const Result& result) {
  std::vector<SweepAxis> axes;
  for (const CaseInput& c : result.cases) {
    for (std::size_t i = 0; i < c.cell.size(); ++i) {
      if (i == axes.size()) axes.push_back({c.cell[i].axis, {}});
      auto& values = axes[i].values;
      if (std::find(values.begin(), values.end(), c.cell[i].value) == values.end())
        values.push_back(c.cell[i].value);
    }
  }
  return axes;
}

std::vector<std::string> basesOf(const Result& result) {
  std::vector<std::string> bases;
  for (const CaseInput& c : result.cases) {
    const std::string& base = c.cell.empty() ? c.variant : c.base;
    if (std::find(bases.begin(), bases.end(), base) == bases.end()) bases.push_back(base);
  }
  return bases;
}

const CaseInput* caseAt(const Result& result, std::string_view base, const CaseInput::Cell& cell) {
  for (const CaseInput& c : result.cases)
    if (c.base == base && c.cell == cell) return &c;
  return nullptr;
}

CaseInput::Cell closeUpCell(const std::vector<SweepAxis>& axes) {
  CaseInput::Cell cell;
  for (const SweepAxis& axis : axes)
    cell.push_back({axis.name, axis.values[axis.values.size() / 2]});
  return cell;
}

Result resultIn(const Result& result, const CaseInput::Cell& cell) {
  if (cell.empty()) return result;
  Result inside;
  inside.scenario = result.scenario;
  inside.title = cellText(cell) + "; " + (result.title.empty() ? result.scenario : result.title);
  inside.version = result.version;
  inside.seed = result.seed;
  inside.runs = result.runs;
  inside.inputs = result.inputs;
  for (const CaseInput& c : result.cases) {
    if (c.cell != cell) continue;
    inside.cases.push_back({c.base, c.resolvedYaml});
    for (const metrics::RunRecord* run : recordsOf(result, c.variant)) {
      inside.records.push_back(*run);
      inside.records.back().variant = c.base;
    }
  }
  return inside;
}

std::string cellText(const CaseInput::Cell& cell) {
  std::string text;
  for (const auto& step : cell) text += (text.empty() ? "" : ", ") + step.axis + " " + step.value;
  return text;
}

}  // namespace callflow::results
