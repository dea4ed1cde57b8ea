// Marks (DSCP): what the customer's own lines and boxes make of them, and what calls send.
#include <algorithm>

#include "src/check/documents.h"
#include "src/check/rules.h"
#include "src/check/ways.h"

namespace callflow::check {
namespace {

using topology::LinkKind;
using wire::Dscp;

// "Implement Quality of Service (QoS) in Microsoft Teams".
constexpr Dscp kAudio{46};
constexpr Dscp kVideo{34};
constexpr Dscp kScreen{18};
constexpr Dscp kNone{0};

// Lines that a customer has or rents. The Internet is told of with the calls that mark.
bool isManaged(LinkKind kind) {
  return kind == LinkKind::access || kind == LinkKind::lan || kind == LinkKind::uplink ||
         kind == LinkKind::wan || kind == LinkKind::peering;
}

// "hq.wan" of "hq.wan up", "hq.access" of "hq.access:alice".
std::string lineOf(const topology::DirectedLink& link) {
  return link.name.substr(0, link.name.find(':'));
}

class Audit {
 public:
  explicit Audit(const Context& context) : context_(context) {}

  std::vector<Finding> findings() {
    for (const Person& person : context_.people()) {
      for (const topology::Route* const route : {&person.out, &person.back}) {
        for (const auto id : allLinks(context_.graph(), *route)) addLine(id);
        for (const Passed& passed : devicesOn(context_, *route)) addShaper(passed);
      }
      addTunnel(person);
    }
    for (const auto& [name, site] : context_.topology().sites) addWifi(name, site);
    std::vector<Finding> all;
    for (const Line& line : lines_) all.push_back(findingOf(line));
    all.insert(all.end(), others_.begin(), others_.end());
    return all;
  }

 private:
  struct Line {
    std::string name, site;
    bool up = false, down = false;
  };

  void addLine(topology::DirectedLinkId id) {
    const topology::DirectedLink& link = context_.graph().link(id);
    if (!isManaged(link.kind) || link.parameters.dscp != fabric::DscpPolicy::wipe) return;
    const std::string name = lineOf(link);
    auto line = std::find_if(lines_.begin(), lines_.end(),
                             [&](const Line& each) { return each.name == name; });
    if (line == lines_.end()) line = lines_.insert(line, {.name = name, .site = siteOf(link)});
    const bool up = link.direction == topology::Direction::up;
    (up ? line->up : line->down) = true;
  }

  // The line is written at the site that its inner end is at.
  std::string siteOf(const topology::DirectedLink& link) const {
    const bool up = link.direction == topology::Direction::up;
    return context_.graph().element(up ? link.from : link.to).site;
  }

  Finding findingOf(const Line& line) const {
    const std::string ways = line.up && line.down ? "both ways" : line.up ? "up" : "down";
    const topology::Site* const site = siteNamed(context_.topology(), line.site);
    return {
        .severity = Severity::warning,
        .pos = site != nullptr ? site->pos : SourcePos{},
        .subject = line.name,
        .problem = line.name + " wipes marks " + ways,
        .effect = "from there on audio (46), video (34) and screen share (18) wait like the rest",
        .advice = "dscp: keep"};
  }

  void addShaper(const Passed& passed) {
    const auto* const shaper = std::get_if<shaper::Shaper>(&passed.device->kind);
    if (shaper == nullptr) return;
    const shaper::Shaping& shaping = passed.outward ? shaper->up : shaper->down;
    for (const Dscp mark : {kAudio, kVideo, kScreen}) {
      const auto* const matched = classOf(shaping, mark);
      if (matched == nullptr || !matched->mark || *matched->mark == mark) continue;
      if (mark != kAudio && *matched->mark != kNone) continue;  // marked, and that by its port
      add({.severity = Severity::warning,
           .pos = passed.device->pos,
           .subject = std::string(passed.name),
           .problem = std::string(passed.name) + " marks " + std::to_string(mark.value) + " as " +
                      std::to_string(matched->mark->value) + (passed.outward ? " up" : " down"),
           .effect = "what is behind it does not know media by its mark",
           .advice = "leave mark: of that class out"});
    }
  }

