#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "src/cli/exit_code.h"
#include "src/cli/explain_options.h"
#include "src/cli/json.h"
#include "src/cli/loading.h"
#include "src/cli/output.h"
#include "src/cli/verb.h"
#include "src/compare/compare.h"
#include "src/compare/words.h"
#include "src/compare/wrap.h"
#include "src/explain/difference.h"
#include "src/sim/found_calls.h"

namespace callflow::cli {
namespace {

using Json = nlohmann::ordered_json;
using topology::Case;

struct Side {
  std::string file;
  const Case* input = nullptr;

  std::string label() const {
    return file + (input->variant.empty() ? "" : ", variant " + input->variant);
  }
};

// What makes two networks without calls comparable: somebody at each site who calls somebody at
// each other one.
std::vector<topology::Call> callsBetweenSites(const topology::Topology& topology) {
  std::vector<topology::Call> calls;
  const auto& sites = topology.sites;
  for (auto a = sites.begin(); a != sites.end(); ++a) {
    for (auto b = a + 1; b != sites.end(); ++b) {
      topology::Call call;
      call.name = a->first + " to " + b->first;
      call.participants = {{"host", a->first}, {"host", b->first}};
      calls.push_back(std::move(call));
    }
  }
  return calls;
}

bool hasSitesOf(const topology::Topology& topology, const std::vector<topology::Call>& calls) {
  const auto there = [&](const topology::Participant& who) {
    const auto has = [&](const std::string& name) {
      return std::any_of(topology.sites.begin(), topology.sites.end(),
                         [&](const auto& site) { return site.first == name; });
    };
    return who.telephone != topology::Telephone::none ||
           (has(who.site) && (who.second.empty() || has(who.second)));
  };
  return std::all_of(calls.begin(), calls.end(), [&](const topology::Call& call) {
    return std::all_of(call.participants.begin(), call.participants.end(), there);
  });
}

// A network without calls has those of the other side, or some between all sites.
void lendCalls(std::vector<Case>& cases, const std::vector<Case>& other, const std::string& file) {
  for (Case& one : cases) {
    if (!one.variant.empty()) continue;
    const Case& model = other.front();
    one.calls = model.variant.empty() ? callsBetweenSites(one.topology) : model.calls;
    if (!model.variant.empty() && !hasSitesOf(one.topology, one.calls))
      throw UsageError(file + " has not the sites of the other file's calls");
  }
}

// Whose variants have the same names, by these; else the first against each.
std::vector<std::pair<Side, Side>> pairsOf(const ExplainOptions& options,
                                           const std::vector<Case>& a, const std::vector<Case>& b) {
  std::vector<std::pair<Side, Side>> pairs;
  const auto add = [&](const Case& one, const Case& other) {
    pairs.push_back({{options.files.front(), &one}, {options.files.back(), &other}});
  };
  if (a.size() > 1 && b.size() > 1) {
    for (const Case& one : a)
      for (const Case& other : b)
        if (one.variant == other.variant) add(one, other);
    if (!pairs.empty()) return pairs;
    throw UsageError(
        "both have several variants, none of the same name: write --variant NAME and --against "
        "NAME");
  }
  for (const Case& one : a)
    for (const Case& other : b) add(one, other);
  return pairs;
}

std::vector<compare::KeyDifference> keysOf(const Case& a, const Case& b) {
  if (!a.resolvedYaml.empty() && !b.resolvedYaml.empty())
    return compare::differingKeys(a.resolvedYaml, b.resolvedYaml);
  return compare::differingKeys(topology::resolvedText(a.topology),
                                topology::resolvedText(b.topology));
}

// Whether `path` is about a device, a site or a call of that name.
bool isAbout(const std::string& path, const std::string& name) {
  for (const char* const before : {"devices.", "sites.", "remote.", "servers."}) {
    const std::string key = before + name;
    for (const std::string& whole : {key, "topology." + key}) {
      if (!path.starts_with(whole)) continue;
      if (path.size() == whole.size() || path[whole.size()] == '.' || path[whole.size()] == '[')
        return true;
    }
  }
  return path.starts_with("calls[" + name + "]");
}

// The first that is about a box that refuses, the call, a box or a site on the way; else the first.
const compare::KeyDifference* firstKey(const std::vector<compare::KeyDifference>& keys,
                                       const explain::PairDifference& pair) {
  std::vector<std::string> places = pair.places;
  places.push_back(pair.call);
  for (const std::string& place : places)
    for (const compare::KeyDifference& key : keys)
      if (isAbout(key.path, place)) return &key;
  return keys.empty() ? nullptr : &keys.front();
}

std::string kindOf(const explain::PairSide& side) {
  if (side.path == nullptr) return "no path";
  return std::string(name(side.path->kind)) +
         (side.fallenBack() != nullptr ? ", in a VPN over TCP" : "");
}

std::string ruleText(const explain::RefusingRule& rule) {
  return fmt::format("{}:{}: in {}, {}", *rule.pos.file, rule.pos.line, rule.inB ? "B" : "A",
                     rule.reason);
}

explain::PlannedCase foundIn(const Case& one) {
  topology::NetworkGraph graph = topology::NetworkGraph::ofCalls(one.topology, one.calls);
  auto plans = sim::findCalls(graph, one);
  return {&one, std::move(graph), std::move(plans)};
}

struct Compared {
  explain::PlannedCase a, b;
  explain::PathDifferences found;
  std::vector<compare::KeyDifference> keys;

