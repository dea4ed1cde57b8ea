#include "models/wire/address_text.h"

#include <charconv>
#include <optional>
#include <utility>

#include "src/units/quoted.h"

namespace callflow::wire {
namespace {

// A decimal number of digits alone, without leading zeros (which other tools read as octal).
std::optional<int> number(std::string_view text, int highest) {
  if (text.empty() || text.size() > 5 || (text.size() > 1 && text[0] == '0')) return {};
  int value = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (fault != std::errc{} || end != text.data() + text.size() || text[0] == '-') return {};
  if (value > highest) return {};
  return value;
}

constexpr std::pair<Service, std::string_view> kServices[] = {
    {Service::azure, "azure"},
    {Service::acsMedia, "acs-media"},
    {Service::acsSignaling, "acs-signaling"}};

// Whether it may be the name of a place: that there is one, the network must say.
bool isName(std::string_view text) {
  return text.find_first_not_of("0123456789/") != std::string_view::npos &&
         text.find_first_of(" ,.:*") == std::string_view::npos;
}

}  // namespace

Parsed<Prefix> parsePrefix(std::string_view text) {
  const std::string advice = "; write for example 10.1.0.0/16";
  const auto slash = text.find('/');
  std::string_view rest = text.substr(0, slash);
  Ipv4 address;
  for (int octets = 0; octets < 4; ++octets) {
    const auto dot = rest.find('.');
    const auto octet = number(rest.substr(0, dot), 255);
    const bool last = octets == 3;
    if (!octet || (dot == std::string_view::npos) != last)
      return {{}, quoted(text) + " is not an IPv4 prefix" + advice};
    address.value = address.value << 8 | static_cast<std::uint32_t>(*octet);
    if (!last) rest.remove_prefix(dot + 1);
  }
  Prefix prefix{address, 32};
  if (slash != std::string_view::npos) {
    const auto length = number(text.substr(slash + 1), 32);
    if (!length) return {{}, quoted(text) + " has no length from 0 to 32" + advice};
    prefix.length = *length;
  }
  const std::uint32_t mask = prefix.length == 0 ? 0 : ~std::uint32_t{0} << (32 - prefix.length);
  if ((address.value & ~mask) != 0) {
    const Prefix network{Ipv4{address.value & mask}, prefix.length};
    return {{},
            quoted(text) + " has bits set behind its length; write " + toText(network) + ", or " +
                toText(address) + " for the one address"};
  }
  return {prefix, {}};
}

Parsed<PortRange> parsePortRange(std::string_view text) {
  const auto dash = text.find('-');
  const auto first = number(text.substr(0, dash), 65535);
  const auto last = dash == std::string_view::npos ? first : number(text.substr(dash + 1), 65535);
  if (!first || !last)
    return {{},
            quoted(text) + " is not a port from 0 to 65535 or a range of them; write for example " +
                "443 or 3478-3481"};
  if (*first > *last)
    return {{},
            quoted(text) + " runs backwards; write " + std::to_string(*last) + "-" +
                std::to_string(*first)};
  return {PortRange{static_cast<std::uint16_t>(*first), static_cast<std::uint16_t>(*last)}, {}};
}

Parsed<AddressRange> parseAddressRange(std::string_view text) {
  if (text == "any") return {AddressRange{AnyAddress{}}, {}};
  for (const auto& [service, name] : kServices)
    if (text == name) return {AddressRange{service}, {}};
  const auto prefix = parsePrefix(text);
  if (prefix.value) return {AddressRange{*prefix.value}, {}};
  if (text.find(':') != std::string_view::npos &&
      text.find_first_not_of("0123456789abcdefABCDEF:./") == std::string_view::npos)
    return {{},
            quoted(text) +
                " is an IPv6 address, and the networks of callflow are IPv4; write any, "
                "azure, or a prefix like 10.1.0.0/16"};
  if (isName(text)) return {AddressRange{Place{std::string(text)}}, {}};
  const bool letters = text.find_first_not_of("0123456789./") != std::string_view::npos;
  if (letters && text.find('.') != std::string_view::npos)
    return {{},
            quoted(text) +
                " is a host name, and rules match addresses; write azure for Azure's "
                "relays and media processors, or a prefix like 10.1.0.0/16"};
  if (text.find('.') != std::string_view::npos) return {{}, prefix.problem};
  return {{},
          quoted(text) +
              " is not an address; write any, azure, a prefix like 10.1.0.0/16, or a site's name"};
}

std::string toText(const Prefix& prefix) {
  return toText(prefix.address) +
         (prefix.length == 32 ? std::string() : "/" + std::to_string(prefix.length));
}

std::string toText(const PortRange& ports) {
  return ports.first == ports.last ? std::to_string(ports.first)
                                   : std::to_string(ports.first) + "-" + std::to_string(ports.last);
}

std::string toText(const AddressRange& address) {
  if (std::holds_alternative<AnyAddress>(address)) return "any";
  if (const auto* place = std::get_if<Place>(&address)) return place->name;
  if (const auto* service = std::get_if<Service>(&address))
    for (const auto& [each, name] : kServices)
      if (each == *service) return std::string(name);
  return toText(std::get<Prefix>(address));
}

}  // namespace callflow::wire
