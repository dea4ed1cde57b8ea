#include "src/topology/topology_table.h"

#include "src/topology/place_names.h"
#include "src/topology/regions.h"

namespace callflow::topology {
namespace {

template <class Name, std::vector<std::string> Azure::*kMember>
std::optional<std::vector<Name>> written(const Azure& azure) {
  std::vector<Name> names;
  for (const std::string& name : azure.*kMember) names.push_back({name});
  return names;
}

}  // namespace

const config::Table<Internet>& tableOf(const Internet*) {
  static const config::Table<Internet> kTable =
      config::Table<Internet>(
          "internet",
          "What joins uplinks with each other and with Azure's edges; distance sets its "
          "delay.")
          .add("stretch", &Internet::stretch,
               {.def = "1.8",
                .min = "1",
                .max = "10",
                .help =
                    "Length of the cables over the great-circle distance; light covers 200 km of "
                    "fibre in a millisecond.",
                .source =
                    "median of Azure's published round trips between 171 pairs of regions (1.79)"})
          .add("minimum-delay", &Internet::minimumDelay,
               {.def = "1 ms",
                .max = "10 s",
                .help = "Least delay, one way, however near both ends are.",
                .source = "ours: a few routers of a metropolitan exchange"})
          .add("jitter", &Internet::jitter,
               {.def = "0.5 ms",
                .help = "Extra delay that differs from packet to packet.",
                .source = "ours: an uncongested backbone"})
          .add("loss", &Internet::loss,
               {.help = "Packets lost between an uplink and the other end.",
                .source = "ours: none; access lines lose, backbones hardly do"})
          .add("dscp", &Internet::dscp,
               {.def = "wipe",
                .help = "What it makes of the marks of packets, up to where Azure begins.",
                .source = "Call flows in Azure Communication Services: marks do not survive the "
                          "Internet"});
  return kTable;
}

const config::Table<Azure>& tableOf(const Azure*) {
  static const config::Table<Azure> kTable =
      config::Table<Azure>("azure", "Azure's regions, edges and servers.")
          .property<std::vector<RegionName>>(
              "regions", &written<RegionName, &Azure::regions>,
              [](Azure& azure, const std::vector<RegionName>& names) {
                azure.regions = toStrings(names);
              },
              {.help = "Regions with relays, media processors and signaling, such as [westeurope, "
                       "eastus]; none written: every public region. callflow help regions lists "
                       "them.",
               .source = "Azure Communication Services keeps its relays and media processors near "
                         "its users; Microsoft publishes no list"})
          .property<std::vector<EdgeName>>(
              "edges", &written<EdgeName, &Azure::edges>,
              [](Azure& azure, const std::vector<EdgeName>& names) {
                azure.edges = toStrings(names);
              },
              {.help = "Cities (or regions) where traffic may enter Microsoft's backbone; none "
                       "written: every city of the built-in table. callflow help edges lists "
                       "them. Of these the one with the least delay over the whole way to the "
                       "region is taken.",
               .source = "Azure Front Door points of presence by metro, May 2023"})
          .add("relay", &Azure::relay, {.help = "The relays.", .source = "ours"})
          .property<std::vector<RegionName>>(
              "relays-off", &written<RegionName, &Azure::relaysOff>,
              [](Azure& azure, const std::vector<RegionName>& names) {
                azure.relaysOff = toStrings(names);
              },
              {.help = "Regions whose relays are off: clients use the next ones.",
               .source = "ours: none"})
          .add("media-processor", &Azure::mediaProcessor,
               {.help = "The media processors.", .source = "ours"})
          .add("pstn-delay", &Azure::pstnDelay, sbc::pstnDelay());
  return kTable;
}

const config::Table<TopologyFile>& tableOf(const TopologyFile*) {
  static const config::Table<TopologyFile> kTable =
      config::Table<TopologyFile>(
          "topology", "A network: a customer's sites and remote users, the Internet, and Azure.")
          .add("topology", &TopologyFile::name,
               {.def = "network", .help = "Its name, for titles.", .source = "ours"})
          .add("sites", &TopologyFile::sites, {.help = "Offices by name.", .source = "ours: none"})
          .add("remote", &TopologyFile::remote,
               {.help = "Remote users by name.", .source = "ours: none"})
          .add("devices", &TopologyFile::devices,
               {.help = "Boxes by name; perimeters refer to them.", .source = "ours: none"})
          .add("servers", &TopologyFile::servers,
               {.help = "Relays, media processors and SBCs of the customer's own, by name; calls "
                        "refer to them.",
                .source = "ours: none"})
          .add("internet", &TopologyFile::internet,
               {.help = "What joins all uplinks.", .source = "see there"})
          .add("azure", &TopologyFile::azure,
               {.help = "Where relays and media processors are.", .source = "see there"})
          .check([](TopologyFile& file, const config::Context& context) {
            if (file.name.empty())
              context.keyError("topology", "is an empty name", "write one, or leave the key out");
          });
  return kTable;
}

Topology toTopology(const TopologyFile& file) {
  Topology topology;
  topology.name = file.name;
  topology.sites = file.sites;
  for (const auto& [name, site] : file.remote) {
    topology.sites.emplace_back(name, site);
    topology.sites.back().second.remote = true;
  }
  topology.devices = file.devices;
  topology.servers = file.servers;
  topology.internet = file.internet;
  topology.azure = file.azure;
  if (topology.azure.regions.empty()) {
    topology.azure.everyRegion = true;
    for (const Region& region : builtInRegions()) topology.azure.regions.emplace_back(region.name);
  }
  return topology;
}

TopologyFile toFile(const Topology& topology) {
  TopologyFile file;
  file.name = topology.name;
  for (const auto& [name, site] : topology.sites) {
    if (site.remote)
      file.remote.emplace_back(name, RemoteSite{site});
    else
      file.sites.emplace_back(name, site);
  }
  file.devices = topology.devices;
  file.servers = topology.servers;
  file.internet = topology.internet;
  file.azure = topology.azure;
  if (file.azure.everyRegion) file.azure.regions.clear();
  return file;
}

}  // namespace callflow::topology
