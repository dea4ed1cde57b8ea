// What the tables cannot see: faults between the parts of a network and a scenario.
#pragma once

#include <string>
#include <vector>

#include "src/config/node.h"
#include "src/diag/diag.h"
#include "src/topology/scenario.h"

namespace callflow::topology {

// The tree that an object was read from: where its values are written, and which of them reading
// has already found at fault. A fault that only follows from another one is not worth a second
// message.
class Places {
 public:
  // `prefix` is put before key paths in messages ("topology" for one inside a scenario); `found`
  // are the faults of reading.
  Places(config::NodePtr root, std::string prefix, const Diagnostics& found);

  // The place of the value at `path`; of its nearest ancestor if the file does not hold it (a
  // default).
  SourcePos at(const std::string& path) const;
  // The path as messages show it.
  std::string shown(const std::string& path) const;
  bool written(const std::string& path) const;
  // Whether reading found a fault at `path`, below it, or in what holds it.
  bool faulty(const std::string& path) const;
  // "calls.standup" for an item with a name, else "calls[2]".
  std::string item(const std::string& list, std::size_t index) const;

 private:
  config::NodePtr root_;
  std::string prefix_;
  std::vector<std::string> faults_;
};

// Dangling and circular references, names and subnets used twice, Azure regions that do not exist.
void validateTopology(const Topology& topology, const Places& places, Diagnostics& diagnostics);

// What a scenario says beyond its topology, for one case.
struct CaseView {
  const Topology& topology;
  std::string topologyPrefix;   // of key paths inside it ("topology" where the scenario holds it)
  bool topologyFaulty = false;  // reading it found faults: who reaches whom cannot be told
  const std::vector<Call>& calls;
  const std::vector<Traffic>& traffic;
  const std::vector<LinkChange>& events;
  Duration warmUp;
  Duration drain;
};

// Where a site's traffic ends up when it follows its wans: the site whose uplink it uses, or the
// last one.
struct Exit {
  std::string site;
  bool internet = false;  // it has an uplink
};
Exit exitOf(const Topology& topology, const std::string& from);

// Ends of other traffic that do not exist or cannot reach each other, times outside the simulation.
void validateTraffic(const CaseView& view, const Places& places, Diagnostics& diagnostics);

// Participants, senders and links that do not exist or cannot reach each other, calls of the wrong
// size, times outside the simulation.
void validateCase(const CaseView& view, const Places& places, Diagnostics& diagnostics);

}  // namespace callflow::topology
