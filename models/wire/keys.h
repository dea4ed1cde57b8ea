// How addresses and ports are written in YAML.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "models/wire/address_text.h"
#include "models/wire/dscp.h"
#include "src/config/scalar.h"

namespace callflow::config {

template <>
struct EnumNames<wire::RuleProtocol> {
  using E = wire::RuleProtocol;
  static constexpr std::pair<E, const char*> kValues[] = {
      {E::any, "any"}, {E::udp, "udp"}, {E::tcp, "tcp"}};
};

template <>
struct Scalar<wire::Prefix> {
  static const ScalarInfo& info();
  static Parsed<wire::Prefix> parse(std::string_view text) { return wire::parsePrefix(text); }
  static std::string print(const wire::Prefix& value) { return wire::toText(value); }
};

template <>
struct Scalar<wire::PortRange> {
  static const ScalarInfo& info();
  static Parsed<wire::PortRange> parse(std::string_view text) { return wire::parsePortRange(text); }
  static std::string print(const wire::PortRange& value) { return wire::toText(value); }
};

template <>
struct Scalar<wire::AddressRange> {
  static const ScalarInfo& info();
  static Parsed<wire::AddressRange> parse(std::string_view text) {
    return wire::parseAddressRange(text);
  }
  static std::string print(const wire::AddressRange& value) { return wire::toText(value); }
};

template <>
struct Scalar<wire::Dscp> {
  static const ScalarInfo& info();
  static Parsed<wire::Dscp> parse(std::string_view text);
  static std::string print(const wire::Dscp& value) { return wire::toText(value); }
};

}  // namespace callflow::config
