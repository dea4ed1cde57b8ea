#include "src/check/report.h"

#include <algorithm>
#include <tuple>

#include "src/check/rules.h"
#include "src/check/ways.h"

namespace callflow::check {
namespace {

std::vector<Finding> findAll(const Context& context) {
  std::vector<Finding> all;
  for (const Rule& rule : rules()) {
    for (Finding& finding : rule.find(context)) {
      finding.rule = rule.id;
      if (finding.document.empty()) finding.document = rule.document;
      all.push_back(std::move(finding));
    }
  }
  return all;
}

std::string_view fileOf(const Finding& finding) {
  return finding.pos.file ? std::string_view(*finding.pos.file) : std::string_view();
}

bool isSame(const Finding& a, const Finding& b) {
  const auto key = [](const Finding& one) {
    return std::tuple(one.severity, one.rule, fileOf(one), one.pos.line, one.pos.column,
                      std::tie(one.subject, one.problem, one.effect, one.advice));
  };
  return key(a) == key(b);
}

// In cells of one variant only figures differ.
bool isSameButForFigures(const Finding& a, const Finding& b) {
  return a.rule == b.rule && fileOf(a) == fileOf(b) && a.pos.line == b.pos.line &&
         a.pos.column == b.pos.column && a.subject == b.subject && a.severity == b.severity;
}

// Behind the rows of the same line.
void addLoads(std::vector<LoadRow>& rows, const std::vector<LinkLoad>& loads,
              const std::string& variant) {
  for (const LinkLoad& load : loads) {
    const auto same = std::find_if(rows.begin(), rows.end(),
                                   [&](const LoadRow& each) { return each.load == load; });
    if (same != rows.end()) {
      addOnce(same->variants, variant);
      continue;
    }
    const auto last = std::find_if(rows.rbegin(), rows.rend(), [&](const LoadRow& each) {
      return each.load.name == load.name;
    });
    rows.insert(last == rows.rend() ? rows.end() : last.base(), {load, {variant}});
  }
}

}  // namespace

std::size_t Report::count(Severity severity) const {
  return static_cast<std::size_t>(
      std::count_if(findings.begin(), findings.end(),
                    [&](const Finding& each) { return each.severity == severity; }));
}

Report checkCases(const std::string& file, const std::vector<topology::Case>& cases, Ratio share,
                  const PathsOf& pathsOf) {
  Report report{.file = file, .findings = {}, .lines = {}, .variants = 0, .share = share};
  std::vector<std::string> variants;
  for (const topology::Case& one : cases) addOnce(variants, one.base);
  report.variants = variants.size();
  std::vector<std::string> seen;
  for (const topology::Case& one : cases) {
    const Context context(one, share, pathsOf);
    for (Finding& finding : findAll(context)) {
      const auto holds = [&](const Finding& each) {
        const auto& in = each.variants;
        return std::find(in.begin(), in.end(), one.base) != in.end();
      };
      auto same =
          std::find_if(report.findings.begin(), report.findings.end(), [&](const auto& each) {
            return isSame(each, finding) ||
                   (!one.cell.empty() && holds(each) && isSameButForFigures(each, finding));
          });
      if (same == report.findings.end()) same = report.findings.insert(same, std::move(finding));
      addOnce(same->variants, one.base);
    }
    const bool shown = std::find(seen.begin(), seen.end(), one.base) != seen.end();
    addOnce(seen, one.base);
    if (!shown) addLoads(report.lines, linkLoads(context), one.base);
  }
  for (Finding& finding : report.findings)
    if (finding.variants.size() == variants.size()) finding.variants.clear();
  for (LoadRow& row : report.lines)
    if (row.variants.size() == variants.size()) row.variants.clear();
  std::stable_sort(report.findings.begin(), report.findings.end(),
                   [](const Finding& a, const Finding& b) {
                     return std::tuple(a.severity, fileOf(a), a.pos.line, a.pos.column) <
                            std::tuple(b.severity, fileOf(b), b.pos.line, b.pos.column);
                   });
  return report;
}

}  // namespace callflow::check
