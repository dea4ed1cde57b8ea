#include "src/sim/missed.h"

#include <optional>
#include <utility>

#include "src/sim/found_path.h"

namespace callflow::sim {

namespace {

using explain::Finding;
using topology::PathKind;

// That nobody has a private address out there is what befalls most checks of most calls.
bool isTelling(const LostPackets::Lost* lost) {
  return lost != nullptr && lost->cause != fabric::DropCause::noRoute &&
         lost->cause != fabric::DropCause::noListener;
}

// A client's way to its relay, of this kind.
std::optional<Finding> towardsRelay(const IceNetwork& network, const IceSession& session,
                                    std::size_t i, PathKind kind) {
  const ice::Gathering& gathering = session.client(i).agent().gathering();
  for (const ice::Port& port : gathering.ports()) {
    if (!port.relay || port.own || kindOf(port) != kind) continue;
    const wire::Endpoint server = gathering.serverOf(port);
    const LostPackets::Lost* const lost = network.lost().between(port.socket, server);
    if (!isTelling(lost)) continue;
    return Finding{.client = session.element(i),
                   .goal = Finding::Goal::ownRelay,
                   .access = explain::accessOf(kind),
                   .server = network.relayAt(server.address),
                   .refusal = network.lost().refusal(*lost),
                   .port = server.port};
  }
  return std::nullopt;
}

// Its checks, and what did not come back of them.
std::optional<Finding> towardsPeer(const IceNetwork& network, const IceSession& session,
                                   std::size_t i, PathKind kind) {
  const ice::Agent& agent = session.client(i).agent();
  for (const ice::Pairs* const pairs : {&agent.pairs(), &agent.former()}) {
    for (const auto& pair : *pairs) {
      if (kindOf(agent.gathering().ports()[pair->port()]) != kind) continue;
      const LostPackets::Lost* const lost =
          pair->answers() > 0 ? network.lost().tooLarge(pair->local().base, pair->remote().address)
                              : network.lost().of(*pair, session.element(1 - i));
      if (isTelling(lost))
        return Finding{.client = session.element(i), .refusal = network.lost().refusal(*lost)};
    }
  }
  return std::nullopt;
}

}  // namespace

std::vector<Finding> missedBy(const IceNetwork& network, const IceSession& session, PathKind kind) {
  std::vector<Finding> findings;
  for (const std::size_t i : {0U, 1U}) {
    if (!session.isClient(i)) continue;
    auto found = kind == PathKind::direct ? std::nullopt : towardsRelay(network, session, i, kind);
    if (!found) found = towardsPeer(network, session, i, kind);
    if (found) findings.push_back(std::move(*found));
  }
  return findings;
}

}  // namespace callflow::sim
