#include "src/topology/draw_sketch.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "src/topology/tunnel_route.h"

namespace callflow::topology {
namespace {

// "5 Mbit/s up / 20 Mbit/s down" where the directions differ; empty where neither has the part.
std::string bothWays(const std::string& up, const std::string& down) {
  if (up == down) return up;
  return (up.empty() ? "0" : up) + " up / " + (down.empty() ? "0" : down) + " down";
}

std::string labelOf(const LinkDirection& up, const LinkDirection& down) {
  const auto rate = [](const LinkDirection& d) {
    return d.rate.isUnlimited() ? "" : callflow::toText(d.rate);
  };
  const auto delay = [](const LinkDirection& d) {
    return d.delay == Duration{} ? "" : roundedText(d.delay);
  };
  const auto loss = [](const LinkDirection& d) {
    return d.loss.mean == Ratio{} ? "" : callflow::toText(d.loss.mean) + " loss";
  };
  std::string first = bothWays(rate(up), rate(down));
  std::string second = bothWays(delay(up), delay(down));
  const std::string last = bothWays(loss(up), loss(down));
  if (!last.empty()) second += (second.empty() ? "" : ", ") + last;
  if (first.empty() || second.empty()) return first + second;
  return first + "\n" + second;
}

class Sketcher {
 public:
  Sketcher(const NetworkGraph& graph, const DrawOptions& options)
      : graph_(graph), shapeOf_(graph.elements().size()) {
    choose(options);
    addCustomers();
    addInternet();
    addAzure();
    addLines();
  }

  Sketch take() { return std::move(sketch_); }

 private:
  // One number for both directions of a link.
  DirectedLinkId upOf(DirectedLinkId id) const {
    const DirectedLink& link = graph_.link(id);
    return link.direction == Direction::up ? id : link.reverse;
  }

  bool isPop(ElementId id) const { return graph_.element(id).kind == ElementKind::internetPop; }

  void use(const std::optional<Route>& route) {
    if (!route) return;
    for (const DirectedLinkId id : *route) used_.insert(upOf(id));
  }

  void choose(const DrawOptions& options) {
    const auto& elements = graph_.elements();
    const bool people = std::any_of(elements.begin(), elements.end(), [](const Element& each) {
      return each.kind == ElementKind::participant;
    });
    for (const DirectedLink& link : graph_.links()) {
      if (link.kind != LinkKind::internet && link.kind != LinkKind::backbone &&
          link.kind != LinkKind::inside &&
          // A telephone has one SBC, and many trunks to choose from.
          (link.kind != LinkKind::pstn || graph_.element(link.to).own)) {
        used_.insert(upOf(link.id));
      }
    }
    std::set<ElementId> relays;
    for (const Element& element : elements) {
      if (element.kind != (people ? ElementKind::participant : ElementKind::site)) continue;
      const auto relay = graph_.relay(element.id);
      if (!relay) continue;
      relays.insert(*relay);
      use(graph_.route(element.id, *relay));
    }
    for (const ElementId a : relays) {
      for (const ElementId b : relays) {
        if (a < b) use(graph_.route(a, b));
      }
    }
    for (const DrawnLeg& leg : options.legs) {
      use(leg.links);
      auto& highlighted = leg.transport == MediaTransport::udp ? udp_ : tcp_;
      for (const DirectedLinkId id : leg.links) {
        highlighted.insert(upOf(id));
        // What crosses a tunnel crosses what lies under it, too.
        const Route under = carriersOf(graph_, id);
        use(under);
        for (const DirectedLinkId carrier : under) highlighted.insert(upOf(carrier));
      }
    }
    sketch_.hasUdp = !udp_.empty();
    sketch_.hasTcp = !tcp_.empty();
  }

  void addShape(ElementId id, Shape shape, Group& group) {
    shapeOf_[index(id)] = sketch_.shapes.size();
    group.shapes.push_back(sketch_.shapes.size());
    sketch_.shapes.push_back(std::move(shape));
  }

  void addCustomers() {
    for (const Element& site : graph_.elements()) {
      if (site.kind != ElementKind::site) continue;
      Group group;
      group.title = (site.remote ? "Home worker: " : "Site: ") + site.name;
      for (const Element& each : graph_.elements()) {
        if (each.site != site.name) continue;
        if (each.kind == ElementKind::participant) {
          const std::string who = each.name.substr(0, each.name.rfind('@' + each.site));
          addShape(each.id, {ShapeKind::participant, who, {ipv4Text(each.address)}}, group);
        } else if (each.kind == ElementKind::site) {
          addShape(each.id, {ShapeKind::lan, "LAN", {}}, group);
        } else if (each.kind == ElementKind::proxy) {
          addShape(each.id, {ShapeKind::lan, "HTTP proxy", {ipv4Text(each.address)}}, group);
        } else if (each.own) {
          const std::string what(name(each.kind));
          addShape(each.id, {ShapeKind::lan, each.name, {what, ipv4Text(each.address)}}, group);
        } else if (each.kind == ElementKind::device && !each.shared) {
          addShape(each.id, shapeOf(each), group);
        }
      }
      sketch_.groups.push_back(std::move(group));
    }
    for (const Element& each : graph_.elements()) {
      const bool telephone = each.kind == ElementKind::participant && !shapeOf_[index(each.id)];
      if (!each.shared && !telephone) continue;
      shapeOf_[index(each.id)] = sketch_.shapes.size();
      if (telephone)
        sketch_.shapes.push_back(
            {ShapeKind::participant, each.name.substr(0, each.name.find('@')), {"telephone"}});
      else
        sketch_.shapes.push_back(shapeOf(each));
    }
  }

