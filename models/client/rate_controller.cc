#include "models/client/rate_controller.h"

#include "models/nada/controller.h"

namespace callflow::client {

std::unique_ptr<congestion::Controller> makeController(congestion::Kind, Version) {
  return std::make_unique<nada::Controller>(nada::Parameters{});
}

}  // namespace callflow::client
