// Routes through boxes that translate.
#pragma once

#include <span>

#include "models/fabric/fabric.h"

namespace callflow::fabric {

// What a link enters from its outside: a box's node and its address.
struct Translator {
  NodeId node = kNoNode;
  Ipv4 address;
  std::uint32_t addresses = 1;  // one behind the other
};

// Sends what is addressed to `destination` along `links`, from where they begin.
// `translatorAt(i)` is the translating box that the i-th link enters from its outside, or no
// address: packets are addressed to it up to there, and from there to what is behind it. What that
// is, is known only at the far end, so segments are laid from there backwards. Gives the route of
// the first segment.
template <class TranslatorAt>
RouteId layRoute(Fabric& fabric, NodeId from, std::span<const LinkId> links, Ipv4 destination,
                 TranslatorAt&& translatorAt) {
  std::size_t end = links.size();
  std::uint32_t destinations = 1;
  const auto lead = [&](NodeId at, RouteId route) {
    for (std::uint32_t i = 0; i < destinations; ++i)
      fabric.setRoute(at, Ipv4{destination.value + i}, route);
    return route;
  };
  for (std::size_t i = links.size(); i-- > 0;) {
    const Translator translator = translatorAt(i);
    if (translator.address == Ipv4{}) continue;
    lead(translator.node, fabric.addRoute(links.subspan(i + 1, end - i - 1)));
    destination = translator.address;
    destinations = translator.addresses;
    end = i + 1;
  }
  return lead(from, fabric.addRoute(links.first(end)));
}

}  // namespace callflow::fabric
