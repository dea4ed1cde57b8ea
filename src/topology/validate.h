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
  // Whether names may be missing because of a fault: the tree is not there, or one of its own keys
  // is wrong ("site:" for "sites:").
  bool hidesNames() const;
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
  const Places& network;        // its places and all its faults
  bool topologyFaulty = false;  // it has faults
  const std::vector<Call>& calls;
  const std::vector<Traffic>& traffic;
  const std::vector<LinkChange>& events;
  Duration warmUp;
  Duration drain;

  // That a name of a server, a device or a site is not there, or of another kind, may only follow
  // from a fault of the network.
  bool follows(const std::string& list, const std::string& name) const {
    return network.hidesNames() || network.faulty(list + "." + name);
  }
  bool siteFollows(const std::string& name) const {
    return follows("sites", name) || follows("remote", name);
  }
  // Who reaches whom cannot be told.
  bool waysFaulty() const {
    return network.hidesNames() || network.faulty("sites") || network.faulty("remote");
  }
};

// Where a site's traffic ends up when it follows its wans: the site whose uplink it uses, or the
// last one.
struct Exit {
  std::string site;
  bool internet = false;                  // it has an uplink
  std::vector<std::string> devices = {};  // on the way to there, inside to outside
};
Exit exitOf(const Topology& topology, const std::string& from);

// Ends of other traffic that do not exist or cannot reach each other, times outside the simulation.
void validateTraffic(const CaseView& view, const Places& places, Diagnostics& diagnostics);

// Sound and picture of a call, at `path`, that make no packets or have no effect.
void validateMedia(const Call& call, const std::string& path, const CaseView& view,
                   const Places& places, Diagnostics& diagnostics);

// Participants, senders and links that do not exist or cannot reach each other, calls of the wrong
// size, times outside the simulation.
void validateCase(const CaseView& view, const Places& places, Diagnostics& diagnostics);

}  // namespace callflow::topology
