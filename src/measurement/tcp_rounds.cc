#include "src/measurement/tcp_rounds.h"

#include <algorithm>
#include <limits>
#include <set>

namespace callflow::measurement {
namespace {

constexpr std::uint32_t kFin = 1, kSyn = 2, kReset = 4, kAck = 16;
constexpr std::int64_t kLongestSegment = 65'535;

// The number near `known` whose last 32 bits are these.
std::int64_t near(std::int64_t known, std::uint32_t bits) {
  return known + static_cast<std::int32_t>(bits - static_cast<std::uint32_t>(known));
}

Duration medianOf(std::vector<Duration> values) {
  if (values.empty()) return {};
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

}  // namespace

void TcpRounds::take(const IpPacket& packet, Duration at) {
  if (packet.protocol != 6) return;
  const Bytes& tcp = packet.carried;
  const auto from = tcp.pair(0), to = tcp.pair(2);
  const auto sequence = tcp.four(4), number = tcp.four(8);
  const auto offset = tcp.byte(12), flags = tcp.byte(13);
  if (!flags || (*flags & kReset) != 0) return;
  const std::size_t header = (*offset >> 4) * 4;
  if (header > packet.length) return;
  // SYN and FIN count as a byte each.
  const std::size_t length =
      packet.length - header + ((*flags & kSyn) != 0 ? 1 : 0) + ((*flags & kFin) != 0 ? 1 : 0);
  if (length > 0) send(ways_[{{packet.from, packet.to}, *from, *to}], *sequence, length, at);
  if ((*flags & kAck) == 0) return;
  const auto back = ways_.find({{packet.to, packet.from}, *to, *from});
  if (back != ways_.end()) acknowledge(back->second, *number, at);
}

void TcpRounds::send(Way& way, std::uint32_t sequence, std::size_t length, Duration at) {
  const std::int64_t begin = way.highest ? near(*way.highest, sequence) : sequence;
  const std::int64_t end = begin + static_cast<std::int64_t>(length);
  if (!way.highest) way.acknowledged = begin;
  // What was acknowledged is sent once more to keep the connection alive, or for nothing.
  if (end <= way.acknowledged) return;
  const bool again = way.highest && begin < *way.highest;
  auto open = way.open.lower_bound(begin - kLongestSegment);
  for (; again && open != way.open.end() && open->first < end; ++open) {
    if (open->second.end > begin) way.lost[open->second.probe] = true;
  }
  way.highest = std::max(way.highest.value_or(end), end);
  way.open.emplace(begin, Open{end, way.probes.size(), again});
  way.probes.push_back({at, std::nullopt});
  way.lost.push_back(false);
}

void TcpRounds::acknowledge(Way& way, std::uint32_t number, Duration at) {
  const std::int64_t acknowledged = near(*way.highest, number);
  if (acknowledged > *way.highest || acknowledged <= way.acknowledged) return;
  way.acknowledged = acknowledged;
  // Behind a hole ACKs stand still: what the one that fills it tells is how long that took.
  bool behindHole = false;
  std::optional<std::size_t> last;
  for (auto open = way.open.begin(); open != way.open.end() && open->first < acknowledged;) {
    if (open->second.end > acknowledged) {
      ++open;
      continue;
    }
    const std::size_t probe = open->second.probe;
    way.probes[probe].arrived = !way.lost[probe];
    behindHole |= open->second.again || way.lost[probe];
    // Of those before the last the receiver may have put off the ACK.
    if (open->second.end == acknowledged) last = probe;
    open = way.open.erase(open);
  }
  if (!last || behindHole) return;
  const Duration roundTrip = at - way.probes[*last].sent;
  if (roundTrip < Duration{} || roundTrip > kLongestRoundTrip) return;
  way.probes[*last].roundTrip = roundTrip;
  way.measured = true;
}

bool TcpRounds::empty() const {
  return std::none_of(ways_.begin(), ways_.end(),
                      [](const auto& way) { return way.second.measured; });
}

// The two ends between which most was measured, in the order of their addresses.
TcpRounds::Ends TcpRounds::busiest() const {
  std::map<Ends, std::size_t> packets;
  for (const auto& [flow, way] : ways_) {
    const auto& [from, to] = std::get<Ends>(flow);
    if (way.measured) packets[std::minmax(from, to)] += way.probes.size();
  }
  const auto fewer = [](const auto& a, const auto& b) { return a.second < b.second; };
  return std::max_element(packets.begin(), packets.end(), fewer)->first;
}

Result<Probes> TcpRounds::probes(Duration end) const {
  const Ends ends = busiest();
  std::map<Ends, std::vector<Duration>> roundTrips;
  for (const auto& [flow, way] : ways_) {
    const Ends& those = std::get<Ends>(flow);
    if (!way.measured) continue;
    if (Ends(std::minmax(those.first, those.second)) != ends)
      return Faults{{0, "has TCP between several pairs of addresses",
                     "take one: tcpdump -r IN -w OUT host " + addressText(ends.first) + " and " +
                         addressText(ends.second)}};
    for (const Probe& probe : way.probes) {
      if (probe.roundTrip) roundTrips[those].push_back(*probe.roundTrip);
    }
  }
  const auto shorter = [](const auto& a, const auto& b) {
    return medianOf(a.second) < medianOf(b.second);
  };
  const Ends chosen = std::max_element(roundTrips.begin(), roundTrips.end(), shorter)->first;
  Probes probes{.list = {}, .bothWays = false};
  for (const auto& [flow, way] : ways_) {
    if (std::get<Ends>(flow) != chosen || !way.measured) continue;
    for (std::size_t i = 0; i < way.probes.size(); ++i) {
      const Probe& probe = way.probes[i];
      const bool known = probe.roundTrip || probe.arrived || way.lost[i];
      if (known || end - probe.sent >= Duration::s(1)) probes.list.push_back(probe);
    }
  }
  probes.notes.push_back("round trips are those of TCP, from data of " + addressText(chosen.first) +
                         " to its ACK; loss is of what was sent again");
  return probes;
}

}  // namespace callflow::measurement
