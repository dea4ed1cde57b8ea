#include "models/client/rate_controller.h"

#include <stdexcept>

#include "models/gcc/controller.h"
#include "models/nada/controller.h"
#include "models/scream/controller.h"

namespace callflow::client {

namespace {

gcc::Version gccOf(Version version) {
  switch (version) {
    case Version::chrome2020:
      return gcc::Version::chrome2020;
    case Version::chrome2024:
      return gcc::Version::chrome2024;
    case Version::chrome2026:
      break;
  }
  return gcc::Version::chrome2026;
}

}  // namespace

std::unique_ptr<congestion::Controller> makeController(congestion::Kind kind, Version version) {
  switch (kind) {
    case congestion::Kind::gcc:
      return std::make_unique<gcc::Controller>(gcc::Parameters{.version = gccOf(version)});
    case congestion::Kind::nada:
      return std::make_unique<nada::Controller>(nada::Parameters{});
    case congestion::Kind::scream:
      return std::make_unique<scream::Controller>(scream::Parameters{});
  }
  throw std::logic_error("no such controller");
}

}  // namespace callflow::client