  Compared(const Side& one, const Side& other, const std::string& call)
      : a(foundIn(*one.input)),
        b(foundIn(*other.input)),
        found(explain::differences(a, b, call)),
        keys(keysOf(*one.input, *other.input)) {}
  bool same() const { return found.pairs.empty() && found.onlyA.empty() && found.onlyB.empty(); }
};

std::string textOf(const Side& a, const Side& b, const Compared& compared) {
  std::string text = "A " + a.label() + "\nB " + b.label() + "\n";
  if (compared.same()) return text + "the same paths\n";
  for (const explain::PairDifference& pair : compared.found.pairs) {
    text +=
        fmt::format("\n{}, {}: {} -> {}\n", pair.call, pair.who, kindOf(pair.a), kindOf(pair.b));
    text += explain::attemptsText(compared.a, compared.b, pair);
    if (pair.rule) text += "    by rule: " + ruleText(*pair.rule) + "\n";
    if (const auto* key = firstKey(compared.keys, pair))
      text += fmt::format("    by input: {}: {} -> {}\n", key->path, compare::shortened(key->a),
                          compare::shortened(key->b));
  }
  const auto only = [&](const char* which, const std::vector<std::string>& names) {
    for (const std::string& each : names) text += fmt::format("\nonly in {}: {}\n", which, each);
  };
  only("A", compared.found.onlyA);
  only("B", compared.found.onlyB);
  return text;
}

Json jsonOf(const explain::PlannedCase& one, const explain::PairSide& side) {
  Json attempts = Json::array();
  for (const explain::Attempt& attempt : side.attempts())
    attempts.push_back({{"path", name(attempt.kind)},
                        {"chosen", attempt.chosen},
                        {"reason", explain::words(one.graph, attempt)}});
  Json json = {{"path", nullptr}, {"attempts", std::move(attempts)}};
  if (side.path != nullptr) json["path"] = name(side.path->kind);
  return json;
}

Json jsonOf(const Side& a, const Side& b, const Compared& compared) {
  Json pairs = Json::array();
  for (const explain::PairDifference& pair : compared.found.pairs) {
    Json one = {{"call", pair.call},
                {"who", pair.who},
                {"a", jsonOf(compared.a, pair.a)},
                {"b", jsonOf(compared.b, pair.b)}};
    if (pair.rule)
      one["rule"] = {{"refused_in", pair.rule->inB ? "b" : "a"},
                     {"file", *pair.rule->pos.file},
                     {"line", pair.rule->pos.line},
                     {"column", pair.rule->pos.column},
                     {"reason", pair.rule->reason}};
    if (const auto* key = firstKey(compared.keys, pair))
      one["key"] = {{"path", key->path}, {"a", key->a}, {"b", key->b}};
    pairs.push_back(std::move(one));
  }
  return {{"a", {{"file", a.file}, {"variant", a.input->variant}}},
          {"b", {{"file", b.file}, {"variant", b.input->variant}}},
          {"same", compared.same()},
          {"differences", std::move(pairs)},
          {"only_a", compared.found.onlyA},
          {"only_b", compared.found.onlyB}};
}

}  // namespace

int explainDifference(const ExplainOptions& options) {
  const bool one = options.files.size() == 1;
  if (one && options.variant.empty())
    throw UsageError("--against needs --variant beside it: the two to be compared");
  const std::string second = options.against.empty() ? options.variant : options.against;
  auto a = loadCases(options.files.front(), options.variant, "nothing was explained");
  if (one && !a) return exitBadInput;
  // What is said of one file is said once.
  auto b = loadCases(options.files.back(), second, one ? "" : "nothing was explained");
  if (!a || !b) return exitBadInput;
  lendCalls(*a, *b, options.files.front());
  lendCalls(*b, *a, options.files.back());
  const auto named = [&](const Case& each) {
    return std::any_of(each.calls.begin(), each.calls.end(),
                       [&](const topology::Call& call) { return call.name == options.call; });
  };
  if (!options.call.empty() && !named(a->front()) && !named(b->front()))
    throw UsageError("neither has a call \"" + options.call + "\"");
  std::string text;
  Json all = Json::array();
  for (const auto& [first, other] : pairsOf(options, *a, *b)) {
    const Compared compared(first, other, options.call);
    text += (text.empty() ? "" : "\n") + textOf(first, other, compared);
    all.push_back(jsonOf(first, other, compared));
  }
  printResult(options.json() ? jsonText({{"comparisons", std::move(all)}})
                             : compare::fitted(text, columnsToUse()));
  return exitFine;
}

}  // namespace callflow::cli
