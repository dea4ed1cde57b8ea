#include "src/topology/text_forms.h"

namespace callflow::config {
namespace {

const char* const octet = "(25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])";

std::string prefixPattern() {
  const std::string dotted = std::string(octet) + "\\." + octet + "\\." + octet + "\\." + octet;
  return dotted + "(/(3[0-2]|[12]?[0-9]))?";
}

bool isBareNumber(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789.") == std::string_view::npos;
}

std::string quoted(std::string_view text) {
  return "\"" + std::string(text) + "\"";
}

}  // namespace

const ScalarInfo& Scalar<topology::Ipv4Prefix>::info() {
  static const ScalarInfo kInfo{
      .name = "IPv4 prefix", .example = "10.1.0.0/16", .pattern = "^" + prefixPattern() + "$"};
  return kInfo;
}

const ScalarInfo& Scalar<topology::PortRange>::info() {
  static const ScalarInfo kInfo{.name = "port or range of ports",
                                .example = "3478-3481",
                                .pattern = "^[0-9]{1,5}(-[0-9]{1,5})?$",
                                .json_types = {"string", "integer"}};
  return kInfo;
}

const ScalarInfo& Scalar<topology::RuleAddress>::info() {
  static const ScalarInfo kInfo{.name = "any, azure or an IPv4 prefix",
                                .example = "azure",
                                .pattern = "^(any|azure|" + prefixPattern() + ")$"};
  return kInfo;
}

const ScalarInfo& Scalar<topology::PacketCount>::info() {
  static const ScalarInfo kInfo{
      .name = "number of packets", .example = "3 packets", .pattern = "^[1-9][0-9]* ?packets?$"};
  return kInfo;
}

Parsed<topology::PacketCount> Scalar<topology::PacketCount>::parse(std::string_view text) {
  std::string_view number = text;
  for (const std::string_view unit : {" packets", "packets", " packet", "packet"}) {
    if (!number.ends_with(unit)) continue;
    number.remove_suffix(unit.size());
    const auto count = parseInteger(number, 1, 1'000'000);
    if (!count.value)
      return {std::nullopt, quoted(text) +
                                " is not a number of packets from 1 to 1000000; write for example "
                                "\"3 packets\""};
    return {topology::PacketCount{*count.value}, {}};
  }
  return {std::nullopt,
          quoted(text) + " is not a number of packets; write for example \"3 packets\""};
}

std::string Scalar<topology::PacketCount>::print(const topology::PacketCount& value) {
  return std::to_string(value.count) + (value.count == 1 ? " packet" : " packets");
}

const ScalarInfo& Scalar<topology::BurstLength>::info() {
  static const ScalarInfo& kInfo =
      makeVariantInfo({&Scalar<Duration>::info(), &Scalar<topology::PacketCount>::info()});
  return kInfo;
}

// Which of the two is meant is clear from the unit, so that only one problem is told.
Parsed<topology::BurstLength> Scalar<topology::BurstLength>::parse(std::string_view text) {
  Parsed<topology::BurstLength> out;
  if (text.find("packet") != std::string_view::npos) {
    const auto count = Scalar<topology::PacketCount>::parse(text);
    if (count.value) out.value = *count.value;
    out.problem = count.problem;
    return out;
  }
  const auto time = parseDuration(text);
  if (time.value) {
    out.value = *time.value;
  } else if (isBareNumber(text)) {
    out.problem = quoted(text) + " has no unit; write \"" + std::string(text) + " ms\" or \"" +
                  std::string(text) + " packets\"";
  } else {
    out.problem = quoted(text) +
                  " is neither a time nor a number of packets; write for example \"60 ms\" or "
                  "\"3 packets\"";
  }
  return out;
}

std::string Scalar<topology::BurstLength>::print(const topology::BurstLength& value) {
  if (const auto* time = std::get_if<Duration>(&value)) return toText(*time);
  return Scalar<topology::PacketCount>::print(std::get<topology::PacketCount>(value));
}

const ScalarInfo& Scalar<topology::QueueLimit>::info() {
  static const ScalarInfo& kInfo =
      makeVariantInfo({&Scalar<Duration>::info(), &Scalar<DataSize>::info()});
  return kInfo;
}

Parsed<topology::QueueLimit> Scalar<topology::QueueLimit>::parse(std::string_view text) {
  Parsed<topology::QueueLimit> out;
  const auto time = parseDuration(text);
  const auto size = parseDataSize(text);
  if (time.value) {
    out.value = *time.value;
  } else if (size.value) {
    out.value = *size.value;
  } else if (isBareNumber(text)) {
    out.problem = quoted(text) + " has no unit; write \"" + std::string(text) + " ms\" or \"" +
                  std::string(text) + " kB\"";
  } else {
    out.problem =
        quoted(text) + " is neither a time nor a size; write for example \"50 ms\" or \"64 kB\"";
  }
  return out;
}

std::string Scalar<topology::QueueLimit>::print(const topology::QueueLimit& value) {
  if (const auto* time = std::get_if<Duration>(&value)) return toText(*time);
  return toText(std::get<DataSize>(value));
}

const ScalarInfo& Scalar<topology::Participant>::info() {
  static const ScalarInfo kInfo{.name = "participant",
                                .example = "alice@hq",
                                .pattern = "^[a-z0-9][a-z0-9_-]*@[a-z0-9][a-z0-9_-]*$"};
  return kInfo;
}

Parsed<topology::Participant> Scalar<topology::Participant>::parse(std::string_view text) {
  const auto at = text.find('@');
  if (at == std::string_view::npos)
    return {std::nullopt, quoted(text) + " does not say where; write name@site, such as alice@hq"};
  topology::Participant who;
  who.name = std::string(text.substr(0, at));
  who.site = std::string(text.substr(at + 1));
  for (const std::string& part : {who.name, who.site}) {
    const std::string problem = nameProblem(part);
    if (!problem.empty())
      return {std::nullopt, quoted(text) + " is not name@site; write for example alice@hq"};
  }
  return {who, {}};
}

std::string Scalar<topology::Participant>::print(const topology::Participant& value) {
  return value.name + "@" + value.site;
}

}  // namespace callflow::config
