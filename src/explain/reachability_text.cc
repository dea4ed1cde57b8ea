#include <algorithm>

#include "src/explain/reachability.h"

namespace callflow::explain {
namespace {

using topology::NetworkGraph;

std::string padded(std::string text, std::size_t width) {
  if (text.size() < width) text.resize(width, ' ');
  return text;
}

std::string_view wordsOf(Disposition disposition) {
  switch (disposition) {
    case Disposition::delivered:
      return "delivered";
    case Disposition::deniedByRule:
      return "denied by a rule";
    case Disposition::deniedByDefault:
      return "denied by default";
    case Disposition::noState:
      return "not let in, as it belongs to no open connection,";
    case Disposition::notTls:
      return "denied by a rule that asks for TLS";
    case Disposition::tableFull:
      return "denied for want of room in the table of connections";
    case Disposition::portsFull:
      return "dropped for want of a public port";
    case Disposition::noMapping:
      return "dropped for want of a mapping";
    case Disposition::filtered:
      return "filtered by the NAT";
    case Disposition::hairpin:
      return "not turned back inside";
    case Disposition::overloaded:
      return "dropped, as there is too much,";
    case Disposition::tunnelDown:
      return "dropped, as the VPN is not up,";
    case Disposition::refused:
      return "refused";
    case Disposition::noRoute:
      return "no route";
    case Disposition::nobody:
      break;
  }
  return "nobody there has that address";
}

// "10.1.0.2:50000 becomes 203.0.113.1:50000"
std::string translations(const BoxVerdict& verdict) {
  std::string text;
  const auto add = [&](const char* what, const wire::Endpoint& before,
                       const wire::Endpoint& after) {
    if (before == after) return;
    text += (text.empty() ? "" : ", ") + std::string(what) + " " + wire::toText(before) +
            " becomes " + wire::toText(after);
  };
  add("source", verdict.before.source, verdict.after.source);
  add("destination", verdict.before.destination, verdict.after.destination);
  return text;
}

std::string stateOf(const BoxVerdict& verdict) {
  std::string text = verdict.opens() ? "opens a connection" : "";
  if (verdict.maps()) text += text.empty() ? "makes a mapping" : " and makes a mapping";
  if (verdict.also == fabric::Cause::admitted || verdict.cause == fabric::Cause::admitted)
    text += (text.empty() ? "" : "; ") + std::string("the NAT lets anybody in to this port");
  return text;
}

void addVerdict(std::string& text, const BoxVerdict& verdict, const std::string& indent) {
  const auto line = [&](const std::string& words) {
    if (!words.empty()) text += indent + words + "\n";
  };
  if (!verdict.passed) {
    line("dropped: " +
         (verdict.words.starts_with("dropped: ") ? verdict.words.substr(9) : verdict.words));
    return;
  }
  const bool filter = verdict.opens() || verdict.cause == fabric::Cause::openConnection;
  if (filter) line(verdict.words);
  line(stateOf(verdict));
  line(translations(verdict));
}

std::string ends(const Crossing& crossing) {
  return wire::toText(crossing.sent);
}

void addCrossing(std::string& text, const NetworkGraph& graph, const Crossing& crossing,
                 const std::string& indent) {
  text += indent + graph.element(crossing.from).name + "\n";
  std::size_t width = 0;
  for (const Hop& hop : crossing.hops) width = std::max(width, toText(graph.link(hop.link)).size());
  for (const Hop& hop : crossing.hops) {
    const topology::DirectedLink& link = graph.link(hop.link);
    const std::string parameters = topology::toText(link.parameters);
    text += indent + "  " +
            (parameters.empty() ? toText(link) : padded(toText(link), width) + "  " + parameters) +
            "\n";
    for (const Crossing& inner : hop.within) {
      text += indent + "    in " + ends(inner) + ": " + words(graph, inner) + "\n";
      addCrossing(text, graph, inner, indent + "      ");
    }
    if (!hop.box && !hop.within.empty() && hop.within.back().disposition != Disposition::delivered)
      return;
    text += indent + graph.element(link.to).name + "\n";
    if (hop.box) addVerdict(text, *hop.box, indent + "    ");
  }
}

}  // namespace

std::string words(const NetworkGraph& graph, const Crossing& crossing) {
  std::string text(wordsOf(crossing.disposition));
  if (crossing.hiddenBy) {
    const topology::Element& box = graph.element(*crossing.hiddenBy);
    return text + ", as that address is one behind " + box.name + ", known outside by " +
           topology::ipv4Text(box.address);
  }
  if (crossing.dropped) return text + " at " + graph.element(crossing.dropped->box).name;
  if (crossing.disposition == Disposition::noRoute) {
    const topology::ElementId at =
        crossing.hops.empty() ? crossing.from : graph.link(crossing.hops.back().link).to;
    return text + " from " + graph.element(at).name + " to " +
           wire::toText(crossing.arrived.destination);
  }
  return text;
}

std::string reachText(const NetworkGraph& graph, const Question& question,
                      const Reachability& found) {
  std::string text = std::string(question.protocol == wire::Protocol::udp ? "UDP" : "TCP") + " " +
                     std::to_string(question.port) + " from " + graph.element(found.from).name +
                     " to " + graph.element(found.to).name + ": ";
  text += words(graph, found.there);
  if (found.onlyTls) text += " if it is TLS";
  if (found.works()) {
    text += ", and so is the answer";
  } else if (found.back) {
    text += "; the answer: " + words(graph, *found.back);
  }
  if (found.onlyTls)
    text += "\n" + graph.element(found.onlyTls->box).name +
            " inspects it, and drops what is no TLS: " + found.onlyTls->words;
  const auto add = [&](const char* way, const Crossing& crossing) {
    text += "\n\n" + std::string(way) + ": " + ends(crossing) + "\n";
    addCrossing(text, graph, crossing, "  ");
    text += "  " + words(graph, crossing);
  };
  add("there", found.there);
  if (found.back) add("back", *found.back);
  return text + "\n";
}

}  // namespace callflow::explain
