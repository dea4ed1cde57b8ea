// The ports and addresses that every site needs, each tried by a packet and its answer.
#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <utility>

#include "src/check/documents.h"
#include "src/check/port_views.h"
#include "src/check/rules.h"
#include "src/check/ways.h"

namespace callflow::check {
namespace {

using wire::Endpoint;
using wire::Ipv4;
using wire::Protocol;

constexpr std::uint16_t kFirstMediaPort = 3478;
constexpr std::uint16_t kLastMediaPort = 3481;

// What of a site's needs one cause closes.
struct Needs {
  std::vector<std::uint16_t> udp;  // of 3478 to 3481
  bool mediaTcp = false, signaling = false;
  bool partOnly = false;  // of 20.202.0.0/16, though not what was asked
  bool later = false;     // UDP, behind the first packets of a flow

  bool operator==(const Needs&) const = default;
  bool any() const { return !udp.empty() || mediaTcp || signaling || partOnly || later; }
  bool closesUdp() const { return std::find(udp.begin(), udp.end(), kFirstMediaPort) != udp.end(); }
};

struct Cause {
  Closed closed;
  Needs needs;
  bool noTcp = false, noUdp = false;  // by this or other causes
  std::vector<std::string> sites;
  std::string vpn = {};  // of a tunnel that does not come up
};

class Audit {
 public:
  explicit Audit(const Context& context) : context_(context), own_(context) {}

  std::vector<Finding> findings() {
    for (const Person& person : context_.people()) tryFrom(person);
    std::vector<Finding> all = std::move(withoutWay_);
    for (const Cause& cause : causes_) all.push_back(findingOf(cause));
    return all;
  }

 private:
  void tryFrom(const Person& person) {
    if (!person.relay || person.out.empty() || person.back.empty()) {
      const bool leaves = context_.graph().egress(person.element).has_value();
      withoutWay_.push_back({.pos = person.site->pos,
                             .subject = person.siteName,
                             .problem = leaves ? "no relay of Azure's serves " + person.siteName
                                               : person.siteName + " has no way to Azure",
                             .effect = leaves ? "only direct calls and group calls work"
                                              : "no signaling and no relay: no call can be set up",
                             .advice = leaves ? "name a region whose relays are on"
                                              : "give it an uplink, or a wan to a site that has "
                                                "one"});
      return;
    }
    join(withAllThatRefuse(person, causesOf(own_, person)), person.siteName,
         person.site->vpn.value_or(""));
  }

  // Who opens one device only is refused by the next: each that refuses something is asked by
  // itself, with the others open.
  std::vector<Cause> withAllThatRefuse(const Person& person, std::vector<Cause> first) {
    std::vector<std::string> devices;
    std::set<std::string> refusing;
    std::vector<Cause> found = first;
    while (true) {
      const std::size_t known = refusing.size();
      for (const Cause& each : found)
        if (!each.closed.device.empty() && refusing.insert(each.closed.device).second)
          devices.push_back(each.closed.device);
      if (refusing.size() == known) break;
      found = causesBehind(person, refusing);
    }
    if (devices.size() < 2) return first;
    std::vector<Cause> all;
    for (const Cause& each : first)
      if (each.closed.device.empty()) all.push_back(each);
    for (const std::string& device : devices) {
      std::set<std::string> others = refusing;
      others.erase(device);
      for (Cause& each : causesBehind(person, others))
        if (each.closed.device == device) all.push_back(std::move(each));
    }
    return all;
  }

  // What refuses a site's packets where these devices refuse none.
  std::vector<Cause> causesBehind(const Person& person, const std::set<std::string>& opened) {
    auto& behind = opened_[opened];
    if (behind == nullptr) behind = std::make_unique<OpenedView>(context_, opened);
    const Person* const there = behind->at(person.siteName);
    if (there == nullptr || !there->relay || there->out.empty() || there->back.empty()) return {};
    return causesOf(behind->view(), *there);
  }

  static std::vector<Cause> causesOf(PortView& view, const Person& person) {
    std::vector<Cause> mine;
    const topology::NetworkGraph& graph = view.context.graph();
    const Ipv4 relay{graph.element(*person.relay).address};
    for (std::uint16_t port = kFirstMediaPort; port <= kLastMediaPort; ++port)
      if (const auto closed = reach(view, person, Protocol::udp, {relay, port}))
        needsOf(mine, *closed).udp.push_back(port);
    tryOn(view, person, {relay, kFirstMediaPort}, mine);
    const auto tcp = reach(view, person, Protocol::tcp, {relay, wire::kTurnTcpPort});
    if (tcp) needsOf(mine, *tcp).mediaTcp = true;
    auto signaling = reachSignaling(view, person.element);
    if (signaling && opensTunnels(graph, person))
      signaling = reachSignaling(view, proxyOf(graph, person));
    if (signaling) needsOf(mine, *signaling).signaling = true;
    tryEnds(view, person, relay, mine);
    return mine;
  }

