#include "src/check/port_views.h"

#include <variant>

#include "models/wire/service.h"
#include "src/explain/signaling_reach.h"

namespace callflow::check {
namespace {

topology::Case opened(const Context& context, const std::set<std::string>& devices) {
  topology::Case made;
  made.topology = context.topology();
  for (auto& [name, device] : made.topology.devices) {
    if (devices.count(name) == 0) continue;
    if (auto* const wall = std::get_if<firewall::Firewall>(&device.kind)) {
      wall->rules.clear();
      wall->defaultOut = firewall::Action::allow;
    }
    if (auto* const vpn = std::get_if<vpn::Vpn>(&device.kind)) vpn->rules.clear();
  }
  return made;
}

}  // namespace

SignalingNetwork::SignalingNetwork(const Context& context)
    : topology_(explain::withSignalingServer(context.topology())),
      graph_(topology_, context.participants()),
      trials_(graph_, topology_) {}

std::optional<Closed> SignalingNetwork::reach(const std::string& element) {
  const auto from = graph_.find(element);
  const auto server = graph_.find(explain::kSignalingServer);
  if (!from || !server) return std::nullopt;
  const auto out = graph_.route(*from, *server);
  const auto back = graph_.route(*server, *from);
  if (!out || !back) return std::nullopt;
  const wire::Ipv4 address{graph_.element(*server).address};
  return trials_.exchange(*from, *out, *back, wire::Protocol::tcp, {address, wire::kTurnTcpPort});
}

OpenedView::OpenedView(const Context& context, const std::set<std::string>& devices)
    : case_(opened(context, devices)), context_(case_, context.share()), view_(context_) {}

const Person* OpenedView::at(const std::string& site) const {
  for (const Person& each : context_.people())
    if (each.siteName == site) return &each;
  return nullptr;
}

}  // namespace callflow::check
