// The kinds of each family, one line a family. From it come the variant that the reader fills, the
// factory, the drawings, the help, the schema and the list that the test "every key has an effect"
// walks. To add a box: a folder in models/ with parameters.h, keys.h, keys.cc and the box itself
// (models/fabric/box_kind.h says what it must tell of itself), an include and a word here, and its
// folder in the list of CMakeLists.txt.
#pragma once

#include <memory>
#include <variant>

#include "models/conference/parameters.h"
#include "models/fabric/box_kind.h"
#include "models/firewall/parameters.h"
#include "models/inspector/parameters.h"
#include "models/nat/parameters.h"
#include "models/relay/parameters.h"
#include "models/sbc/parameters.h"
#include "models/shaper/parameters.h"
#include "models/traffic/parameters.h"
#include "models/vpn/parameters.h"
#include "models/wifi/parameters.h"

namespace callflow::topology {

template <class... Each>
struct Kinds {
  using Variant = std::variant<Each...>;

  static fabric::BoxRole role(const Variant& kind) {
    return std::visit([](const auto& parameters) { return roleOf(parameters); }, kind);
  }
  static std::unique_ptr<fabric::Box> make(const Variant& kind, const fabric::BoxPlace& place) {
    return std::visit([&](const auto& parameters) { return makeBox(parameters, place); }, kind);
  }
};

using BoxKinds =
    Kinds<firewall::Firewall, nat::Nat, shaper::Shaper, inspector::Inspector, vpn::Vpn, wifi::Wifi>;

using TrafficKinds = std::variant<traffic::Constant, traffic::OnOff, traffic::Transfer>;

// What a customer can have of its own: of what Azure has in its regions, and ways to telephones.
using ServerKinds = std::variant<relay::Relay, conference::MediaProcessor, sbc::Sbc>;

}  // namespace callflow::topology