  // A flow that begins and then is dropped: two seconds of audio.
  static void tryOn(PortView& view, const Person& person, Endpoint server,
                    std::vector<Cause>& mine) {
    constexpr int kPackets = 100;
    if (reach(view, person, Protocol::udp, server)) return;
    const auto closed = view.trials.exchange(person.element, person.out, person.back, Protocol::udp,
                                             server, false, kPackets);
    if (closed) needsOf(mine, *closed).later = true;
  }

  // The first and the last host of the media range, where one in the middle is reached.
  static void tryEnds(PortView& view, const Person& person, Ipv4 relay, std::vector<Cause>& mine) {
    const std::uint32_t base = wire::kAzureMediaRange.address.value;
    for (const Ipv4 end : {Ipv4{base + 1}, Ipv4{base + 0xfffe}}) {
      for (const auto& [protocol, port] :
           {std::pair{Protocol::udp, wire::kStunPort}, {Protocol::tcp, wire::kTurnTcpPort}}) {
        if (reach(view, person, protocol, {relay, port})) continue;
        if (const auto closed = reach(view, person, protocol, {end, port}))
          needsOf(mine, *closed).partOnly = true;
      }
    }
  }

  // By itself, or, over TCP, through the site's proxy.
  static std::optional<Closed> reach(PortView& view, const Person& person, Protocol protocol,
                                     Endpoint server) {
    const topology::NetworkGraph& graph = view.context.graph();
    auto closed = view.trials.exchange(person.element, person.out, person.back, protocol, server);
    if (!closed || protocol == Protocol::udp || !opensTunnels(graph, person) ||
        person.site->proxy.inspectsTls)
      return closed;
    const topology::ElementId proxy = proxyOf(graph, person);
    const auto out = graph.route(proxy, *person.relay);
    const auto back = graph.route(*person.relay, proxy);
    if (!out || !back) return closed;
    return view.trials.exchange(proxy, *out, *back, protocol, server);
  }

  // Nothing: it gets there, or there is no way to Azure at all, of which others tell.
  static std::optional<Closed> reachSignaling(PortView& view, topology::ElementId from) {
    const topology::NetworkGraph& graph = view.context.graph();
    const auto server = graph.signaling(from);
    if (!server) return std::nullopt;
    const auto out = graph.route(from, *server);
    const auto back = graph.route(*server, from);
    if (!out || !back) return std::nullopt;
    return view.trials.exchange(from, *out, *back, Protocol::tcp,
                                {Ipv4{graph.element(*server).address}, wire::kSignalingPort});
  }

  static bool opensTunnels(const topology::NetworkGraph& graph, const Person& person) {
    return graph.proxy(person.element) &&
           wire::contains(person.site->proxy.ports, wire::kTurnTcpPort);
  }
  static topology::ElementId proxyOf(const topology::NetworkGraph& graph, const Person& person) {
    return graph.proxy(person.element).value();
  }

  static Needs& needsOf(std::vector<Cause>& causes, const Closed& closed) {
    for (Cause& each : causes)
      if (each.closed == closed) return each.needs;
    causes.push_back({.closed = closed, .needs = {}, .sites = {}});
    return causes.back().needs;
  }

  // What closes the same by the same rule for several sites is told once.
  void join(std::vector<Cause> mine, const std::string& site, const std::string& vpn) {
    const auto any = [&](auto&& test) { return std::any_of(mine.begin(), mine.end(), test); };
    const bool noUdp = any([](const Cause& each) { return each.needs.closesUdp(); });
    const bool noTcp = any([](const Cause& each) { return each.needs.mediaTcp; });
    for (Cause& one : mine) {
      if (!one.closed.tunnel.empty()) one.vpn = vpn;
      one.noUdp = noUdp;
      one.noTcp = noTcp;
      auto same = std::find_if(causes_.begin(), causes_.end(), [&](const Cause& each) {
        return each.closed == one.closed && each.needs == one.needs && each.noTcp == noTcp &&
               each.noUdp == noUdp;
      });
      if (same == causes_.end()) same = causes_.insert(same, one);
      same->sites.push_back(site);
    }
  }

  static std::string portsText(const std::vector<std::uint16_t>& ports) {
    if (ports.size() > 1 &&
        static_cast<std::size_t>(ports.back() - ports.front()) + 1 == ports.size())
      return std::to_string(ports.front()) + "-" + std::to_string(ports.back());
    std::vector<std::string> names;
    for (const std::uint16_t port : ports) names.push_back(std::to_string(port));
    return listed(names);
  }

