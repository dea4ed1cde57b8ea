#include "src/topology/expectations.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "src/metrics/expectation.h"
#include "src/metrics/pooled.h"
#include "src/units/quoted.h"

namespace callflow::topology {
namespace {

using Kind = metrics::Expectation::Kind;

bool isOf(const Case& one, const std::string& variant) {
  return variant.empty() || one.variant == variant || one.base == variant;
}

bool isIn(const Call& call, const std::string& name) {
  return std::any_of(call.participants.begin(), call.participants.end(), [&](const Participant& p) {
    return p.name == name || p.name + "@" + p.site == name;
  });
}

// Does the promise speak of this call, or of somebody in it?
bool speaksOf(const metrics::Expectation& e, const Call& call) {
  if (e.kind == Kind::connects || e.kind == Kind::blocked)
    return call.name == e.subject || isIn(call, e.subject);
  const metrics::Scope& scope = e.measure.scope;
  return (scope.call.empty() || call.name == scope.call) &&
         // Large calls tell of others together.
         (scope.from.empty() || scope.from == metrics::kOthers || isIn(call, scope.from)) &&
         (scope.to.empty() || isIn(call, scope.to));
}

// Whether a fault may be why a call is not there: one of the scenario's own keys, of a call as a
// whole or its names, or of a change.
bool hidesCalls(const Diagnostic& fault) {
  if (fault.severity != Severity::error) return false;
  const std::string& path = fault.path;
  if (path.starts_with("calls"))
    return std::count(path.begin(), path.end(), '.') < 2 || path.ends_with(".name") ||
           path.ends_with(".count") || path.ends_with(".participants");
  if (path.starts_with("variants") || path.starts_with("sweep"))
    return std::count(path.begin(), path.end(), '.') < 2 || path.ends_with(".change") ||
           path.ends_with(".key") || path.find(".calls") != std::string::npos;
  return path.find('.') == std::string::npos || path.find(".calls") != std::string::npos;
}

class Checker {
 public:
  Checker(const std::vector<std::string>& declared, const std::vector<Case>& cases,
          Diagnostics& diagnostics)
      : declared_(declared), cases_(cases), diagnostics_(diagnostics) {
    const auto& faults = diagnostics.all();
    broken_ = std::any_of(faults.begin(), faults.end(), hidesCalls);
    sweepBroken_ = std::any_of(faults.begin(), faults.end(), [](const Diagnostic& fault) {
      return fault.severity == Severity::error && fault.path.starts_with("sweep");
    });
    for (const Case& one : cases) {
      for (const Call& call : one.calls) {
        calls_.insert(call.name);
        for (const Participant& p : call.participants) {
          participants_.insert(p.name);
          broken_ = broken_ || p.name.empty();  // it could not be read
        }
      }
    }
  }

  bool check(const Expectation& e, const std::string& path) {
    // Faults of calls would be told twice.
    return variant(e, e.variant, path) && variant(e, e.subtracted, path) &&
           (broken_ || names(e, path));
  }

 private:
  bool variant(const Expectation& e, const std::string& name, const std::string& path) {
    const bool cell = std::any_of(cases_.begin(), cases_.end(), [&](const Case& one) {
      return !one.cell.empty() && one.variant == name;
    });
    const bool perhapsCell = sweepBroken_ && name.find(' ') != std::string::npos;
    if (name.empty() || cell || perhapsCell ||
        std::find(declared_.begin(), declared_.end(), name) != declared_.end())
      return true;
    const std::string near = nearestName(name, declared_);
    std::string advice = "write one of:";
    for (const std::string& each : declared_) advice += " " + each;
    if (declared_.empty()) advice = "leave \"in " + name + "\" out, or declare variants";
    diagnostics_.error(e.pos, path, "there is no variant " + quoted(name),
                       near.empty() ? advice : "did you mean " + quoted(near) + "?");
    return false;
  }

  bool names(const Expectation& e, const std::string& path) {
    for (const Case& one : cases_) {
      if (!isOf(one, e.variant)) continue;
      for (const Call& call : one.calls)
        if (speaksOf(e, call)) return true;
    }
    const metrics::Scope& scope = e.measure.scope;
    const bool connection = e.kind == Kind::connects || e.kind == Kind::blocked;
    if (!connection && scope == metrics::Scope{}) return true;  // no calls: told elsewhere
    if (connection) {
      std::set<std::string> known = calls_;
      known.insert(participants_.begin(), participants_.end());
      return fault(e, path, "no call and no participant " + quoted(e.subject), e.subject, known);
    }
    if (!calls_.contains(scope.call))
      return fault(e, path, "no call " + quoted(scope.call), scope.call, calls_);
    const std::set<std::string> in = participantsOf(scope.call);
    const std::string& who =
        !scope.from.empty() && !in.contains(scope.from) ? scope.from : scope.to;
    return fault(e, path, "no " + quoted(who) + " in call " + quoted(scope.call), who, in);
  }

