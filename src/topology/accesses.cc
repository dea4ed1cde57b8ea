#include "src/topology/accesses.h"

#include <utility>

#include "src/topology/validate_words.h"
#include "src/units/quoted.h"

namespace callflow::topology {

ice::AccessKind accessKind(const Topology& topology, const Element& interface) {
  const Site* const site = find(topology.sites, interface.site);
  if (site == nullptr) return ice::AccessKind::ethernet;
  return site->accessOf(interface.name.substr(0, interface.name.find('@')));
}

void preferAccesses(const Topology& topology, std::vector<Call>& calls) {
  for (Call& call : calls) {
    for (Participant& who : call.participants) {
      const Site* const first = find(topology.sites, who.site);
      const Site* const second = find(topology.sites, who.second);
      if (first == nullptr || second == nullptr) continue;
      if (second->accessOf(who.name) < first->accessOf(who.name)) std::swap(who.site, who.second);
    }
  }
}

std::optional<AccessFault> secondAccessFault(const Topology& topology, const Call& call,
                                             const Participant& who) {
  if (who.second.empty()) return std::nullopt;
  const std::string one = "write " + who.name + "@" + who.site;
  if (who.telephone != Telephone::none)
    return AccessFault{quoted(who.name) + " has a telephone, which has no second access", one};
  if (find(topology.sites, who.second) == nullptr)
    return AccessFault{"there is no site " + quoted(who.second),
                       meant(who.second, namesOf(topology.sites), "site")};
  if (who.second == who.site)
    return AccessFault{quoted(who.name) + " has both accesses at " + quoted(who.site),
                       one + ", or name two sites"};
  for (const Participant& other : call.participants)
    if (other.telephone == Telephone::bypass)
      return AccessFault{quoted(who.name) + " has two accesses, and media to the telephone of " +
                             quoted(other.name) + " takes one path for the whole call",
                         one + ", or leave media-bypass of the SBC out"};
  // The tunnel would have to move with the client from one access to the other.
  for (const std::string& name : {who.site, who.second}) {
    const Site* const site = find(topology.sites, name);
    if (site == nullptr || !site->vpn) continue;
    return AccessFault{quoted(who.name) + " has two accesses, and who is at " + quoted(name) +
                           " is in a VPN, whose tunnels stay on one",
                       one + ", or leave vpn: of " + name + " out"};
  }
  return std::nullopt;
}

}  // namespace callflow::topology
