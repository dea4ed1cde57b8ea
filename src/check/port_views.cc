#include "src/check/port_views.h"

#include <variant>

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

OpenedView::OpenedView(const Context& context, const std::set<std::string>& devices)
    : case_(opened(context, devices)),
      context_(case_, context.share(), context.pathsOf()),
      view_(context_) {}

const Person* OpenedView::at(const std::string& site) const {
  for (const Person& each : context_.people())
    if (each.siteName == site) return &each;
  return nullptr;
}

}  // namespace callflow::check