  // Of media to Azure.
  static const shaper::TrafficClass* classOf(const shaper::Shaping& shaping, Dscp mark) {
    for (const shaper::TrafficClass& each : shaping.classes)
      if (&each == &shaping.classes.back() ||
          (wire::contains(each.dscp, mark) && wire::contains(each.protocol, wire::Protocol::udp) &&
           wire::contains(each.ports, wire::kStunPort)))
        return &each;
    return nullptr;
  }

  void addTunnel(const Person& person) {
    for (const auto id : person.out) {
      const topology::DirectedLink& link = context_.graph().link(id);
      if (link.kind != LinkKind::tunnel) continue;
      const std::string& name = context_.graph().element(link.from).device;
      const topology::Device& device = deviceNamed(context_.topology(), name);
      if (std::get<vpn::Vpn>(device.kind).copiesDscp) continue;
      add({.severity = Severity::info,
           .pos = device.pos,
           .subject = name,
           .problem = name + " writes no mark on the packets of its tunnels",
           .effect = "lines below a tunnel cannot tell media from the rest",
           .advice = "copy-dscp: true, or split the tunnel"});
    }
  }

  void addWifi(const std::string& name, const topology::Site& site) {
    if (!site.wifi) return;
    const auto& all = context_.participants();
    if (std::none_of(all.begin(), all.end(), [&](const topology::Participant& who) {
          return who.isAt(name) && site.isWireless(who.name);
        }))
      return;
    const topology::Device& device = deviceNamed(context_.topology(), *site.wifi);
    const auto& wifi = std::get<wifi::Wifi>(device.kind);
    Finding finding{.severity = Severity::warning, .pos = device.pos, .subject = *site.wifi};
    if (!wifi.wmm) {
      finding.problem = *site.wifi + " has no WMM, so that marks mean nothing in the air";
      finding.effect = "audio waits behind all else that is sent there";
      finding.advice = "wmm: true";
      finding.document = documents::kNetwork;
    } else if (wifi.dscpMap == wifi::DscpMap::precedence) {
      finding.severity = Severity::info;
      finding.problem =
          *site.wifi + " takes audio (46) for video, and screen share (18) for background";
      finding.effect = "audio waits longer for the air than it need";
      finding.advice = "dscp-map: rfc8325";
      finding.document = documents::kRfc8325;
    } else {
      return;
    }
    add(std::move(finding));
  }

  // Once, though several people's ways lead there.
  void add(Finding finding) {
    if (std::none_of(others_.begin(), others_.end(), [&](const Finding& each) {
          return each.subject == finding.subject && each.problem == finding.problem;
        }))
      others_.push_back(std::move(finding));
  }

  const Context& context_;
  std::vector<Line> lines_;
  std::vector<Finding> others_;
};

}  // namespace

std::vector<Finding> findWipedMarks(const Context& context) {
  return Audit(context).findings();
}

std::vector<Finding> findMarksOfCalls(const Context& context) {
  std::vector<Finding> findings;
  std::vector<std::string> told, wiped;
  SourcePos first;
  for (std::size_t i = 0; i < context.calls().size(); ++i) {
    const topology::Call& call = context.calls()[i];
    if (call.dscp == kNone) continue;
    if (call.dscp != kAudio && std::find(told.begin(), told.end(), call.name) == told.end()) {
      told.push_back(call.name);
      findings.push_back({.severity = Severity::warning,
                          .pos = call.pos,
                          .subject = call.name,
                          .problem = "the audio of call " + call.name + " is marked " +
                                     std::to_string(call.dscp.value) + ", not 46",
                          .effect = "queues along the way do not take it for voice",
                          .advice = "dscp: ef"});
    }
    for (const explain::MediaPath& path : context.plans()[i].paths)
      for (const explain::Leg& leg : path.legs)
        if (crosses(context.graph(), allLinks(context.graph(), leg.links), LinkKind::internet)) {
          if (wiped.empty()) first = call.pos;
          addOnce(wiped, call.name);
        }
  }
  if (!wiped.empty() && context.topology().internet.dscp == fabric::DscpPolicy::wipe)
    findings.push_back({.severity = Severity::info,
                        .pos = first,
                        .subject = wiped.front(),
                        .problem = "the Internet wipes the marks of call " + listed(wiped),
                        .effect = "they hold on the customer's own lines only",
                        .advice = "mark what comes in anew, at the perimeter; a private peering "
                                  "keeps marks"});
  return findings;
}

}  // namespace callflow::check
