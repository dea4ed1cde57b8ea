// Lets Catch2 print quantities in failed checks.
#pragma once

#include <catch2/catch.hpp>

#include <string>

#include "src/units/units.h"

namespace Catch {
template <>
struct StringMaker<callflow::Duration> {
  static std::string convert(callflow::Duration value) { return callflow::toText(value); }
};
template <>
struct StringMaker<callflow::TimePoint> {
  static std::string convert(callflow::TimePoint value) { return callflow::toText(value); }
};
}  // namespace Catch
