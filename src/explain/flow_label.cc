#include "src/explain/flow_label.h"

#include <utility>

namespace callflow::explain {

namespace {

using topology::Direction;
using topology::Element;
using topology::ElementKind;
using topology::LinkKind;

constexpr std::pair<FlowLabel, std::string_view> kNames[] = {
    {FlowLabel::flow1, "1"},       {FlowLabel::flow1Prime, "1'"}, {FlowLabel::flow2, "2"},
    {FlowLabel::flow2Prime, "2'"}, {FlowLabel::flow3, "3"},       {FlowLabel::flow4, "4"},
    {FlowLabel::flow4Prime, "4'"}, {FlowLabel::flow5, "5"},       {FlowLabel::flow5A, "5A"},
    {FlowLabel::flow5B, "5B"},     {FlowLabel::flow5C, "5C"},     {FlowLabel::flow6, "6"}};

bool isAzures(const Element& element) {
  if (element.own) return false;
  switch (element.kind) {
    case ElementKind::azureEdge:
    case ElementKind::azureRegion:
    case ElementKind::relay:
    case ElementKind::mediaProcessor:
    case ElementKind::signaling:
    case ElementKind::trunk:
      return true;
    case ElementKind::participant:
    case ElementKind::site:
    case ElementKind::device:
    case ElementKind::proxy:
    case ElementKind::internetPop:
    case ElementKind::sbc:
      break;
  }
  return false;
}

// What is left of a way without its tunnels.
struct Way {
  const Element* a = nullptr;
  const Element* b = nullptr;
  std::size_t tunnels = 0;
  bool outside = false;  // leaves the customer network that it begins in, if it begins in one
  bool peering = false;
  bool pstn = false;
};

Way wayOf(const topology::NetworkGraph& graph, topology::ElementId from, topology::ElementId to,
          const topology::Route& links) {
  Way way{.a = &graph.element(from), .b = &graph.element(to)};
  for (const topology::DirectedLinkId id : links) {
    const topology::DirectedLink& link = graph.link(id);
    way.outside = way.outside || link.kind == LinkKind::uplink || link.kind == LinkKind::internet;
    way.peering = way.peering || link.kind == LinkKind::peering;
    way.pstn = way.pstn || link.kind == LinkKind::pstn;
    if (link.kind != LinkKind::tunnel) continue;
    // Who is in a tunnel stands where its gateway does.
    ++way.tunnels;
    (link.direction == Direction::up ? way.a : way.b) =
        &graph.element(link.direction == Direction::up ? link.to : link.from);
  }
  return way;
}

FlowLabel withAzure(const Element& azures, const Element& customers, bool peering) {
  if (customers.kind == ElementKind::sbc && azures.kind == ElementKind::mediaProcessor)
    return peering ? FlowLabel::flow1Prime : FlowLabel::flow4Prime;
  if (customers.remote) return FlowLabel::flow3;
  return peering ? FlowLabel::flow1 : FlowLabel::flow4;
}

// The documents know one media relay on premises, that of Skype for Business at the network's edge
// (5A), and no media processor there.
FlowLabel inside(const Element& a, const Element& b) {
  const auto isOne = [&](ElementKind kind) { return a.kind == kind || b.kind == kind; };
  if (isOne(ElementKind::relay)) return FlowLabel::flow5A;
  if (a.kind == ElementKind::sbc && b.kind == ElementKind::sbc) return FlowLabel::flow5C;
  const bool media = isOne(ElementKind::mediaProcessor);
  return isOne(ElementKind::sbc) && !media ? FlowLabel::flow5B : FlowLabel::flow5;
}

}  // namespace

std::string_view name(FlowLabel label) {
  for (const auto& [value, text] : kNames)
    if (value == label) return text;
  return {};
}

std::optional<FlowLabel> flowLabelFrom(std::string_view text) {
  std::string plain(text);
  if (!plain.empty() && (plain.back() == '*' || plain.back() == '`')) plain.back() = '\'';
  for (const auto& [value, written] : kNames)
    if (written == plain) return value;
  return std::nullopt;
}

std::string toText(const FlowLabels& labels) {
  std::string text;
  for (const FlowLabel label : labels) {
    if (!text.empty()) text += " + ";
    text += name(label);
  }
  return text;
}

FlowLabels flowLabels(const topology::NetworkGraph& graph, topology::ElementId from,
                      topology::ElementId to, const topology::Route& links) {
  const Way way = wayOf(graph, from, to, links);
  if (way.pstn) return {};
  FlowLabels labels(way.tunnels, FlowLabel::flow2Prime);
  const bool aIsAzures = isAzures(*way.a), bIsAzures = isAzures(*way.b);
  if (aIsAzures && bIsAzures) return labels;
  if (aIsAzures || bIsAzures) {
    labels.push_back(
        withAzure(aIsAzures ? *way.a : *way.b, aIsAzures ? *way.b : *way.a, way.peering));
  } else if (way.a->remote && way.b->remote) {
    labels.push_back(FlowLabel::flow6);
  } else if (way.outside || way.a->remote || way.b->remote) {
    labels.push_back(FlowLabel::flow2);
  } else if (labels.empty()) {
    // A tunnel leads into the network: what is there is its end.
    labels.push_back(inside(*way.a, *way.b));
  }
  return labels;
}

}  // namespace callflow::explain
