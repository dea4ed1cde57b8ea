#include "models/wire/keys.h"

namespace callflow::config {
namespace {

const char* const kOctet = "(25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])";

std::string prefixPattern() {
  const std::string dotted = std::string(kOctet) + "\\." + kOctet + "\\." + kOctet + "\\." + kOctet;
  return dotted + "(/(3[0-2]|[12]?[0-9]))?";
}

}  // namespace

const ScalarInfo& Scalar<wire::Prefix>::info() {
  static const ScalarInfo kInfo{
      .name = "IPv4 prefix", .example = "10.1.0.0/16", .pattern = "^" + prefixPattern() + "$"};
  return kInfo;
}

const ScalarInfo& Scalar<wire::PortRange>::info() {
  static const ScalarInfo kInfo{.name = "port or range of ports",
                                .example = "3478-3481",
                                .pattern = "^[0-9]{1,5}(-[0-9]{1,5})?$",
                                .jsonTypes = {"string", "integer"}};
  return kInfo;
}

const ScalarInfo& Scalar<wire::AddressRange>::info() {
  static const ScalarInfo kInfo{.name = "any, azure or an IPv4 prefix",
                                .example = "azure",
                                .pattern = "^(any|azure|" + prefixPattern() + ")$"};
  return kInfo;
}

}  // namespace callflow::config
