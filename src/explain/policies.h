// The policies of the models, made from what a topology says about its devices.
#pragma once

#include "models/firewall/gateway.h"
#include "models/nat/policy.h"
#include "src/topology/model.h"

namespace callflow::explain {

// `outside` is the device's public address (Element::address); unused where the device does not
// translate.
firewall::GatewayPolicy gatewayPolicy(const topology::Firewall& firewall, fabric::Ipv4 outside);
nat::Policy natPolicy(const topology::Nat& nat, fabric::Ipv4 outside);

}  // namespace callflow::explain
