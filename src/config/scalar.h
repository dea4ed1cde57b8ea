// Types that are written as one scalar. To make a type readable, specialise Scalar:
//
//   template <>
//   struct callflow::config::Scalar<Prefix> {
//     static const ScalarInfo& info();                      // name, example, pattern
//     static Parsed<Prefix> parse(std::string_view text);   // a problem is half a sentence
//     static std::string print(const Prefix& value);        // parses back to the same value
//     static void setPos(Prefix& value, const SourcePos&);  // optional: learns where it is written
//   };
//
// A problem reads `"10.1" is not a prefix; write for example 10.1.0.0/16`.
//
// An enum needs its texts only:
//
//   template <>
//   struct callflow::config::EnumNames<Shape> {
//     static constexpr std::pair<Shape, const char*> kValues[] = {
//         {Shape::exponential, "exponential"}, {Shape::uniform, "uniform"}};
//   };
//
// A std::variant of scalars is read as the first alternative that takes the text. Put the
// specialisations in a header that every table using the type includes.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "src/config/value_type.h"
#include "src/units/units.h"

namespace callflow::config {

template <class X>
struct Scalar;

template <class E>
struct EnumNames;

template <>
struct Scalar<Duration> {
  static const ScalarInfo& info();
  static Parsed<Duration> parse(std::string_view text) { return parseDuration(text); }
  static std::string print(Duration value) { return toText(value); }
};
template <>
struct Scalar<DataSize> {
  static const ScalarInfo& info();
  static Parsed<DataSize> parse(std::string_view text) { return parseDataSize(text); }
  static std::string print(DataSize value) { return toText(value); }
};
template <>
struct Scalar<DataRate> {
  static const ScalarInfo& info();
  static Parsed<DataRate> parse(std::string_view text) { return parseDataRate(text); }
  static std::string print(DataRate value) { return toText(value); }
};
// 0% to 100% unless a row says otherwise.
template <>
struct Scalar<Ratio> {
  static const ScalarInfo& info();
  static Parsed<Ratio> parse(std::string_view text) { return parseRatio(text); }
  static std::string print(Ratio value) { return toText(value); }
};
template <>
struct Scalar<bool> {
  static const ScalarInfo& info();
  static Parsed<bool> parse(std::string_view text);
  static std::string print(bool value);
};
// Decimal digits and at most one point; no exponent. Printed with 17 significant digits at most.
template <>
struct Scalar<double> {
  static const ScalarInfo& info();
  static Parsed<double> parse(std::string_view text);
  static std::string print(double value);
};
template <>
struct Scalar<std::string> {
  static const ScalarInfo& info();
  static Parsed<std::string> parse(std::string_view text) { return {std::string{text}, {}}; }
  static std::string print(const std::string& value) { return value; }
};

// Decimal digits with an optional "-"; no sign "+", leading zero, exponent, hexadecimal or octal.
const ScalarInfo& integerInfo();
// Decimal digits, perhaps behind a minus, and no zero in front: what all integers are written as,
// whether a type can hold it or not.
bool isPlainInteger(std::string_view text);
Parsed<std::int64_t> parseInteger(std::string_view text, std::int64_t min, std::int64_t max);
Parsed<std::uint64_t> parseUnsigned(std::string_view text, std::uint64_t max);

template <class I>
requires(std::is_integral_v<I> && !std::is_same_v<I, bool> &&
         !std::is_same_v<I, char>) struct Scalar<I> {
  static const ScalarInfo& info() { return integerInfo(); }
  static Parsed<I> parse(std::string_view text) {
    Parsed<I> out;
    if constexpr (std::is_unsigned_v<I>) {
      auto wide = parseUnsigned(text, std::numeric_limits<I>::max());
      if (wide.value) out.value = static_cast<I>(*wide.value);
      out.problem = std::move(wide.problem);
    } else {
      auto wide = parseInteger(text, std::numeric_limits<I>::min(), std::numeric_limits<I>::max());
      if (wide.value) out.value = static_cast<I>(*wide.value);
      out.problem = std::move(wide.problem);
    }
    return out;
  }
  static std::string print(I value) { return std::to_string(value); }
};

const ScalarInfo& makeEnumInfo(std::vector<std::string> names);  // lives for ever

template <class E>
requires requires {
  EnumNames<E>::kValues;
}
struct Scalar<E> {
  static const ScalarInfo& info() {
    static const ScalarInfo& kInfo = []() -> const ScalarInfo& {
      std::vector<std::string> names;
      for (const auto& [value, name] : EnumNames<E>::kValues) names.emplace_back(name);
      return makeEnumInfo(std::move(names));
    }();
    return kInfo;
  }
  static Parsed<E> parse(std::string_view text) {
    for (const auto& [value, name] : EnumNames<E>::kValues) {
      if (text == name) return {value, {}};
    }
    return {std::nullopt, notOneOf(text, info().choices)};
  }
  static std::string print(E wanted) {
    for (const auto& [value, name] : EnumNames<E>::kValues) {
      if (value == wanted) return name;
    }
    return {};
  }
};

// Each alternative's problem is given, so that a text without a unit gets advice for each.
std::string mergeProblems(const std::vector<std::string>& problems);
const ScalarInfo& makeVariantInfo(const std::vector<const ScalarInfo*>& alternatives);

template <class... Xs>
struct Scalar<std::variant<Xs...>> {
  using Value = std::variant<Xs...>;
  static const ScalarInfo& info() {
    static const ScalarInfo& kInfo = makeVariantInfo({&Scalar<Xs>::info()...});
    return kInfo;
  }
  static Parsed<Value> parse(std::string_view text) {
    Parsed<Value> out;
    std::vector<std::string> problems;
    (tryOne<Xs>(text, out, problems), ...);
    if (!out.value) out.problem = mergeProblems(problems);
    return out;
  }
  static std::string print(const Value& value) {
    return std::visit([](const auto& v) { return Scalar<std::decay_t<decltype(v)>>::print(v); },
                      value);
  }

 private:
  template <class X>
  static void tryOne(std::string_view text, Parsed<Value>& out,
                     std::vector<std::string>& problems) {
    if (out.value) return;
    auto parsed = Scalar<X>::parse(text);
    if (parsed.value) {
      out.value = Value{std::in_place_type<X>, std::move(*parsed.value)};
    } else {
      problems.push_back(std::move(parsed.problem));
    }
  }
};

}  // namespace callflow::config