  static Shape shapeOf(const Element& device) {
    std::vector<std::string> notes{device.role};
    if (device.address != 0) notes.push_back(ipv4Text(device.address));
    return {device.guards ? ShapeKind::firewall : ShapeKind::nat, device.device, std::move(notes)};
  }

  // All points of presence in one; how far they are from each other is told in words, if that is
  // short.
  void addInternet() {
    std::vector<std::string> all, highlighted;
    for (const DirectedLink& link : graph_.links()) {
      if (link.direction != Direction::up || !isPop(link.from) || !isPop(link.to)) continue;
      const std::string note = graph_.element(link.from).site + " to " +
                               graph_.element(link.to).site + ": " +
                               roundedText(link.parameters.delay);
      all.push_back(note);
      if (udp_.count(link.id) + tcp_.count(link.id) > 0) highlighted.push_back(note);
    }
    constexpr std::size_t kEnough = 3;
    Shape shape{ShapeKind::internet, "Internet", {}};
    const bool highlights = sketch_.hasUdp || sketch_.hasTcp;
    const auto& notes = highlights ? highlighted : all;
    if (notes.size() <= kEnough) shape.notes = notes;
    std::optional<std::size_t> internet;
    for (const Element& each : graph_.elements()) {
      if (each.kind != ElementKind::internetPop) continue;
      if (!internet) {
        internet = sketch_.shapes.size();
        sketch_.shapes.push_back(shape);
      }
      shapeOf_[index(each.id)] = internet;
    }
  }

  void addAzure() {
    std::set<ElementId> touched;
    for (const DirectedLinkId id : used_) {
      touched.insert(graph_.link(id).from);
      touched.insert(graph_.link(id).to);
    }
    Group group;
    group.title = "Azure";
    group.azure = true;
    for (const ElementId id : touched) {
      const Element& each = graph_.element(id);
      if (each.kind == ElementKind::azureEdge) {
        addShape(id, {ShapeKind::edge, each.site, {"edge"}}, group);
      } else if (each.kind == ElementKind::azureRegion) {
        addRegion(each, group);
      }
    }
    if (!group.shapes.empty()) sketch_.groups.push_back(std::move(group));
  }

  void addRegion(const Element& region, Group& group) {
    const std::size_t shape = sketch_.shapes.size();
    std::vector<std::string> notes;
    for (const ElementId id : graph_.serversIn(region.id)) {
      const Element& server = graph_.element(id);
      if (server.kind == ElementKind::signaling) continue;  // it has no part in media
      notes.push_back(std::string(name(server.kind)) + " " + ipv4Text(server.address));
      shapeOf_[index(id)] = shape;
    }
    addShape(region.id, {ShapeKind::region, region.site, std::move(notes)}, group);
  }

  void addLines() {
    // Links of several points of presence to one edge become one line with a range of delays.
    struct Range {
      std::size_t line;
      Duration least, most;
    };
    std::map<std::pair<std::size_t, std::size_t>, Range> toEdges;
    for (const DirectedLinkId id : used_) {
      const DirectedLink& link = graph_.link(id);
      if ((isPop(link.from) && isPop(link.to)) || link.kind == LinkKind::inside) continue;
      Line line;
      line.from = *shapeOf_[index(link.from)];
      line.to = *shapeOf_[index(link.to)];
      line.udp = udp_.count(id) > 0;
      line.tcp = tcp_.count(id) > 0;
      line.label = labelOf(link.parameters, graph_.link(link.reverse).parameters);
      if (link.kind == LinkKind::peering)
        line.label = "private peering" + (line.label.empty() ? "" : " " + line.label);
      if (link.kind == LinkKind::pstn)
        line.label = "telephone network" + (line.label.empty() ? "" : " " + line.label);
      if (link.kind == LinkKind::wan)
        line.label = "WAN" + (line.label.empty() ? "" : " " + line.label);
      line.sideways = graph_.element(link.from).kind == ElementKind::azureRegion;
      const Duration delay = link.parameters.delay;
      if (link.kind != LinkKind::internet) {
        sketch_.lines.push_back(std::move(line));
        continue;
      }
      const auto [at, added] =
          toEdges.try_emplace({line.from, line.to}, Range{sketch_.lines.size(), delay, delay});
      Range& range = at->second;
      if (added) {
        sketch_.lines.push_back(std::move(line));
        continue;
      }
      Line& merged = sketch_.lines[range.line];
      merged.udp = merged.udp || line.udp;
      merged.tcp = merged.tcp || line.tcp;
      range.least = std::min(range.least, delay);
      range.most = std::max(range.most, delay);
      if (range.least != range.most) {
        merged.label = roundedText(range.least) + " to " + roundedText(range.most);
      }
    }
  }

  const NetworkGraph& graph_;
  std::vector<std::optional<std::size_t>> shapeOf_;  // by element
  std::set<DirectedLinkId> used_, udp_, tcp_;        // directions up
  Sketch sketch_;
};

}  // namespace

Sketch sketch(const NetworkGraph& graph, const DrawOptions& options) {
  return Sketcher(graph, options).take();
}

}  // namespace callflow::topology
