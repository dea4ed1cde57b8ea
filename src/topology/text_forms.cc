#include "src/topology/text_forms.h"

#include "src/units/quoted.h"

namespace callflow::config {
const ScalarInfo& Scalar<topology::Participant>::info() {
  static const ScalarInfo kInfo{.name = "participant",
                                .example = "alice@hq",
                                .pattern = "^" + namePattern() + "@" + namePattern() + "$"};
  return kInfo;
}

Parsed<topology::Participant> Scalar<topology::Participant>::parse(std::string_view text) {
  const auto at = text.find('@');
  if (at == std::string_view::npos)
    return {std::nullopt, quoted(text) + " does not say where; write name@site, such as alice@hq"};
  topology::Participant who;
  who.name = std::string(text.substr(0, at));
  who.site = std::string(text.substr(at + 1));
  for (const std::string& part : {who.name, who.site}) {
    const std::string problem = nameProblem(part);
    if (!problem.empty())
      return {std::nullopt, quoted(text) + " is not name@site; write for example alice@hq"};
  }
  return {who, {}};
}

std::string Scalar<topology::Participant>::print(const topology::Participant& value) {
  return value.name + "@" + value.site;
}

}  // namespace callflow::config
