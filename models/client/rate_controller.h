// The controller that a release of a client uses.
#pragma once

#include <memory>

#include "models/client/parameters.h"
#include "models/congestion/controller.h"
#include "models/congestion/parameters.h"

namespace callflow::client {

std::unique_ptr<congestion::Controller> makeController(congestion::Kind kind, Version version);

}  // namespace callflow::client
