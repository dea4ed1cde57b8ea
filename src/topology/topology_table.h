// The parameter tables of a network: see src/config/table.h for what a row says.
#pragma once

#include "models/conference/keys.h"
#include "models/fabric/keys.h"
#include "models/relay/keys.h"
#include "models/sbc/keys.h"
#include "models/wire/keys.h"
#include "src/config/table.h"
#include "src/topology/kinds.h"
#include "src/topology/model.h"
#include "src/topology/place_names.h"
#include "src/topology/text_forms.h"

namespace callflow::topology {

// `remote:` has the keys of `sites:` with other defaults, and `nat:` as a short form of its
// perimeter.
struct RemoteSite : Site {};

// A Wan as it is written: the keys of the line beside `to`.
struct WanLine {
  std::string to;
  LinkDirection up;
  LinkDirection down;
  std::vector<std::string> perimeter = {};
  std::vector<std::string> farPerimeter = {};
};

// A Peering as it is written.
struct PeeringLine {
  std::optional<EdgeName> at = {};
  LinkDirection up;
  LinkDirection down;
  std::vector<std::string> perimeter = {};
  std::vector<Advertised> advertises = {};
};

// What a topology file says, before its two kinds of site become one list.
struct TopologyFile {
  std::string name;
  Named<Site> sites;
  Named<RemoteSite> remote;
  Named<Device> devices;
  Named<Server> servers;
  Internet internet;
  Azure azure;
};

Topology toTopology(const TopologyFile& file);
TopologyFile toFile(const Topology& topology);

const config::Table<Link>& tableOf(const Link*);
const config::Table<Device>& tableOf(const Device*);
const config::Table<Server>& tableOf(const Server*);
const config::Table<Location>& tableOf(const Location*);
const config::Table<WanLine>& tableOf(const WanLine*);
const config::Table<Backup>& tableOf(const Backup*);
const config::Table<PeeringLine>& tableOf(const PeeringLine*);
const config::Table<SiteRoute>& tableOf(const SiteRoute*);
const config::Table<Site>& tableOf(const Site*);
const config::Table<RemoteSite>& tableOf(const RemoteSite*);
const config::Table<Internet>& tableOf(const Internet*);
const config::Table<Azure>& tableOf(const Azure*);
const config::Table<TopologyFile>& tableOf(const TopologyFile*);

}  // namespace callflow::topology
