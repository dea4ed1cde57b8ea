#include "src/results/expectation.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "src/results/collect.h"
#include "src/results/number.h"

namespace callflow::results {

namespace {

using metrics::Expectation;
using metrics::FailedCall;
using metrics::RunRecord;
using metrics::StreamRecord;
using Runs = std::vector<const RunRecord*>;

bool speaksOf(const StreamRecord& s, const std::string& subject) {
  return s.call == subject || metrics::goesBy(s.from, subject) || metrics::goesBy(s.to, subject);
}

// "call c failed, 410/3112", or why else nothing was measured.
std::string whyNothing(const Runs& runs) {
  if (runs.empty()) return "no run of this variant";
  std::string note = "no value was measured";
  for (const RunRecord* run : runs) {
    for (const FailedCall& f : run->failedCalls) {
      note = fmt::format("call {} failed, {}/{}", f.call, f.code, f.subcode);
    }
  }
  return note;
}

// Compared as it is written: a user who reads 3.6 in summary.csv has `>= 3.6` come true.
void judge(const Expectation& e, double value, Outcome& outcome) {
  outcome.measured = *numberFrom(numberText(value * metrics::metric(e.measure.metric).scale));
  outcome.passed = holds(*outcome.measured, e.relation, e.limit);
}

Outcome evaluateValue(const Expectation& e, const Result& result, Outcome outcome) {
  const Runs runs = recordsOf(result, outcome.variant);
  const double value = statisticOf(streamsIn(runs, e.measure.scope), e.measure.metric, e.statistic);
  if (std::isnan(value)) {
    outcome.note = whyNothing(runs);
  } else {
    judge(e, value, outcome);
  }
  return outcome;
}

Outcome evaluateDifference(const Expectation& e, const Result& result, Outcome outcome) {
  const Runs runs = recordsOf(result, outcome.variant);
  const Runs others = recordsOf(result, e.subtracted);
  const auto [in, of] =
      inBoth(streamsIn(runs, e.measure.scope), streamsIn(others, e.measure.scope), false);
  const double value = statisticOf(in, e.measure.metric, e.statistic) -
                       statisticOf(of, e.measure.metric, e.statistic);
  if (std::isnan(value)) {
    outcome.note = "nothing was measured in both";
    for (const Runs& side : {runs, others}) {
      if (const std::string why = whyNothing(side); why.starts_with("call ")) outcome.note = why;
    }
  } else {
    judge(e, value, outcome);
  }
  return outcome;
}

Outcome evaluateConnection(const Expectation& e, const Result& result, Outcome outcome) {
  const Connections c = connectionsOf(recordsOf(result, outcome.variant), e.subject);
  const bool connects = e.kind == Expectation::Kind::connects;
  outcome.passed = c.runs > 0 && (connects ? c.connected : c.failed) == c.runs;
  if (c.runs == 0) {
    outcome.note = "is in no run of this variant";
  } else if (c.connected == c.runs) {
    outcome.note = "connects";
  } else if (c.failed == c.runs) {
    outcome.note = "is blocked";
  } else if (c.connected > 0) {
    outcome.note = fmt::format("connects in {} of {} runs", c.connected, c.runs);
  } else {
    outcome.note = "connects without some who should be in it";
  }
  if (c.failure != nullptr && c.connected < c.runs)
    outcome.note += fmt::format(", {}/{}", c.failure->code, c.failure->subcode);
  return outcome;
}

Outcome evaluateOne(const Expectation& e, const std::string& variant, const Result& result) {
  Outcome outcome{e.text, variant, false, std::nullopt, {}};
  switch (e.kind) {
    case Expectation::Kind::connects:
    case Expectation::Kind::blocked:
      return evaluateConnection(e, result, std::move(outcome));
    case Expectation::Kind::difference:
      return evaluateDifference(e, result, std::move(outcome));
    case Expectation::Kind::value:
      break;
  }
  return evaluateValue(e, result, std::move(outcome));
}

// Of a call that others of it take part in: is it this participant who is left out?
bool tellsOf(const FailedCall& failure, const std::string& participant) {
  return std::any_of(failure.reasons.begin(), failure.reasons.end(),
                     [&](const std::string& reason) {
                       const std::size_t end = reason.find_first_of(":@ ");
                       return end != std::string::npos && reason.compare(0, end, participant) == 0;
                     });
}

bool isAbout(const Expectation& e, const CaseInput& c) {
  return e.variant.empty() || e.variant == c.variant;
}

}  // namespace

std::vector<Outcome> evaluate(const std::vector<Expectation>& expectations, const Result& result) {
  std::vector<Outcome> outcomes;
  for (const Expectation& e : expectations) {
    bool found = false;
    for (const CaseInput& c : result.cases) {
      if (!isAbout(e, c)) continue;
      outcomes.push_back(evaluateOne(e, c.variant, result));
      found = true;
    }
    if (!found)
      outcomes.push_back({e.text, e.variant, false, std::nullopt, "there is no such variant"});
  }
  return outcomes;
}

Connections connectionsOf(const Runs& runs, const std::string& subject) {
  // A call goes before a participant of the same name.
  const bool call = std::any_of(runs.begin(), runs.end(), [&](const RunRecord* run) {
    return std::any_of(run->failedCalls.begin(), run->failedCalls.end(),
                       [&](const FailedCall& f) { return f.call == subject; }) ||
           std::any_of(run->streams.begin(), run->streams.end(),
                       [&](const StreamRecord& s) { return s.call == subject; });
  });
  Connections found;
  for (const RunRecord* run : runs) {
    const bool media = std::any_of(
        run->streams.begin(), run->streams.end(),
        [&](const StreamRecord& s) { return call ? s.call == subject : speaksOf(s, subject); });
    const auto failure =
        std::find_if(run->failedCalls.begin(), run->failedCalls.end(),
                     [&](const FailedCall& f) { return !call || f.call == subject; });
    const bool failed = failure != run->failedCalls.end() && (call || !media);
    if (!failed && !media) continue;
    ++found.runs;
    if (!failed) ++found.connected;
    if (failed && !media) ++found.failed;
    if (failed && found.failure == nullptr) found.failure = &*failure;
  }
  return found;
}

std::vector<UnexpectedFailure> unexpectedFailures(const std::vector<Expectation>& expectations,
                                                  const Result& result) {
  std::vector<UnexpectedFailure> found;
  for (const CaseInput& c : result.cases) {
    std::map<std::string, const FailedCall*> failures;
    for (const RunRecord* run : recordsOf(result, c.variant))
      for (const FailedCall& f : run->failedCalls) failures.try_emplace(f.call, &f);
    for (const auto& failed : failures) {
      const std::string& call = failed.first;
      const FailedCall& failure = *failed.second;
      const bool said =
          std::any_of(expectations.begin(), expectations.end(), [&](const Expectation& e) {
            const bool connection =
                e.kind == Expectation::Kind::connects || e.kind == Expectation::Kind::blocked;
            return connection && isAbout(e, c) &&
                   (e.subject == call || tellsOf(failure, e.subject));
          });
      if (!said) found.push_back({c.variant, call});
    }
  }
  return found;
}

std::string renderOutcomes(const std::vector<Outcome>& outcomes) {
  std::size_t textWidth = 0;
  std::size_t variantWidth = 0;
  for (const Outcome& o : outcomes) {
    textWidth = std::max(textWidth, o.text.size());
    variantWidth = std::max(variantWidth, o.variant.size());
  }
  std::string all;
  for (const Outcome& o : outcomes) {
    all += fmt::format("{:<4}  {:<{}}  {:<{}}  {}\n", o.passed ? "ok" : "FAIL", o.text, textWidth,
                       o.variant, variantWidth,
                       o.measured ? fmt::format("{:.4g}", *o.measured) : o.note);
  }
  return all;
}

}  // namespace callflow::results
