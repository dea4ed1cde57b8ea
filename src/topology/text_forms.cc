#include "src/topology/text_forms.h"

#include <string>

#include "src/units/quoted.h"

namespace callflow::config {
const ScalarInfo& Scalar<topology::Participant>::info() {
  static const ScalarInfo kInfo{.name = "participant",
                                .example = "alice@hq",
                                .pattern = "^" + namePattern() + "@" + namePattern() + "([+]" +
                                           namePattern() + ")?( x [1-9][0-9]{0,2})?$"};
  return kInfo;
}

Parsed<topology::Participant> Scalar<topology::Participant>::parse(std::string_view text) {
  const auto at = text.find('@');
  if (at == std::string_view::npos)
    return {std::nullopt, quoted(text) + " does not say where; write name@site, such as alice@hq"};
  topology::Participant who;
  who.name = std::string(text.substr(0, at));
  std::string_view site = text.substr(at + 1);
  if (const auto times = site.find(" x "); times != std::string_view::npos) {
    const std::string_view count = site.substr(times + 3);
    const bool number = !count.empty() && count.size() <= 3 && count.front() != '0' &&
                        count.find_first_not_of("0123456789") == std::string_view::npos;
    if (!number)
      return {
          std::nullopt,
          quoted(text) + " does not say how many; write for example member@home x 30, up to 999"};
    who.count = std::stoi(std::string(count));
    site = site.substr(0, times);
  }
  const auto plus = site.find('+');
  who.site = std::string(site.substr(0, plus));
  if (plus != std::string_view::npos) {
    who.second = std::string(site.substr(plus + 1));
    if (who.second.find('+') != std::string::npos)
      return {std::nullopt,
              quoted(text) + " names more than two sites; write two, such as alice@home+phone"};
    if (!nameProblem(who.second).empty())
      return {std::nullopt,
              quoted(text) + " is not name@site+site; write for example alice@home+phone"};
  }
  for (const std::string& part : {who.name, who.site}) {
    const std::string problem = nameProblem(part);
    if (!problem.empty())
      return {std::nullopt, quoted(text) + " is not name@site; write for example alice@hq"};
  }
  return {who, {}};
}

std::string Scalar<topology::Participant>::print(const topology::Participant& value) {
  return value.name + "@" + value.site + (value.second.empty() ? "" : "+" + value.second) +
         (value.count > 1 ? " x " + std::to_string(value.count) : "");
}

}  // namespace callflow::config
