// Packets that cross in no time.
#include "models/fabric/fabric.h"

namespace callflow::fabric {

Trial Fabric::tryPacket(NodeId from, const Header5& header, RouteId route, wire::Sight sight) {
  Packet packet;
  packet.setHeader(header);
  packet.dscp = sight.dscp.value & wire::kLargestDscp;
  packet.plain = sight.plain;
  packet.route_ = route != kNoRoute ? route : routeFor(from, header.destination.address);
  if (trialObserver_ == nullptr) return cross(packet);
  trialObserver_->onStart(from, header);
  const Trial trial = cross(packet);
  trialObserver_->onEnd(trial);
  return trial;
}

Trial Fabric::cross(Packet& packet) {
  Trial trial;
  while (packet.route_ != kNoRoute) {
    const std::uint32_t hop = hops_[index(packet.route_)];
    if (hop == kRouteEnd) {
      trial.arrived = true;
      break;
    }
    if (trialObserver_ != nullptr) trialObserver_->onLink(LinkId{hop});
    if ((links_[hop].unusual & kCarried) != 0) {
      const Trial outer = carriers_[hop]->tryCarry();
      if (!outer.arrived) return outer;
    }
    if ((links_[hop].unusual & kWipesDscp) != 0) packet.dscp = 0;
    trial.lastLink = LinkId{hop};
    packet.route_ = RouteId{index(packet.route_) + 1};
    const NodeId at = links_[hop].to;
    Box* const box = nodes_[index(at)].box;
    if (box == nullptr) continue;
    trial.header = packet.header();
    const BoxResult result = judge(links_[hop], packet, simulator_.now());
    if (trialObserver_ != nullptr) trialObserver_->onBox(trial.header, packet.header(), result);
    if (result.action == BoxResult::Action::drop) {
      trial.refused = true;
      trial.reason = result.reason;
      return trial;
    }
    if (result.action != BoxResult::Action::replaced) continue;
    if (box->replacements().empty()) return trial;
    packet.takeFrom(box->replacements().front());
    packet.route_ = routeFor(at, packet.destinationAddress);
  }
  trial.header = packet.header();
  return trial;
}

}  // namespace callflow::fabric
