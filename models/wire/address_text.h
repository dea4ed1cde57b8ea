// Addresses and ports as users write them.
#pragma once

#include <string>
#include <string_view>

#include "models/wire/address_range.h"
#include "src/units/units.h"

namespace callflow::wire {

// As with the parsers of units: the value, or what is wrong as half a sentence.
Parsed<Prefix> parsePrefix(std::string_view text);  // "10.1.0.0/16", "192.0.2.7" (one address)
Parsed<PortRange> parsePortRange(std::string_view text);  // "443", "3478-3481"
Parsed<AddressRange> parseAddressRange(
    std::string_view text);  // "any", "azure", a prefix, or a name

std::string toText(const Prefix& prefix);
std::string toText(const PortRange& ports);
std::string toText(const AddressRange& address);

}  // namespace callflow::wire
