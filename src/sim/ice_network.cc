#include "src/sim/ice_network.h"

#include <array>
#include <optional>
#include <string>
#include <utility>

namespace callflow::sim {

using explain::PortBook;
using topology::ElementId;

turn::Credentials relayCredentials() {
  return {"callflow", "password"};
}

IceNetwork::IceNetwork(Wiring& wiring, PortBook& ports)
    : wiring_(wiring), ports_(ports) {}

void IceNetwork::killRelay(ElementId element) {
  relay(element).die();
  wiring_.setRelayAlive(element, false);
}

turn::Server& IceNetwork::relay(ElementId element) {
  std::unique_ptr<turn::Server>& server = relays_[element];
  if (server != nullptr) return *server;
  turn::ServerSettings settings;
  settings.address = wire::Ipv4{graph().element(element).address};
  settings.passwordOf = [](const std::string&) {
    return std::optional(relayCredentials().password);
  };
  settings.nextPort = [this, element]() -> std::optional<std::uint16_t> {
    if (!ports_.left(element)) return std::nullopt;
    return ports_.next(element, PortBook::Use::relay);
  };
  settings.freePort = [](std::uint16_t) {};
  const std::array<std::uint16_t, 1> listens{explain::kStunPort};
  server = std::make_unique<turn::Server>(datagrams(), wiring_.network().node(element),
                                          std::move(settings), listens);
  return *server;
}

conference::IceSocket& IceNetwork::processor(ElementId element) {
  std::unique_ptr<conference::IceSocket>& socket = processors_[element];
  if (socket != nullptr) return *socket;
  const topology::Element& at = graph().element(element);
  socket = std::make_unique<conference::IceSocket>(
      datagrams(), wiring_.network().node(element),
      wire::Endpoint{wire::Ipv4{at.address}, at.ports.first});
  return *socket;
}

}  // namespace callflow::sim
