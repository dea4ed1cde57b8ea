#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "src/cli/exit_code.h"
#include "src/cli/explain_options.h"
#include "src/cli/json.h"
#include "src/cli/loading.h"
#include "src/cli/output.h"
#include "src/cli/verb.h"
#include "src/compare/wrap.h"
#include "src/explain/reachability.h"

namespace callflow::cli {
namespace {

using Json = nlohmann::ordered_json;
using topology::NetworkGraph;

explain::Question questionOf(const ExplainOptions& options) {
  if (options.from.empty() || options.to.empty())
    throw UsageError(std::string(options.from.empty() ? "--to" : "--from") + " needs " +
                     (options.from.empty() ? "--from" : "--to") +
                     " beside it: write both, such as --from alice@hq --to relay --udp 3478");
  if ((options.udp == 0) == (options.tcp == 0))
    throw UsageError(
        std::string("say to which port: write ") +
        (options.udp == 0 ? "--udp PORT or --tcp PORT" : "only one of --udp and --tcp"));
  const bool udp = options.udp != 0;
  return {options.from, options.to, udp ? wire::Protocol::udp : wire::Protocol::tcp,
          static_cast<std::uint16_t>(udp ? options.udp : options.tcp)};
}

Json jsonOf(const wire::Header5& header) {
  return {{"source", wire::toText(header.source)},
          {"destination", wire::toText(header.destination)}};
}

Json jsonOf(const NetworkGraph& graph, const explain::BoxVerdict& verdict) {
  Json json = {{"name", graph.element(verdict.box).name},
               {"passed", verdict.passed},
               {"outbound", verdict.outbound},
               {"cause", explain::name(verdict.cause)}};
  if (verdict.also != fabric::Cause::none) json["translation_cause"] = explain::name(verdict.also);
  if (verdict.rule && verdict.rule->file)
    json["rule"] = {{"file", *verdict.rule->file},
                    {"line", verdict.rule->line},
                    {"column", verdict.rule->column}};
  if (!verdict.words.empty()) json["reason"] = verdict.words;
  json["opens_connection"] = verdict.opens();
  json["makes_mapping"] = verdict.maps();
  json["before"] = jsonOf(verdict.before);
  json["after"] = jsonOf(verdict.after);
  return json;
}

Json jsonOf(const NetworkGraph& graph, const explain::Crossing& crossing) {
  Json json = {{"from", graph.element(crossing.from).name},
               {"sent", jsonOf(crossing.sent)},
               {"arrived", jsonOf(crossing.arrived)},
               {"disposition", explain::name(crossing.disposition)},
               {"reason", explain::words(graph, crossing)}};
  if (crossing.dropped) json["at"] = jsonOf(graph, *crossing.dropped);
  Json hops = Json::array();
  for (const explain::Hop& hop : crossing.hops) {
    const topology::DirectedLink& link = graph.link(hop.link);
    Json one = {{"link", toText(link)}, {"to", graph.element(link.to).name}};
    for (const explain::Crossing& inner : hop.within) one["within"].push_back(jsonOf(graph, inner));
    if (hop.box) one["box"] = jsonOf(graph, *hop.box);
    hops.push_back(std::move(one));
  }
  json["hops"] = std::move(hops);
  return json;
}

struct Answer {
  std::vector<std::string> variants;
  std::string text;
};

// Variants of which the same is to be said stand together.
std::string textOf(const std::vector<topology::Case>& cases,
                   const std::vector<std::string>& texts) {
  std::vector<Answer> answers;
  for (std::size_t i = 0; i < cases.size(); ++i) {
    if (answers.empty() || answers.back().text != texts[i]) answers.push_back({{}, texts[i]});
    answers.back().variants.push_back(cases[i].variant);
  }
  std::string text;
  for (const Answer& answer : answers) {
    if (!text.empty()) text += "\n";
    if (cases.size() > 1)
      text +=
          (answer.variants.size() > 1 ? "variants " : "variant ") + listed(answer.variants) + "\n";
    text += answer.text;
  }
  return text;
}

}  // namespace

int explainReachability(const ExplainOptions& options) {
  if (options.files.size() > 1 || !options.against.empty())
    throw UsageError("--from and --to ask about one file: leave the other out, and --against");
  if (options.fix) throw UsageError("--fix mends calls, and has no effect beside --from and --to");
  if (!options.call.empty()) throw UsageError("--call has no effect beside --from and --to");
  const explain::Question question = questionOf(options);
  const auto cases = loadCases(options.files.front(), options.variant, "nothing was explained");
  if (!cases) return exitBadInput;
  std::vector<std::string> texts;
  Json variants = Json::array();
  for (const topology::Case& one : *cases) {
    std::vector<topology::Participant> people;
    for (const topology::Call& call : one.calls)
      people.insert(people.end(), call.participants.begin(), call.participants.end());
    const auto hosts = explain::hostsFor(one.topology, people, question);
    people.insert(people.end(), hosts.begin(), hosts.end());
    const auto company = explain::companyOf(one.topology, question);
    const NetworkGraph graph = company.empty() ? NetworkGraph(one.topology, people)
                                               : NetworkGraph(one.topology, people, {company});
    try {
      const explain::Reachability found = explain::reach(graph, one.topology, question);
      texts.push_back(explain::reachText(graph, question, found));
      Json json = {{"variant", one.variant},
                   {"from", graph.element(found.from).name},
                   {"to", graph.element(found.to).name},
                   {"works", found.works()},
                   {"there", jsonOf(graph, found.there)}};
      if (found.back) json["back"] = jsonOf(graph, *found.back);
      if (found.onlyTls) json["only_tls"] = jsonOf(graph, *found.onlyTls);
      variants.push_back(std::move(json));
    } catch (const std::invalid_argument& nobody) {
      throw UsageError(options.files.front() + ": " + nobody.what());
    }
  }
  if (options.json()) {
    printResult(jsonText({{"question",
                           {{"from", question.from},
                            {"to", question.to},
                            {"protocol", wire::toText(question.protocol)},
                            {"port", question.port}}},
                          {"variants", std::move(variants)}}));
  } else {
    printResult(compare::fitted(textOf(*cases, texts), columnsToUse()));
  }
  return exitFine;
}

}  // namespace callflow::cli
