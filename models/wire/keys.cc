#include "models/wire/keys.h"

#include "src/units/quoted.h"

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
  static const ScalarInfo kInfo{
      .name = "any, a service, an IPv4 prefix or a place",
      .example = "azure",
      .pattern = "^(" + prefixPattern() + "|" + namePattern() + "([@/]" + namePattern() + ")?)$"};
  return kInfo;
}

const ScalarInfo& Scalar<wire::Dscp>::info() {
  static const ScalarInfo kInfo{.name = "DSCP",
                                .example = "ef",
                                .pattern = "^([a-z]+[0-9]*|[0-9]|[1-5][0-9]|6[0-3])$",
                                .jsonTypes = {"string", "integer"}};
  return kInfo;
}

Parsed<wire::Dscp> Scalar<wire::Dscp>::parse(std::string_view text) {
  if (const auto dscp = wire::parseDscp(text)) return {*dscp, {}};
  return {std::nullopt, quoted(text) +
                            " is not a DSCP; write ef, af41, af21, cs1, be or another of its "
                            "names, or a number from 0 to 63"};
}

}  // namespace callflow::config
