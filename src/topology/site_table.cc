// Places: offices and remote users.
#include "src/topology/place_names.h"
#include "src/topology/regions.h"
#include "src/topology/topology_table.h"

namespace callflow::topology {
namespace {

std::optional<std::optional<WanLine>> wanOf(const Site& site) {
  if (!site.wan) return std::optional<WanLine>{};
  return WanLine{site.wan->to, site.wan->link.up, site.wan->link.down, site.wan->perimeter,
                 site.wan->farPerimeter};
}

void setWan(Site& site, const std::optional<WanLine>& line) {
  site.wan.reset();
  if (line)
    site.wan = Wan{line->to, Link{line->up, line->down}, line->perimeter, line->farPerimeter};
}

std::optional<std::optional<PeeringLine>> peeringOf(const Site& site) {
  if (!site.peering) return std::optional<PeeringLine>{};
  const auto at = site.peering->at ? std::optional(EdgeName{*site.peering->at}) : std::nullopt;
  return PeeringLine{at, site.peering->link.up, site.peering->link.down, site.peering->perimeter,
                     site.peering->advertises};
}

void setPeering(Site& site, const std::optional<PeeringLine>& line) {
  site.peering.reset();
  if (!line) return;
  const auto at = line->at ? std::optional(line->at->name) : std::nullopt;
  site.peering = Peering{at, Link{line->up, line->down}, line->perimeter, line->advertises};
}

// With a wan and nothing said about an uplink, a site has none: backhaul.
void leaveOutUplink(Site& site, const config::Context& context) {
  if (site.wan && !context.has("uplink")) site.uplink.reset();
}

// What is not advertised at a peering is answered by the uplink.
void answersHaveAWay(const Site& site, const config::Context& context) {
  if (!site.peering || site.uplink) return;
  if (!site.peering->tellsOf(Advertised::peering))
    context.keyError("peering",
                     "does not advertise its own addresses, and there is no uplink by which "
                     "answers could come",
                     "write advertises: [peering], or give the site an uplink");
  else if (site.peering->tellsOf(Advertised::uplink))
    context.keyError("peering", "advertises the addresses of an uplink, and there is none",
                     "write advertises: [peering]");
}

void wiredBesideWifi(const Site& site, const config::Context& context) {
  if (!site.wifi && !site.wired.empty())
    context.keyError("wired", "has no effect without wifi", "leave it out");
  if (site.wifi && site.wired.empty() && site.accessKind)
    context.keyError("access-kind", "has no effect, as all are in its wifi",
                     "leave it out, or name those who have the line in wired:");
}

}  // namespace

const config::Table<Location>& tableOf(const Location*) {
  static const config::Table<Location> kTable =
      config::Table<Location>("location",
                              "A place on the map: [52.37, 4.90], or the name of a city (callflow "
                              "help edges) or an Azure "
                              "region (callflow help regions) there.")
          .add("latitude", &Location::latitude,
               {.def = "52.3667",
                .min = "-90",
                .max = "90",
                .help = "Degrees north of the equator, negative to the south.",
                .source = "ours: Azure region westeurope"})
          .add("longitude", &Location::longitude,
               {.def = "4.9",
                .min = "-180",
                .max = "180",
                .help = "Degrees east of Greenwich, negative to the west.",
                .source = "ours: Azure region westeurope"})
          .property<PlaceName>(
              "place", [](const Location&) { return std::optional<PlaceName>{}; },
              [](Location& location, const PlaceName& place) { location = *findEdge(place.name); },
              {.help = "The same as the coordinates of that city or Azure region.",
               .source = "of regions: az account list-locations",
               .absent = "-"})
          .positional({"latitude", "longitude"})
          .shorthand("place");
  return kTable;
}

const config::Table<Site>& tableOf(const Site*) {
  static const config::Table<Site> kTable =
      config::Table<Site>("site", "An office: people, a local network, boxes, and lines out of it.")
          .add("subnets", &Site::subnets,
               {.help = "Its private addresses, which must not overlap those of another site.",
                .source = "ours: a /16 out of 10.0.0.0/8 is taken if none is written"})
          .add("location", &Site::location,
               {.help = "Where it is; distance sets the delay of the Internet.",
                .source = "ours: Amsterdam, where Azure has westeurope"})
          .add("resolver", &Site::resolver,
               {.help = "Where its DNS resolver is: the region of its relays and media processors "
                        "is the one that is nearest to that.",
                .source = "ours: where its traffic leaves for the Internet",
                .absent = "none"})
          .add("access", &Site::access,
               {.def = "{rate: 1 Gbit/s, delay: 0.2 ms}",
                .help = "From a participant to the site's local network; those in its wifi have "
                        "the air in its place.",
                .source = "ours: a switched Ethernet"})
          .add("access-kind", &Site::accessKind,
               {.help = "What the access line is to clients who have another at a second site "
                        "(alice@home+phone): they prefer ethernet to wifi and wifi to cellular.",
                .source = "libwebrtc, rtc_base/network_constants.h: costs of 0, 10 and 900; ours: "
                          "usual is ethernet",
                .absent = "usual"})
          .add("proxy", &Site::proxy,
               {.def = "false",
                .help = "An HTTP proxy stands in its local network, at the last address of its "
                        "first subnet; clients reach their relay through it with CONNECT.",
                .source = "ours: none"})
          .add("perimeter", &Site::perimeter,
               {.help = "Devices that what crosses the uplink passes, from inside to outside. What "
                        "guards a wan stands in wan: {perimeter: [...]}.",
                .source = "ours: none"})
          .add("uplink", &Site::uplink,
               {.def = "{}",
                .help =
                    "From the outermost device to the Internet; `none`, or left out beside a wan: "
                    "no way out of its own.",
                .source = "ours: an office fibre",
                .base = "{rate: 200 Mbit/s, delay: 4 ms}"})
          .add("backup", &Site::backup,
               {.help = "A second line that takes the uplink's place while that is down (events: "
                        "state: down). The address stays, as where a router tunnels over both.",
                .source = "ours: none",
                .base = "{rate: 20 Mbit/s, delay: 25 ms, up: {rate: 5 Mbit/s}}",
                .absent = "none"})
          .property<std::optional<WanLine>>(
              "wan", wanOf, setWan,
              {.help =
                   "A private line to another site, which carries Internet traffic too if there "
                   "is no uplink.",
               .source = "ours: none",
               .base = "{rate: 20 Mbit/s, delay: 10 ms}"})
          .property<std::optional<PeeringLine>>(
              "peering", peeringOf, setPeering,
              {.help = "A private line to an edge of Azure (ExpressRoute), which carries what goes "
                       "there and keeps its DSCP; the rest takes the uplink.",
               .source = "ours: none",
               .base = "{rate: 1 Gbit/s, delay: 2 ms}"})
          .add("routes", &Site::routes,
               {.help = "Which of its lines traffic takes by its destination; the longest prefix "
                        "wins.",
                .source = "ours: to Azure by a private peering, else the uplink, else the wan"})
          .add("vpn", &Site::vpn,
               {.help = "The VPN that its participants are in: a device of kind vpn in the "
                        "perimeter of another site. Each has a tunnel to it.",
                .source = "ours: none",
                .absent = "none"})
          .add("wifi", &Site::wifi,
               {.help = "The Wi-Fi network that joins its participants to its local network: a "
                        "device of kind wifi.",
                .source = "ours: none, all have the access line",
                .absent = "none"})
          .add("wired", &Site::wired,
               {.help = "Participants who are not in its wifi: they have the access line.",
                .source = "ours: none"})
          .position(&Site::pos)
          .check([](Site& site, const config::Context& context) {
            leaveOutUplink(site, context);
            wiredBesideWifi(site, context);
            answersHaveAWay(site, context);
          });
  return kTable;
}

const config::Table<RemoteSite>& tableOf(const RemoteSite*) {
  static const config::Table<RemoteSite> kTable =
      config::Table<RemoteSite>("remote",
                                "Somebody who works away from the offices: a site with the "
                                "defaults of a home.")
          .add("subnets", &RemoteSite::subnets,
               {.help = "Its private addresses; homes may use the same ones.",
                .source = "ours: one is taken if none is written"})
          .add("location", &RemoteSite::location,
               {.help = "Where it is; distance sets the delay of the Internet.",
                .source = "ours: Amsterdam, where Azure has westeurope"})
          .add("resolver", &RemoteSite::resolver,
               {.help = "Where its DNS resolver is: the region of its relays and media processors "
                        "is the one that is nearest to that.",
                .source = "ours: where its traffic leaves for the Internet",
                .absent = "none"})
          .add("access", &RemoteSite::access,
               {.def = "{rate: 100 Mbit/s, delay: 2 ms}",
                .help = "From the participant to the home's router; those in its wifi have the "
                        "air in its place.",
                .source = "ours: a good Wi-Fi network"})
          .add("access-kind", &RemoteSite::accessKind,
               {.help = "What the access line is to clients who have another at a second site "
                        "(alice@home+phone): they prefer ethernet to wifi and wifi to cellular.",
                .source = "libwebrtc, rtc_base/network_constants.h: costs of 0, 10 and 900; ours: "
                          "usual is wifi, and ethernet for those in wired",
                .absent = "usual"})
          .add("perimeter", &RemoteSite::perimeter,
               {.help = "Devices that what crosses the uplink passes, from inside to outside. What "
                        "guards a wan stands in wan: {perimeter: [...]}.",
                .source = "ours: none"})
          .property<std::optional<std::string>>(
              "nat", [](const RemoteSite&) { return std::optional<std::optional<std::string>>{}; },
              [](RemoteSite& site, const std::optional<std::string>& device) {
                site.perimeter.clear();
                if (device) site.perimeter = {*device};
              },
              {.help = "The home's router: short for a perimeter of this one device; `none`: "
                       "nothing stands there.",
               .source = "ours: none",
               .absent = "-"})
          .add("uplink", &RemoteSite::uplink,
               {.def = "{rate: 20 Mbit/s, delay: 8 ms, up: {rate: 5 Mbit/s}}",
                .help = "From the router to the Internet.",
                .source = "ours: a home cable line",
                .base = "{rate: 20 Mbit/s, delay: 8 ms, up: {rate: 5 Mbit/s}}"})
          .add("backup", &RemoteSite::backup,
               {.help = "A second line that takes the uplink's place while that is down (events: "
                        "state: down). The address stays, as where a router tunnels over both.",
                .source = "ours: none",
                .base = "{rate: 20 Mbit/s, delay: 25 ms, up: {rate: 5 Mbit/s}}",
                .absent = "none"})
          .property<std::optional<WanLine>>("wan", wanOf, setWan,
                                            {.help = "A private line to a site.",
                                             .source = "ours: none",
                                             .base = "{rate: 20 Mbit/s, delay: 10 ms}"})
          .add("routes", &RemoteSite::routes,
               {.help = "Which of its lines traffic takes by its destination; the longest prefix "
                        "wins.",
                .source = "ours: the uplink, else the wan"})
          .add("vpn", &RemoteSite::vpn,
               {.help = "The VPN that its participants are in: a device of kind vpn in the "
                        "perimeter of another site. Each has a tunnel to it.",
                .source = "ours: none",
                .absent = "none"})
          .add("wifi", &RemoteSite::wifi,
               {.help = "The Wi-Fi network that joins its participants to its local network: a "
                        "device of kind wifi.",
                .source = "ours: none, all have the access line",
                .absent = "none"})
          .add("wired", &RemoteSite::wired,
               {.help = "Participants who are not in its wifi: they have the access line.",
                .source = "ours: none"})
          .position(&RemoteSite::pos)
          .check([](RemoteSite& site, const config::Context& context) {
            site.remote = true;
            leaveOutUplink(site, context);
            wiredBesideWifi(site, context);
            if (context.has("nat") && context.has("perimeter"))
              context.keyError("nat", "stands beside a perimeter, which says the same",
                               "write only one of them");
          });
  return kTable;
}

}  // namespace callflow::topology
