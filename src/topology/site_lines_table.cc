// Lines of a site beside its uplink: to other sites, to Azure, and one that takes over; and which
// traffic takes which.
#include <algorithm>

#include "src/topology/topology_table.h"

namespace callflow::config {

template <>
struct EnumNames<topology::RouteBy> {
  using E = topology::RouteBy;
  static constexpr std::pair<E, const char*> kValues[] = {
      {E::uplink, "uplink"}, {E::wan, "wan"}, {E::peering, "peering"}};
};

}  // namespace callflow::config

namespace callflow::topology {
namespace {

void advertisesOnce(const PeeringLine& line, const config::Context& context) {
  for (const Advertised each : {Advertised::peering, Advertised::uplink})
    if (std::count(line.advertises.begin(), line.advertises.end(), each) > 1)
      context.keyError("advertises", "names a line twice", "name it once");
}

}  // namespace

const config::Table<WanLine>& tableOf(const WanLine*) {
  static const config::Table<WanLine> kTable =
      config::Table<WanLine>("wan", "A private line to another site; up leads to that site.")
          .add("to", &WanLine::to,
               {.required = true,
                .help = "The site at the other end.",
                .source = "none: must be written"})
          .add("perimeter", &WanLine::perimeter,
               {.help = "Devices at this end that what crosses the line passes, from inside to "
                        "outside.",
                .source = "ours: none"})
          .add("far-perimeter", &WanLine::farPerimeter,
               {.help = "Devices at the other end, from the inside of the site there to the line: "
                        "what comes over the line comes to them from outside. Lines to one site "
                        "may end at the same devices, as tunnels do at a gateway.",
                .source = "ours: none"})
          .presets("preset", fabric::linkPresets(),
                   {.help = "A line or a condition by name, for both directions; what is written "
                            "beside it wins.",
                    .source = "ours: none"})
          .bothWays("up", &WanLine::up, "down", &WanLine::down,
                    {.help = "Only this direction: up leads to the other site, down from it.",
                     .source = "as written for both"});
  return kTable;
}

const config::Table<Backup>& tableOf(const Backup*) {
  static const config::Table<Backup> kTable =
      config::Table<Backup>("backup",
                            "A second line that takes the uplink's place while that is down.")
          .add("after", &Backup::after,
               {.def = "3 s",
                .max = "5 min",
                .help = "From the uplink's failure until it is noticed; back it goes at once.",
                .source = "ours: three probes of a second each"})
          .presets("preset", fabric::linkPresets(),
                   {.help = "A line or a condition by name, for both directions; what is written "
                            "beside it wins.",
                    .source = "ours: none"})
          .bothWays("up", &Backup::up, "down", &Backup::down,
                    {.help = "Only this direction: up leads to the Internet, down from it.",
                     .source = "as written for both"});
  return kTable;
}

const config::Table<PeeringLine>& tableOf(const PeeringLine*) {
  static const config::Table<PeeringLine> kTable =
      config::Table<PeeringLine>("peering", "A private line to an edge of Azure; up leads there.")
          .add("at", &PeeringLine::at,
               {.help = "Where it meets Azure's network: a city or region of callflow help edges.",
                .source = "ours: the edge that is nearest to the site"})
          .add("perimeter", &PeeringLine::perimeter,
               {.help = "Devices that what crosses it passes, from inside to outside: Azure takes "
                        "public addresses only, so that clients with private ones need a NAT here.",
                .source = "ours: none"})
          .add("advertises", &PeeringLine::advertises,
               {.def = "[peering]",
                .help = "Whose addresses it tells Azure of: those that what leaves by the peering "
                        "has, by the uplink. Answers to them come by the peering, all others over "
                        "the Internet; if that is not the way that the packets went, a stateful "
                        "box on the way back drops them.",
                .source = "Azure ExpressRoute, \"Asymmetric routing\": each way out is to have "
                          "addresses of its own"})
          .presets("preset", fabric::linkPresets(),
                   {.help = "A line or a condition by name, for both directions; what is written "
                            "beside it wins.",
                    .source = "ours: none"})
          .bothWays("up", &PeeringLine::up, "down", &PeeringLine::down,
                    {.help = "Only this direction: up leads to Azure, down from it.",
                     .source = "as written for both"})
          .check(&advertisesOnce);
  return kTable;
}

const config::Table<SiteRoute>& tableOf(const SiteRoute*) {
  static const config::Table<SiteRoute> kTable =
      config::Table<SiteRoute>("route", "Which line of a site some of its traffic takes.")
          .add("to", &SiteRoute::to,
               {.required = true,
                .help = "Destinations: prefixes, azure, any.",
                .source = "none: must be written"})
          .add("by", &SiteRoute::by,
               {.required = true,
                .help = "The line. By wan it goes on from the site there, as that one's would.",
                .source = "none: must be written"});
  return kTable;
}

}  // namespace callflow::topology
