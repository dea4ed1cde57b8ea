#include "src/topology/graph_telephones.h"

#include <utility>

#include "src/topology/graph_links.h"
#include "src/topology/regions.h"
#include "src/topology/telephones.h"

namespace callflow::topology {
namespace {

std::vector<ElementId> addTrunks(GraphData& data) {
  std::vector<ElementId> regions;
  for (const Element& each : data.elements)
    if (each.kind == ElementKind::azureRegion) regions.push_back(each.id);
  std::vector<ElementId> trunks;
  for (const ElementId region : regions) {
    Element trunk;
    trunk.kind = ElementKind::trunk;
    trunk.ports = sbc::Sbc{}.ports;
    const std::size_t number = regionNumber(data.elements[index(region)].site);
    trunks.push_back(data.addServer(std::move(trunk), region, "trunk", trunkAddress(number)));
  }
  return trunks;
}

}  // namespace

void addTelephones(GraphData& data, const Topology& topology,
                   const std::vector<Participant>& participants, AddressPlan& addresses) {
  std::vector<ElementId> trunks;
  for (const Participant& who : participants) {
    if (who.telephone == Telephone::none) continue;
    Element telephone;
    telephone.kind = ElementKind::participant;
    telephone.name = who.name + "@" + who.site;
    if (data.byName.count(telephone.name) != 0) continue;
    telephone.site = who.site;
    telephone.address = addresses.publicHost();
    const ElementId id = data.addElement(std::move(telephone), {});
    const auto join = [&, &name = who.name](ElementId gateway, Duration delay) {
      LinkDirection line = freeDirection();
      line.delay = delay;
      data.addLink(LinkKind::pstn, data.elements[index(gateway)].name + ".pstn:" + name, id,
                   gateway, symmetric(line));
    };
    if (const sbc::Sbc* const sbc = sbcNamed(topology, who.site); sbc != nullptr) {
      join(data.byName.find(who.site)->second, sbc->pstnDelay);
      continue;
    }
    if (trunks.empty()) trunks = addTrunks(data);
    for (const ElementId trunk : trunks) join(trunk, topology.azure.pstnDelay);
  }
}

}  // namespace callflow::topology
