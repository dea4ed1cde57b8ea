#include "src/cli/json.h"

#include <nlohmann/json.hpp>

#include "src/topology/tunnel_route.h"

namespace callflow::cli {
namespace {

using Json = nlohmann::ordered_json;
using topology::NetworkGraph;

double milliseconds(Duration time) {
  return time.seconds() * 1000;
}

Json socket(std::uint32_t address, std::uint16_t port) {
  return topology::ipv4Text(address) + ":" + std::to_string(port);
}

Json jsonOf(const NetworkGraph& graph, const topology::DirectedLink& link) {
  const topology::LinkDirection& p = link.parameters;
  Json rate = nullptr;
  if (!p.rate.isUnlimited()) rate = p.rate.count();
  return {{"name", toText(link)},
          {"from", graph.element(link.from).name},
          {"to", graph.element(link.to).name},
          {"rate_bit_per_s", rate},
          {"delay_ms", milliseconds(p.delay)},
          {"loss", p.loss.mean.value()}};
}

Json jsonOf(const NetworkGraph& graph, const std::vector<explain::Attempt>& attempts) {
  Json all = Json::array();
  for (const explain::Attempt& attempt : attempts) {
    all.push_back({{"path", explain::name(attempt.kind)},
                   {"chosen", attempt.chosen},
                   {"reason", explain::words(graph, attempt)}});
  }
  return all;
}

Json jsonOf(const explain::FlowLabels& labels) {
  Json all = Json::array();
  for (const explain::FlowLabel label : labels) all.push_back(name(label));
  return all;
}

Json jsonOf(const NetworkGraph& graph, const explain::Leg& leg) {
  Json hops = Json::array();
  for (const topology::DirectedLinkId id : leg.links) {
    hops.push_back(jsonOf(graph, graph.link(id)));
    const topology::Route under = topology::carriersOf(graph, id);
    for (const topology::DirectedLinkId carrier : under)
      hops.back()["carried_by"].push_back(jsonOf(graph, graph.link(carrier)));
  }
  return {{"from", graph.element(leg.from).name},
          {"to", graph.element(leg.to).name},
          {"transport", explain::name(leg.transport)},
          {"turn", leg.turn},
          {"from_socket", socket(leg.fromAddress, leg.fromPort)},
          {"to_socket", socket(leg.toAddress, leg.toPort)},
          {"relay", leg.relayed ? Json(toText(*leg.relayed)) : Json()},
          {"flows", jsonOf(leg.flows)},
          {"connectivity_ice", leg.ice ? Json(name(leg.ice->connectivity)) : Json()},
          {"from_cdr_connectivity_type", leg.ice ? Json(name(leg.ice->from)) : Json()},
          {"to_cdr_connectivity_type", leg.ice ? Json(name(leg.ice->to)) : Json()},
          {"base_delay_ms", milliseconds(graph.baseDelay(leg.links))},
          {"hops", hops}};
}

}  // namespace

Json jsonOf(const NetworkGraph& graph) {
  Json elements = Json::array();
  for (const topology::Element& e : graph.elements()) {
    Json one = {{"name", e.name}, {"kind", topology::name(e.kind)}, {"site", e.site}};
    if (!e.role.empty()) one["role"] = e.role;
    if (e.address != 0) one["address"] = topology::ipv4Text(e.address);
    elements.push_back(std::move(one));
  }
  Json links = Json::array();
  for (const topology::DirectedLink& link : graph.links()) links.push_back(jsonOf(graph, link));
  return {{"elements", elements}, {"links", links}};
}

Json jsonOf(const NetworkGraph& graph, const explain::CallPlan& plan) {
  Json paths = Json::array();
  for (const explain::MediaPath& path : plan.paths) {
    Json legs = Json::array();
    for (const explain::Leg& leg : path.legs) legs.push_back(jsonOf(graph, leg));
    paths.push_back({{"from", graph.element(path.from).name},
                     {"to", graph.element(path.to).name},
                     {"path", explain::name(path.kind)},
                     {"attempts", jsonOf(graph, path.attempts)},
                     {"legs", legs}});
  }
  Json failures = Json::array();
  for (const explain::PlanFailure& failure : plan.failures) {
    failures.push_back({{"who", failure.who},
                        {"code", failure.code},
                        {"subcode", failure.subcode},
                        {"connectivity_ice", name(explain::Connectivity::failed)},
                        {"attempts", jsonOf(graph, failure.attempts)}});
  }
  Json json = {{"call", plan.call},
               {"kind", plan.kind == topology::CallKind::group ? "group" : "one-to-one"}};
  if (plan.mediaProcessor) json["media_processor"] = graph.element(*plan.mediaProcessor).site;
  for (const explain::Accesses& each : plan.accesses) {
    Json interfaces = Json::array();
    for (const explain::Accesses::Interface& interface : each.interfaces)
      interfaces.push_back(
          {{"site", graph.element(interface.element).site},
           {"kind", ice::name(interface.kind)},
           {"address", topology::ipv4Text(graph.element(interface.element).address)}});
    json["accesses"].push_back({{"participant", each.user}, {"interfaces", interfaces}});
  }
  Json signaling = Json::array();
  for (const explain::Signaling& each : plan.signaling) {
    signaling.push_back({{"participant", graph.element(each.participant).name},
                         {"region", graph.element(each.region).site},
                         {"flows", jsonOf(each.flows)},
                         {"refused", each.refused.empty() ? Json() : Json(each.refused)}});
  }
  json["signaling"] = signaling;
  json["paths"] = paths;
  json["failures"] = failures;
  return json;
}

Json jsonOf(const Diagnostic& d) {
  return {{"severity", d.severity == Severity::error ? "error" : "warning"},
          {"file", d.pos.file ? *d.pos.file : ""},
          {"line", d.pos.line},
          {"column", d.pos.column},
          {"path", d.path},
          {"problem", d.problem},
          {"advice", d.advice}};
}

std::string jsonText(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace callflow::cli
