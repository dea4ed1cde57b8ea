// What a scenario says about TCP and what is wrapped around it, in the words of the models.
#pragma once

#include "models/transport/tcp_layer.h"
#include "models/transport/tls.h"
#include "src/topology/scenario.h"

namespace callflow::sim {

transport::TcpSettings tcpSettings(const topology::Tcp& tcp);
transport::Security security(topology::Security security);

}  // namespace callflow::sim
