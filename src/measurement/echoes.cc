#include "src/measurement/echoes.h"

namespace callflow::measurement {

void Echoes::take(const IpPacket& packet, Duration at) {
  if (packet.protocol != (packet.six ? 58U : 1U)) return;
  const auto type = packet.carried.byte(0);
  const bool asks = type == (packet.six ? 128U : 8U);
  const auto identifier = packet.carried.pair(4), sequence = packet.carried.pair(6);
  if ((!asks && type != (packet.six ? 129U : 0U)) || !identifier || !sequence) return;
  const std::pair ends =
      asks ? std::pair(packet.from, packet.to) : std::pair(packet.to, packet.from);
  if (!ends_) ends_ = ends;
  if (*ends_ != ends)
    others_ = true;
  else if (asks)
    request({*identifier, *sequence}, at);
  else
    reply({*identifier, *sequence}, at);
}

void Echoes::request(std::pair<std::uint32_t, std::uint32_t> numbers, Duration at) {
  const auto open = open_.find(numbers);
  // The same numbers again within a second: the capture saw one packet at two interfaces.
  if (open != open_.end() && at - probes_[open->second].sent < Duration::s(1)) return;
  open_[numbers] = probes_.size();
  probes_.push_back({at, std::nullopt});
}

void Echoes::reply(std::pair<std::uint32_t, std::uint32_t> numbers, Duration at) {
  const auto open = open_.find(numbers);
  if (open == open_.end() || probes_[open->second].roundTrip) return;
  Probe& probe = probes_[open->second];
  const Duration roundTrip = at - probe.sent;
  if (roundTrip >= Duration{} && roundTrip <= kLongestRoundTrip) probe.roundTrip = roundTrip;
}

Result<Probes> Echoes::probes(Duration end) const {
  if (others_)
    return Faults{{0, "has pings of several pairs of addresses",
                   "take one: tcpdump -r IN -w OUT host " + addressText(ends_->first) + " and " +
                       addressText(ends_->second)}};
  Probes kept;
  for (const Probe& probe : probes_) {
    if (probe.roundTrip || end - probe.sent >= Duration::s(1)) kept.list.push_back(probe);
  }
  return kept;
}

}  // namespace callflow::measurement
