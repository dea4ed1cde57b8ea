// How the network's own scalar types are written in YAML: for every table that uses them.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "src/config/scalar.h"
#include "src/topology/model.h"
#include "src/topology/scenario.h"

namespace callflow::config {

template <>
struct EnumNames<ice::AccessKind> {
  using E = ice::AccessKind;
  static constexpr const auto& kValues = ice::kAccessKindNames;
};

template <>
struct EnumNames<ice::GatheringPolicy> {
  using E = ice::GatheringPolicy;
  static constexpr std::pair<E, const char*> kValues[] = {{E::once, "once"},
                                                          {E::continually, "continually"}};
};

template <>
struct EnumNames<topology::CallFeature> {
  using E = topology::CallFeature;
  static constexpr std::pair<E, const char*> kValues[] = {{E::recording, "recording"},
                                                          {E::transcription, "transcription"}};
};

template <>
struct EnumNames<topology::Advertised> {
  using E = topology::Advertised;
  static constexpr std::pair<E, const char*> kValues[] = {{E::peering, "peering"},
                                                          {E::uplink, "uplink"}};
};

template <>
struct EnumNames<topology::CallKind> {
  using E = topology::CallKind;
  static constexpr std::pair<E, const char*> kValues[] = {{E::oneToOne, "one-to-one"},
                                                          {E::group, "group"}};
};

template <>
struct EnumNames<topology::LinkState> {
  using E = topology::LinkState;
  static constexpr std::pair<E, const char*> kValues[] = {{E::up, "up"}, {E::down, "down"}};
};

template <>
struct EnumNames<topology::PathKind> {
  using E = topology::PathKind;
  static constexpr const auto& kValues = topology::kPathKindNames;
};

// "alice@hq", "alice@home+phone", "member@home x 30".
template <>
struct Scalar<topology::Participant> {
  static const ScalarInfo& info();
  static Parsed<topology::Participant> parse(std::string_view text);
  static std::string print(const topology::Participant& value);
  static void setPos(topology::Participant& value, const SourcePos& pos) { value.pos = pos; }
};

}  // namespace callflow::config
