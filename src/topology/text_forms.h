// How the network's own scalar types are written in YAML: for every table that uses them.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "src/config/scalar.h"
#include "src/topology/address_text.h"
#include "src/topology/model.h"
#include "src/topology/scenario.h"

namespace callflow::config {

template <>
struct EnumNames<topology::JitterDistribution> {
  using E = topology::JitterDistribution;
  static constexpr std::pair<E, const char*> values[] = {
      {E::exponential, "exponential"}, {E::uniform, "uniform"}, {E::half_normal, "half-normal"}};
};

template <>
struct EnumNames<topology::RuleAction> {
  using E = topology::RuleAction;
  static constexpr std::pair<E, const char*> values[] = {{E::allow, "allow"}, {E::deny, "deny"}};
};

template <>
struct EnumNames<topology::RuleProtocol> {
  using E = topology::RuleProtocol;
  static constexpr std::pair<E, const char*> values[] = {
      {E::any, "any"}, {E::udp, "udp"}, {E::tcp, "tcp"}};
};

template <>
struct EnumNames<topology::RuleDirection> {
  using E = topology::RuleDirection;
  static constexpr std::pair<E, const char*> values[] = {{E::out, "out"}, {E::in, "in"}};
};

template <>
struct EnumNames<topology::CallKind> {
  using E = topology::CallKind;
  static constexpr std::pair<E, const char*> values[] = {{E::one_to_one, "one-to-one"},
                                                         {E::group, "group"}};
};

template <>
struct EnumNames<topology::PathKind> {
  using E = topology::PathKind;
  static constexpr std::pair<E, const char*> values[] = {{E::direct, "direct"},
                                                         {E::relay_udp, "relay-udp"},
                                                         {E::relay_tcp, "relay-tcp"},
                                                         {E::relay_proxy, "relay-proxy"}};
};

template <>
struct EnumNames<topology::JitterBufferKind> {
  using E = topology::JitterBufferKind;
  static constexpr std::pair<E, const char*> values[] = {
      {E::neteq, "neteq"}, {E::adaptive, "adaptive"}, {E::fixed, "fixed"}};
};

template <>
struct EnumNames<topology::ClientProfile> {
  using E = topology::ClientProfile;
  static constexpr std::pair<E, const char*> values[] = {{E::chrome_2020, "chrome-2020"},
                                                         {E::chrome_2024, "chrome-2024"},
                                                         {E::chrome_2026, "chrome-2026"}};
};

template <>
struct EnumNames<topology::Security> {
  using E = topology::Security;
  static constexpr std::pair<E, const char*> values[] = {{E::none, "none"},
                                                         {E::tls_1_2, "tls-1.2"},
                                                         {E::tls_1_3, "tls-1.3"},
                                                         {E::pseudo_tls, "pseudo-tls"}};
};

template <>
struct EnumNames<topology::TcpModel> {
  using E = topology::TcpModel;
  static constexpr std::pair<E, const char*> values[] = {{E::linux_like, "linux"}, {E::ns3, "ns3"}};
};

template <>
struct EnumNames<topology::TcpCongestion> {
  using E = topology::TcpCongestion;
  static constexpr std::pair<E, const char*> values[] = {
      {E::cubic, "cubic"}, {E::reno, "reno"}, {E::bbr, "bbr"}};
};

template <>
struct EnumNames<topology::AudioCodec> {
  using E = topology::AudioCodec;
  static constexpr std::pair<E, const char*> values[] = {
      {E::opus, "opus"}, {E::pcmu, "pcmu"}, {E::pcma, "pcma"}, {E::g722, "g722"}};
};

template <>
struct EnumNames<topology::RateControl> {
  using E = topology::RateControl;
  static constexpr std::pair<E, const char*> values[] = {{E::vbr, "vbr"}, {E::cbr, "cbr"}};
};

template <>
struct EnumNames<topology::Sizes> {
  using E = topology::Sizes;
  static constexpr std::pair<E, const char*> values[] = {{E::drawn, "drawn"},
                                                         {E::libopus, "libopus"}};
};

template <>
struct EnumNames<topology::Talk> {
  using E = topology::Talk;
  static constexpr std::pair<E, const char*> values[] = {{E::always, "always"},
                                                         {E::conversation, "conversation"}};
};

template <>
struct EnumNames<topology::Fec> {
  using E = topology::Fec;
  static constexpr std::pair<E, const char*> values[] = {{E::automatic, "auto"}, {E::off, "off"}};
};

template <>
struct EnumNames<topology::TcpRecovery> {
  using E = topology::TcpRecovery;
  static constexpr std::pair<E, const char*> values[] = {{E::rack, "rack"},
                                                         {E::duplicates, "duplicates"}};
};

template <>
struct Scalar<topology::Ipv4Prefix> {
  static const ScalarInfo& info();
  static Parsed<topology::Ipv4Prefix> parse(std::string_view text) {
    return topology::parsePrefix(text);
  }
  static std::string print(const topology::Ipv4Prefix& value) { return topology::toText(value); }
};

template <>
struct Scalar<topology::PortRange> {
  static const ScalarInfo& info();
  static Parsed<topology::PortRange> parse(std::string_view text) {
    return topology::parsePortRange(text);
  }
  static std::string print(const topology::PortRange& value) { return topology::toText(value); }
};

template <>
struct Scalar<topology::RuleAddress> {
  static const ScalarInfo& info();
  static Parsed<topology::RuleAddress> parse(std::string_view text) {
    return topology::parseRuleAddress(text);
  }
  static std::string print(const topology::RuleAddress& value) { return topology::toText(value); }
};

// "3 packets".
template <>
struct Scalar<topology::PacketCount> {
  static const ScalarInfo& info();
  static Parsed<topology::PacketCount> parse(std::string_view text);
  static std::string print(const topology::PacketCount& value);
};

// "60 ms" or "3 packets".
template <>
struct Scalar<topology::BurstLength> {
  static const ScalarInfo& info();
  static Parsed<topology::BurstLength> parse(std::string_view text);
  static std::string print(const topology::BurstLength& value);
};

// "50 ms" or "64 kB".
template <>
struct Scalar<topology::QueueLimit> {
  static const ScalarInfo& info();
  static Parsed<topology::QueueLimit> parse(std::string_view text);
  static std::string print(const topology::QueueLimit& value);
};

// "alice@hq".
template <>
struct Scalar<topology::Participant> {
  static const ScalarInfo& info();
  static Parsed<topology::Participant> parse(std::string_view text);
  static std::string print(const topology::Participant& value);
  static void setPos(topology::Participant& value, const SourcePos& pos) { value.pos = pos; }
};

}  // namespace callflow::config