  static std::string what(const Needs& needs) {
    std::vector<std::string> parts;
    if (!needs.udp.empty()) parts.push_back("UDP " + portsText(needs.udp));
    if (needs.mediaTcp) parts.emplace_back("TCP 443");
    std::string text = listed(parts);
    if (!text.empty()) text += " to 20.202.0.0/16";
    if (text.empty() && needs.partOnly) text = "a part of 20.202.0.0/16";
    if (text.empty() && needs.later) text = "UDP 3478 to 20.202.0.0/16 after the first packets";
    if (needs.signaling)
      text += std::string(text.empty() ? "" : ", and ") + "TCP 443 to ACS signaling" +
              (text.empty() ? "" : ",");
    return text;
  }

  static std::string problemOf(const Cause& cause) {
    const Closed& closed = cause.closed;
    const std::string sites = listed(cause.sites);
    if (!closed.tunnel.empty())
      return closed.device + " shuts " + closed.tunnel + " to the VPN " + cause.vpn + " for " +
             sites + ": " + closed.reason;
    if (closed.device.empty())
      return "what answers " + sites + " from " + what(cause.needs) + " comes to somebody else";
    return closed.device + " shuts " + (closed.answer ? "the answers of " : "") +
           what(cause.needs) + " for " + sites + ": " + closed.reason;
  }

  static std::string effectOf(const Cause& cause) {
    const Needs& needs = cause.needs;
    if (!cause.closed.tunnel.empty())
      return "the tunnel does not come up, and nothing that goes through it arrives";
    std::vector<std::string> parts;
    if (needs.later) parts.emplace_back("calls are set up, and then are silent");
    if (needs.signaling) parts.emplace_back("no signaling: no call can be set up");
    if (needs.closesUdp() && !cause.noTcp) parts.emplace_back("media falls back to TCP 443");
    if (cause.noTcp && cause.noUdp && (needs.closesUdp() || needs.mediaTcp))
      parts.emplace_back("no relay: only direct calls work, others end with 410/3112");
    else if (needs.mediaTcp)
      parts.emplace_back("nothing to fall back to where UDP fails");
    if (!needs.udp.empty() && !needs.closesUdp())
      parts.emplace_back("audio, video and screen share cannot be told apart by port for QoS");
    if (needs.partOnly)
      parts.emplace_back("relays and media processors at other addresses are not reached");
    std::string text;
    for (const std::string& part : parts) text += (text.empty() ? "" : "; ") + part;
    return text;
  }

  static std::string adviceOf(const Cause& cause) {
    if (!cause.closed.tunnel.empty())
      return "let " + cause.closed.tunnel + " out to " + cause.vpn +
             ", give the VPN a fallback: to TCP 443, or split it around what calls need";
    if (cause.closed.device.empty()) return "let addresses be translated back to who asked";
    if (cause.closed.answer)
      return "let " + cause.closed.device + " pass the answers of connections that it let out";
    const Needs& needs = cause.needs;
    std::vector<std::string> rules;
    if (!needs.udp.empty() || needs.partOnly || needs.later)
      rules.emplace_back("{allow: udp, to: azure, ports: 3478-3481}");
    if (needs.mediaTcp || needs.partOnly) rules.emplace_back("{allow: tcp, to: azure, ports: 443}");
    if (needs.signaling) rules.emplace_back("{allow: tcp, to: acs-signaling, ports: 443}");
    return listed(rules) + " before it in the rules of " + cause.closed.device;
  }

  Finding findingOf(const Cause& cause) const {
    const Closed& closed = cause.closed;
    const bool required = cause.needs.closesUdp() || cause.needs.mediaTcp ||
                          cause.needs.signaling || cause.needs.later;
    Finding finding;
    finding.severity = required ? Severity::error : Severity::warning;
    finding.pos = closed.device.empty() ? siteNamed(context_.topology(), cause.sites.front())->pos
                                        : closed.pos;
    finding.subject = closed.device.empty() ? cause.sites.front() : closed.device;
    finding.problem = problemOf(cause);
    finding.effect = effectOf(cause);
    finding.advice = adviceOf(cause);
    return finding;
  }

  const Context& context_;
  PortView own_;
  std::map<std::set<std::string>, std::unique_ptr<OpenedView>> opened_;
  std::vector<Finding> withoutWay_;
  std::vector<Cause> causes_;
};

}  // namespace

std::vector<Finding> findClosedPorts(const Context& context) {
  return Audit(context).findings();
}

}  // namespace callflow::check
