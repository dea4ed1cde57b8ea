#include "src/units/units.h"

#include <array>
#include <cctype>
#include <span>

#include "src/units/quoted.h"

namespace callflow {
namespace {

using Wide = Int128;  // 19 digits times the largest scale (an hour in ns) needs 105 bits

struct Unit {
  const char* name;
  std::int64_t scale;  // stored steps per unit
};

// A unit that people write for one of ours: `name` means `means`.
struct Habit {
  const char* name;
  const char* means;
};

struct Quantity {
  const char* what;             // "a time"; the article is cut where it does not fit
  std::span<const Unit> units;  // in the order in which messages list them
  std::span<const Habit> habits;
  const char* usual;    // the unit that advice offers when none was written
  const char* largest;  // as text, for the overflow message
};

constexpr std::array kTimeUnits{Unit{"ns", 1},
                                Unit{"us", 1'000},
                                Unit{"ms", 1'000'000},
                                Unit{"s", 1'000'000'000},
                                Unit{"min", 60'000'000'000},
                                Unit{"h", 3'600'000'000'000}};
constexpr std::array kSizeUnits{Unit{"B", 1},          Unit{"kB", 1'000},
                                Unit{"MB", 1'000'000}, Unit{"GB", 1'000'000'000},
                                Unit{"KiB", 1'024},    Unit{"MiB", 1'048'576}};
constexpr std::array kRateUnits{Unit{"bit/s", 1}, Unit{"kbit/s", 1'000}, Unit{"Mbit/s", 1'000'000},
                                Unit{"Gbit/s", 1'000'000'000}};
constexpr std::array kRatioUnits{Unit{"%", 10'000'000}, Unit{"ratio", 1'000'000'000}};

constexpr std::array kTimeHabits{
    Habit{"sec", "s"},           Habit{"secs", "s"},      Habit{"second", "s"},
    Habit{"seconds", "s"},       Habit{"msec", "ms"},     Habit{"millisecond", "ms"},
    Habit{"milliseconds", "ms"}, Habit{"usec", "us"},     Habit{"\xC2\xB5s", "us"},
    Habit{"\xCE\xBCs", "us"},    Habit{"m", "min"},       Habit{"mins", "min"},
    Habit{"minute", "min"},      Habit{"minutes", "min"}, Habit{"hr", "h"},
    Habit{"hour", "h"},          Habit{"hours", "h"}};
constexpr std::array kSizeHabits{Habit{"byte", "B"}, Habit{"bytes", "B"}, Habit{"k", "kB"},
                                 Habit{"Ki", "KiB"}, Habit{"M", "MB"},    Habit{"Mi", "MiB"},
                                 Habit{"G", "GB"}};
constexpr std::array kRateHabits{
    Habit{"bps", "bit/s"},   Habit{"b/s", "bit/s"},   Habit{"kbps", "kbit/s"},
    Habit{"kb/s", "kbit/s"}, Habit{"kbit", "kbit/s"}, Habit{"k", "kbit/s"},
    Habit{"mbps", "Mbit/s"}, Habit{"Mb/s", "Mbit/s"}, Habit{"mbit", "Mbit/s"},
    Habit{"M", "Mbit/s"},    Habit{"gbps", "Gbit/s"}, Habit{"Gb/s", "Gbit/s"},
    Habit{"gbit", "Gbit/s"}, Habit{"G", "Gbit/s"}};
constexpr std::array kRatioHabits{Habit{"percent", "%"}, Habit{"pct", "%"}};

// A unit that people write and that is so many of one of ours, because ours end before it.
struct Multiple {
  const char* name;
  const char* of;
  std::int64_t times;
};
constexpr std::array kMultiples{Multiple{"GiB", "MiB", 1'024}, Multiple{"Gi", "MiB", 1'024},
                                Multiple{"TiB", "MiB", 1'048'576}, Multiple{"TB", "GB", 1'000},
                                Multiple{"Tbit/s", "Gbit/s", 1'000}};

constexpr Quantity kTime{"a time", kTimeUnits, kTimeHabits, "ms", "2562047 h"};
constexpr Quantity kSize{"a size", kSizeUnits, kSizeHabits, "B", "9223372036 GB"};
constexpr Quantity kRate{"a rate", kRateUnits, kRateHabits, "Mbit/s", "9223372036 Gbit/s"};
constexpr Quantity kRatio{"a share", kRatioUnits, kRatioHabits, "%", "9223372036 ratio"};

std::string unitList(const Quantity& q) {
  std::string out = "(units: ";
  for (const Unit& unit : q.units) {
    if (out.back() != ' ') out += ", ";
    out += unit.name;
  }
  return out + ")";
}

std::string withUnit(std::string_view number, std::string_view unit) {
  std::string out{number};
  if (unit != "%") out += ' ';
  return out.append(unit);
}

bool isDigit(char c) {
  return c >= '0' && c <= '9';
}

bool sameIgnoringCase(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (std::tolower(static_cast<unsigned char>(a[i])) !=
        std::tolower(static_cast<unsigned char>(b[i]))) {
      return false;
    }
  }
  return true;
}

// Which of our units `written` stands for; exact habits before habits in another case, because "M"
// and "m" differ.
std::string_view meantUnit(const Quantity& q, std::string_view written) {
  for (const Habit& habit : q.habits) {
    if (written == habit.name) return habit.means;
  }
  for (const Unit& unit : q.units) {
    if (sameIgnoringCase(written, unit.name)) return unit.name;
  }
  for (const Habit& habit : q.habits) {
    if (sameIgnoringCase(written, habit.name)) return habit.means;
  }
  return {};
}

// The unit of which eight make one of the bytes that `written` counts ("kB/s"): a capital B is a
// byte to everybody. Empty if it counts none.
std::string_view bitsFor(std::string_view written) {
  for (const std::string_view end : {"B/s", "Bps", "Byte/s", "byte/s"}) {
    if (!written.ends_with(end)) continue;
    const std::string_view prefix = written.substr(0, written.size() - end.size());
    if (prefix.empty()) return "bit/s";
    if (prefix == "k" || prefix == "K") return "kbit/s";
    if (prefix == "M") return "Mbit/s";
    if (prefix == "G") return "Gbit/s";
  }
  return {};
}

// The number's parts as digits only; `rest` is what follows it.
struct Number {
  std::string_view text;
  std::string_view whole;
  std::string_view fraction;  // without trailing zeros
  std::string_view rest;
};

Number splitNumber(std::string_view text) {
  Number n;
  std::size_t end = 0;
  while (end < text.size() && isDigit(text[end])) ++end;
  n.whole = text.substr(0, end);
  if (!n.whole.empty() && end + 1 < text.size() && text[end] == '.' && isDigit(text[end + 1])) {
    const std::size_t start = ++end;
    while (end < text.size() && isDigit(text[end])) ++end;
    n.fraction = text.substr(start, end - start);
  }
  n.text = text.substr(0, end);
  while (!n.fraction.empty() && n.fraction.back() == '0') n.fraction.remove_suffix(1);
  n.rest = text.substr(end);
  return n;
}

Wide toWide(std::string_view digits) {
  Wide value = 0;
  for (const char c : digits) value = value * 10 + (c - '0');
  return value;
}

// A hundredth of the number as decimal text ("5" -> "0.05"): the share that a bare number of
// percent stands for. Empty if the number is too long to be meant so.
std::string hundredth(const Number& n) {
  if (n.whole.size() > 3 || n.fraction.size() > 7) return {};
  std::string digits{n.whole};
  if (digits.size() < 3) digits.insert(0, 3 - digits.size(), '0');
  std::string out = digits.substr(0, digits.size() - 2) + "." + digits.substr(digits.size() - 2);
  out.append(n.fraction);
  while (out.back() == '0') out.pop_back();
  if (out.back() == '.') out.pop_back();
  return out;
}

// A number below 1 times a hundred ("0.05" -> "5"): the percent that it stands for as a share.
// Empty if it is not one, or too long to be meant so.
std::string hundredfold(const Number& n) {
  if (n.whole != "0" || n.fraction.empty() || n.fraction.size() > 7) return {};
  std::string digits{n.fraction};
  if (digits.size() < 2) digits.resize(2, '0');
  std::string out = digits.substr(0, 2);
  while (out.size() > 1 && out.front() == '0') out.erase(0, 1);
  if (digits.size() > 2) out += "." + digits.substr(2);
  return out;
}

struct Steps {
  std::optional<std::int64_t> value;
  std::string problem;
};

// `print` renders a stored value, for the advice when precision would be lost.
Steps parseSteps(std::string_view text, const Quantity& q, std::string (*print)(std::int64_t)) {
  const auto fail = [&](const std::string& what, const std::string& advice) {
    return Steps{std::nullopt, what + "; write " + advice + " " + unitList(q)};
  };
  const std::string example = quoted(withUnit("20", q.usual));
  if (text.empty()) return fail("is empty", example);
  if (text.front() == '-' && text.size() > 1 && isDigit(text[1])) {
    return fail(quoted(text) + " is negative", "0 or more with a unit, such as " + example);
  }
  const Number n = splitNumber(text);
  if (n.whole.empty()) {
    return fail(quoted(text) + " is not " + q.what, "a number and a unit, such as " + example);
  }
  if (n.whole.size() > 1 && n.whole.front() == '0') {
    std::string_view bare = n.text;
    while (bare.size() > 1 && bare[0] == '0' && isDigit(bare[1])) bare.remove_prefix(1);
    return fail(quoted(text) + " starts with a zero", quoted(std::string{bare}.append(n.rest)));
  }
  std::string_view unitName = n.rest;
  if (!unitName.empty() && unitName.front() == ' ') unitName.remove_prefix(1);
  if (unitName.empty()) {
    std::string advice = quoted(withUnit(n.text, q.usual));
    if (&q == &kRatio) {
      const std::string asRatio = hundredth(n);
      // Below 1 a share may be meant as well as a percentage: both are offered.
      const std::string asPercent = hundredfold(n);
      if (!asPercent.empty())
        advice += ", or " + quoted(asPercent + "%") + " (the same as " +
                  quoted(std::string(n.text) + " ratio") + ")";
      else if (!asRatio.empty())
        advice += " or " + quoted(asRatio + " ratio");
    }
    // Lines have Mbit/s, codecs kbit/s.
    if (&q == &kRate) advice = quoted(withUnit(n.text, "kbit/s")) + " or " + advice;
    return fail(quoted(text) + " has no unit", advice);
  }
  const Unit* unit = nullptr;
  for (const Unit& candidate : q.units) {
    if (unitName == candidate.name) unit = &candidate;
  }
  if (unit == nullptr) {
    if ((unitName.front() == 'e' || unitName.front() == 'E') && unitName.size() > 1 &&
        (isDigit(unitName[1]) || unitName[1] == '-' || unitName[1] == '+')) {
      return fail(quoted(text) + " has an exponent", "all digits, such as " + example);
    }
    if (n.text == "0" && (unitName.front() == 'x' || unitName.front() == 'X')) {
      return fail(quoted(text) + " is hexadecimal", "a decimal number, such as " + example);
    }
    if (unitName.front() == '.' || unitName.front() == ',') {
      return fail(quoted(text) + " is not " + q.what,
                  "decimals behind one point, such as " + quoted(withUnit("1.5", q.usual)));
    }
    if (const std::string_view bits = &q == &kRate ? bitsFor(unitName) : ""; !bits.empty()) {
      const Steps eighth = parseSteps(withUnit(n.text, bits), q, print);
      const bool fits =
          eighth.value && *eighth.value <= std::numeric_limits<std::int64_t>::max() / 8;
      return fail(
          quoted(unitName) + " counts bytes, and rates are in bits",
          fits ? quoted(print(*eighth.value * 8)) : "a number and a unit, such as " + example);
    }
    for (const Multiple& multiple : kMultiples) {
      if (unitName != multiple.name) continue;
      const Steps part = parseSteps(withUnit(n.text, multiple.of), q, print);
      if (part.value && *part.value <= std::numeric_limits<std::int64_t>::max() / multiple.times)
        return fail(quoted(unitName) + " is not a unit of " + (q.what + 2),
                    quoted(print(*part.value * multiple.times)));
    }
    const std::string_view meant = meantUnit(q, unitName);
    return fail(quoted(unitName) + " is not a unit of " + (q.what + 2),
                meant.empty() ? "a number and a unit, such as " + example
                              : quoted(withUnit(n.text, meant)));
  }
  constexpr Wide kLimit = std::numeric_limits<std::int64_t>::max();
  const auto tooLarge = [&] {
    return fail(quoted(text) + " is too large", "at most " + quoted(q.largest));
  };
  if (n.whole.size() > 19) return tooLarge();
  const Wide whole = toWide(n.whole) * unit->scale;
  // With more than 18 decimals no scale above makes a whole number of steps (2^13 and 5^12 at
  // most).
  const std::string_view kept = n.fraction.substr(0, 18);
  Wide parts = toWide(kept) * unit->scale;
  Wide divisor = 1;
  for (std::size_t i = 0; i < kept.size(); ++i) divisor *= 10;
  const bool exact = kept.size() == n.fraction.size() && parts % divisor == 0;
  if (whole + parts / divisor >= kLimit) return tooLarge();
  if (!exact) {
    Wide nearest = whole + (parts + divisor / 2) / divisor;
    if (nearest == 0) nearest = 1;
    return fail(quoted(text) + " is finer than callflow's step of " + quoted(print(1)),
                quoted(print(static_cast<std::int64_t>(nearest))));
  }
  return Steps{static_cast<std::int64_t>(whole + parts / divisor), {}};
}

// value / scale as an exact decimal number; all scales are 10^n here but the binary size units.
std::optional<std::string> decimal(std::int64_t value, std::int64_t scale) {
  const bool negative = value < 0;
  const std::uint64_t magnitude =
      negative ? ~static_cast<std::uint64_t>(value) + 1 : static_cast<std::uint64_t>(value);
  const auto step = static_cast<std::uint64_t>(scale);
  std::string out = negative ? "-" : "";
  out += std::to_string(magnitude / step);
  std::uint64_t rest = magnitude % step;
  if (rest != 0) out += '.';
  for (int digits = 0; rest != 0; ++digits) {
    if (digits == 12) return std::nullopt;
    rest *= 10;
    out += static_cast<char>('0' + rest / step);
    rest %= step;
  }
  return out;
}

// In the largest unit that keeps the number at least 1.
std::string inLargestUnit(std::int64_t value, std::span<const Unit> units) {
  const Unit* best = &units.front();
  for (const Unit& unit : units) {
    if (value >= unit.scale || value <= -unit.scale) best = &unit;
  }
  return decimal(value, best->scale).value_or(std::to_string(value)) + " " + best->name;
}

std::string printTime(std::int64_t ns) {
  if (ns == 0) return "0 s";
  return inLargestUnit(ns, std::span{kTimeUnits}.first(4));
}

std::string printSize(std::int64_t bytes) {
  std::string best = std::to_string(bytes) + " B";
  for (const Unit& unit : std::span{kSizeUnits}.subspan(1)) {
    if (bytes < unit.scale && bytes > -unit.scale) continue;
    const std::optional<std::string> number = decimal(bytes, unit.scale);
    if (!number) continue;
    const std::string text = *number + " " + unit.name;
    if (text.size() < best.size()) best = text;
  }
  return best;
}

std::string printRate(std::int64_t bps) {
  if (DataRate::bitsPerSecond(bps).isUnlimited()) return "unlimited";
  return inLargestUnit(bps, kRateUnits);
}

std::string printRatio(std::int64_t ppb) {
  return *decimal(ppb, 10'000'000) + "%";
}

std::vector<std::string> namesOf(std::span<const Unit> units) {
  std::vector<std::string> out;
  for (const Unit& unit : units) out.emplace_back(unit.name);
  return out;
}

template <class T>
Parsed<T> finish(Steps steps, T (*make)(std::int64_t)) {
  Parsed<T> out;
  if (steps.value) out.value = make(*steps.value);
  out.problem = std::move(steps.problem);
  return out;
}

}  // namespace

Parsed<Duration> parseDuration(std::string_view text) {
  return finish(parseSteps(text, kTime, printTime), &Duration::ns);
}

Parsed<DataSize> parseDataSize(std::string_view text) {
  return finish(parseSteps(text, kSize, printSize), &DataSize::bytes);
}

Parsed<DataRate> parseDataRate(std::string_view text) {
  if (text == "unlimited") return {DataRate::unlimited(), {}};
  return finish(parseSteps(text, kRate, printRate), &DataRate::bitsPerSecond);
}

Parsed<Ratio> parseRatio(std::string_view text) {
  return finish(parseSteps(text, kRatio, printRatio), &Ratio::ppb);
}

std::vector<std::string> durationUnits() {
  return namesOf(kTimeUnits);
}
std::vector<std::string> dataSizeUnits() {
  return namesOf(kSizeUnits);
}
std::vector<std::string> dataRateUnits() {
  return namesOf(kRateUnits);
}
std::vector<std::string> ratioUnits() {
  return namesOf(kRatioUnits);
}

std::string toText(Duration value) {
  return printTime(value.count());
}
std::string toText(TimePoint value) {
  return printTime(value.count());
}
std::string toText(DataSize value) {
  return printSize(value.count());
}
std::string toText(DataRate value) {
  return printRate(value.count());
}
std::string toText(Ratio value) {
  return printRatio(value.count());
}

}  // namespace callflow
