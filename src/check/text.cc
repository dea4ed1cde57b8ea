#include <algorithm>
#include <array>

#include "src/check/rules.h"
#include "src/check/ways.h"
#include "src/check/writers.h"

namespace callflow::check {
namespace {

std::string placeOf(const Report& report, const SourcePos& pos) {
  const std::string file = pos.file ? *pos.file : report.file;
  if (pos.line == 0) return file;
  return file + ":" + std::to_string(pos.line) + ":" + std::to_string(pos.column);
}

std::string variantsText(const std::vector<std::string>& variants) {
  return (variants.size() == 1 ? "variant " : "variants ") + listed(variants);
}

std::string counted(std::size_t count, const std::string& noun) {
  return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
}

std::string findingText(const Report& report, const Finding& finding) {
  std::string text = placeOf(report, finding.pos) + ": " + std::string(name(finding.severity)) +
                     ": " + finding.problem + " [" + std::string(finding.rule) + "]\n";
  text += "    breaks: " + finding.effect + "\n";
  text += "    write:  " + finding.advice + "\n";
  text += "    source: " + std::string(finding.document) + "\n";
  if (!finding.variants.empty()) text += "    in:     " + variantsText(finding.variants) + "\n";
  return text;
}

using Row = std::array<std::string, 6>;

std::string tableText(const std::vector<Row>& rows) {
  std::array<std::size_t, std::tuple_size_v<Row>> widths{};
  for (const Row& row : rows)
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  std::string text;
  for (const Row& row : rows) {
    std::string line = "  " + row[0] + std::string(widths[0] - row[0].size(), ' ');
    for (std::size_t i = 1; i < row.size(); ++i)
      line +=
          "  " + (i + 1 == row.size() ? "" : std::string(widths[i] - row[i].size(), ' ')) + row[i];
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  }
  return text;
}

// Lines of single participants only where they are too narrow.
bool isShown(const LinkLoad& load) {
  return load.isNarrow() || load.name.find(".access:") == std::string::npos;
}

std::string loadsText(const Report& report) {
  std::vector<Row> rows{{"LINE", "STREAMS", "NEEDED", "ALLOWED", "CAPACITY", ""}};
  for (const auto& [load, variants] : report.lines) {
    if (!isShown(load)) continue;
    const std::string where = variants.empty() ? "" : "in " + listed(variants, 2);
    const std::string verdict = load.isNarrow() ? "narrow" : "";
    rows.push_back({load.name, std::to_string(load.streams), toText(load.needed),
                    toText(load.allowed), toText(load.capacity),
                    verdict + (verdict.empty() || where.empty() ? "" : ", ") + where});
  }
  if (rows.size() == 1) return {};
  return "\naudio streams at once, at 40 kbit/s each, against " + toText(report.share) +
         " of each line\n" + tableText(rows);
}

}  // namespace

std::string toText(const Report& report) {
  std::string text;
  for (const Finding& finding : report.findings) text += findingText(report, finding);
  text += loadsText(report);
  text += (text.empty() ? "" : "\n") + report.file + ": " +
          counted(report.count(Severity::error), "error") + ", " +
          counted(report.count(Severity::warning), "warning") + ", " +
          counted(report.count(Severity::info), "note") + "\n";
  return text;
}

}  // namespace callflow::check
