#include "src/topology/telephones.h"

#include <variant>

#include "src/topology/validate_words.h"

namespace callflow::topology {

const sbc::Sbc* sbcNamed(const Topology& topology, const std::string& name) {
  const Server* const server = find(topology.servers, name);
  return server == nullptr ? nullptr : std::get_if<sbc::Sbc>(&server->kind);
}

void findTelephones(const Topology& topology, std::vector<Call>& calls) {
  for (Call& call : calls) {
    for (Participant& who : call.participants) {
      if (find(topology.sites, who.site) != nullptr) continue;
      if (const sbc::Sbc* const sbc = sbcNamed(topology, who.site); sbc != nullptr)
        who.telephone = sbc->mediaBypass ? Telephone::bypass : Telephone::sbc;
      else if (who.site == kTrunk)
        who.telephone = Telephone::trunk;
    }
  }
}

}  // namespace callflow::topology
