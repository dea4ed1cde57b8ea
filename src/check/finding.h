// What a rule finds of a network, where it stands, what it breaks and what to write instead.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "src/diag/diag.h"

namespace callflow::check {

enum class Severity : std::uint8_t {
  error,    // a document requires otherwise, or says that it is not supported
  warning,  // a document advises against it, or it costs quality or calls in some case
  info      // worth knowing before the network is judged
};

constexpr std::string_view name(Severity severity) {
  switch (severity) {
    case Severity::error:
      return "error";
    case Severity::warning:
      return "warning";
    case Severity::info:
      break;
  }
  return "info";
}

struct Finding {
  Severity severity = Severity::error;
  std::string_view rule = {};  // Rule::id
  SourcePos pos = {};          // of the cause
  std::string subject = {};    // what stands there: a device, a site, a call, a link
  std::string problem = {};
  std::string effect = {};         // what breaks
  std::string advice = {};         // what to write instead
  std::string_view document = {};  // the title of the one that says so
  // In which variants; none: in all of them.
  std::vector<std::string> variants = {};
};

}  // namespace callflow::check
