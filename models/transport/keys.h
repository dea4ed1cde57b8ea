// How TCP and what protects it are written in YAML.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "models/transport/parameters.h"
#include "src/config/table.h"

namespace callflow::config {

template <>
struct EnumNames<transport::Security> {
  using E = transport::Security;
  static constexpr std::pair<E, const char*> kValues[] = {
      {E::none, "none"}, {E::tls12, "tls-1.2"}, {E::tls13, "tls-1.3"}, {E::pseudo, "pseudo-tls"}};
};

template <>
struct EnumNames<transport::TcpModel> {
  using E = transport::TcpModel;
  static constexpr std::pair<E, const char*> kValues[] = {{E::linuxLike, "linux"}, {E::ns3, "ns3"}};
};

template <>
struct EnumNames<transport::CongestionAlgorithm> {
  using E = transport::CongestionAlgorithm;
  static constexpr std::pair<E, const char*> kValues[] = {
      {E::cubic, "cubic"}, {E::reno, "reno"}, {E::bbr, "bbr"}};
};

template <>
struct EnumNames<transport::LossRecovery> {
  using E = transport::LossRecovery;
  static constexpr std::pair<E, const char*> kValues[] = {{E::rack, "rack"},
                                                          {E::duplicates, "duplicates"}};
};

}  // namespace callflow::config

namespace callflow::transport {

const config::Table<Tcp>& tableOf(const Tcp*);
const config::Table<Transport>& tableOf(const Transport*);

}  // namespace callflow::transport
