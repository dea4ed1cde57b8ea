#include "src/topology/traffic_hosts.h"

#include "src/topology/validate.h"

namespace callflow::topology {
namespace {

// No site of a file has such a name: they hold no "/".
std::string serverSite(const Traffic& traffic) {
  return "internet/" + traffic.name;
}

Participant hostOf(const Traffic& traffic, const std::string& end, const char* role) {
  if (end == kInternet) return {"server", serverSite(traffic), traffic.pos};
  const std::size_t at = end.find('@');
  if (at != std::string::npos) return {end.substr(0, at), end.substr(at + 1), traffic.pos};
  return {traffic.name + role, end, traffic.pos};
}

}  // namespace

TrafficEnds endsOf(const Traffic& traffic) {
  const bool sameSite = traffic.from == traffic.to;
  return {hostOf(traffic, traffic.from, ""), hostOf(traffic, traffic.to, sameSite ? " to" : "")};
}

Inhabited withTrafficHosts(const Topology& topology, const std::vector<Call>& calls,
                           const std::vector<Traffic>& traffic) {
  Inhabited result{topology, {}};
  for (const Call& call : calls) {
    result.people.insert(result.people.end(), call.participants.begin(), call.participants.end());
  }
  for (const Traffic& each : traffic) {
    const TrafficEnds ends = endsOf(each);
    if (each.from == kInternet || each.to == kInternet) {
      Site place;
      place.remote = true;
      // Near where the other end enters the Internet; the rest of the way is `distance`.
      const std::string exit =
          exitOf(topology, each.from == kInternet ? ends.to.site : ends.from.site).site;
      for (const auto& [name, site] : topology.sites) {
        if (name == exit) place.location = site.location;
      }
      place.uplink.emplace();
      place.uplink->up.delay = place.uplink->down.delay = each.distance;
      place.pos = each.pos;
      result.topology.sites.emplace_back(serverSite(each), std::move(place));
    }
    result.people.push_back(ends.from);
    result.people.push_back(ends.to);
  }
  return result;
}

}  // namespace callflow::topology