  // Of all variants, by either of their names.
  std::set<std::string> participantsOf(const std::string& name) const {
    std::set<std::string> found;
    for (const Case& one : cases_) {
      for (const Call& call : one.calls) {
        if (call.name != name) continue;
        for (const Participant& p : call.participants) {
          found.insert(p.name);
          found.insert(p.name + "@" + p.site);
        }
      }
    }
    return found;
  }

  bool fault(const Expectation& e, const std::string& path, const std::string& what,
             const std::string& name, const std::set<std::string>& known) {
    const std::vector<std::string> names(known.begin(), known.end());
    const std::string near = nearestName(name, names);
    std::string advice = "write one of:";
    for (const std::string& each : names) advice += " " + each;
    diagnostics_.error(
        e.pos, path, "there is " + what,
        near.empty() || near == name ? advice : "did you mean " + quoted(near) + "?");
    return false;
  }

  const std::vector<std::string>& declared_;
  const std::vector<Case>& cases_;
  Diagnostics& diagnostics_;
  std::set<std::string> calls_, participants_;
  bool broken_ = false;       // faults hide who is in which call
  bool sweepBroken_ = false;  // its cells are not there
};

// Why no run can keep the promise, by the values that its metric can have; empty if a run decides.
std::string impossible(const Expectation& e) {
  if (e.kind != Kind::value) return {};
  const metrics::Metric& metric = metrics::metric(e.measure.metric);
  const auto never = [&] {
    switch (e.relation) {
      case metrics::Relation::less:
        return e.limit <= metric.range.least;
      case metrics::Relation::lessEqual:
        return e.limit < metric.range.least;
      case metrics::Relation::greater:
        return e.limit >= metric.range.most;
      case metrics::Relation::greaterEqual:
        return e.limit > metric.range.most;
    }
    return false;
  };
  if (!never()) return {};
  const bool above = e.limit >= metric.range.most;
  return fmt::format("no run can meet this: {} is never {} {:g}{}{}", metric.name,
                     above ? "above" : "below", above ? metric.range.most : metric.range.least,
                     metric.unit.empty() ? "" : " ", metric.unit);
}

// The case in which the promise about `wanted` is kept beside `one`: itself, or in the same cell.
const Case* beside(const std::vector<Case>& cases, const Case& one, const std::string& wanted) {
  for (const Case& other : cases) {
    if (other.variant == wanted) return &other;
    const bool sameCell = std::equal(other.cell.begin(), other.cell.end(), one.cell.begin(),
                                     one.cell.end(), [](const AxisValue& a, const AxisValue& b) {
                                       return a.axis == b.axis && a.value == b.value;
                                     });
    if (other.base == wanted && sameCell) return &other;
  }
  return nullptr;
}

// The same promise, once for each cell of its variant.
void spread(const Expectation& e, const std::vector<Case>& cases, std::vector<Expectation>& all) {
  bool done = false;
  for (const Case& one : cases) {
    if (e.variant.empty() || one.cell.empty() || one.base != e.variant) continue;
    const Case* other = e.subtracted.empty() ? nullptr : beside(cases, one, e.subtracted);
    all.push_back(e);
    all.back().variant = one.variant;
    if (other != nullptr) all.back().subtracted = other->variant;
    done = true;
  }
  if (!done) all.push_back(e);
}

}  // namespace

std::vector<Expectation> readExpectations(const std::vector<ExpectationText>& texts,
                                          const std::vector<std::string>& declared,
                                          const std::vector<Case>& cases,
                                          Diagnostics& diagnostics) {
  Checker checker(declared, cases, diagnostics);
  std::vector<Expectation> all;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const std::string path = "expect[" + std::to_string(i) + "]";
    if (texts[i].text.empty()) continue;
    const auto parsed = metrics::parseExpectation(texts[i].text);
    if (!parsed.value) {
      diagnostics.error(texts[i].pos, path, parsed.problem);
      continue;
    }
    const Expectation one{*parsed.value, texts[i].pos};
    if (!checker.check(one, path)) continue;
    const std::string never = impossible(one);
    if (!never.empty()) {
      diagnostics.warning(texts[i].pos, path, never,
                          "write a limit that a run can be on either side of");
    }
    spread(one, cases, all);
  }
  return all;
}

void keepExpectationsOf(const std::string& name, const std::string& base, bool named,
                        const std::vector<Call>& calls, std::vector<ExpectationText>& texts) {
  std::erase_if(texts, [&](ExpectationText& text) {
    const auto parsed = metrics::parseExpectation(text.text);
    if (!parsed.value || parsed.value->kind == Kind::difference) return true;
    const metrics::Expectation& e = *parsed.value;
    if (std::none_of(calls.begin(), calls.end(), [&](const Call& c) { return speaksOf(e, c); }))
      return true;
    if (e.variant.empty()) return false;
    if (e.variant != name && e.variant != base) return true;
    text.text.replace(text.text.rfind(" in "), std::string::npos, named ? " in " + base : "");
    return false;
  });
}

}  // namespace callflow::topology
