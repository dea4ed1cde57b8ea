// Routes through boxes that translate.
#pragma once

#include <span>

#include "models/fabric/fabric.h"

namespace callflow::fabric {

// What a link enters from its outside: a box's node and its address.
struct Translator {
  NodeId node = kNoNode;
  Ipv4 address;
};

// Sends what is addressed to `destination` along `links`, from where they begin.
// `translatorAt(link)` is the translating box that the link enters from its outside, or no address:
// packets are addressed to it up to there, and from there to what is behind it. What that is, is
// known only at the far end, so segments are laid from there backwards. Gives the route of the
// first segment.
template <class TranslatorAt>
RouteId layRoute(Fabric& fabric, NodeId from, std::span<const LinkId> links, Ipv4 destination,
                 TranslatorAt&& translatorAt) {
  std::size_t end = links.size();
  for (std::size_t i = links.size(); i-- > 0;) {
    const Translator translator = translatorAt(links[i]);
    if (translator.address == Ipv4{}) continue;
    fabric.setRoute(translator.node, destination,
                    fabric.addRoute(links.subspan(i + 1, end - i - 1)));
    destination = translator.address;
    end = i + 1;
  }
  const RouteId first = fabric.addRoute(links.first(end));
  fabric.setRoute(from, destination, first);
  return first;
}

}  // namespace callflow::fabric
