// What each kind of box says of itself beside its parameters, so that nobody else need know it:
//
//   const config::Table<Delayer>& tableOf(const Delayer*);                          // keys.cc
//   fabric::BoxRole roleOf(const Delayer&);                                         // parameters.h
//   std::unique_ptr<fabric::Box> makeBox(const Delayer&, const fabric::BoxPlace&);  // box.cc
//
// All are found by the type of the parameters; src/topology/kinds.h lists the kinds.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "models/wire/address_range.h"

namespace callflow::config {
template <class T>
class Table;
}

namespace callflow::fabric {

class Box;

// How a box is called and drawn, and what the network around it must know.
struct BoxRole {
  std::string_view name;    // "firewall and NAT"
  bool guards = false;      // drawn as a wall, not as a router
  bool translates = false;  // has an address of its own, behind which the inside hides
  int addresses = 1;        // of them, one behind the other
  bool tunnels = false;     // others send it packets in which packets travel
  bool remembers = false;   // knows flows, which it can forget
  bool wireless = false;    // joins participants to their local network (Site::wifi)
};

// What a box of a VPN is: what stands in the perimeter, what its clients have on their computers,
// or its side to the local network.
enum class BoxPart : std::uint8_t { whole, client, inside };

// Where a box stands.
struct BoxPlace {
  std::string_view name;  // unique: it names the box's random streams
  // Its own address towards the outside, the first if it has several; none if it does not
  // translate.
  wire::Ipv4 outside;
  BoxPart part = BoxPart::whole;
  wire::Ipv4 host = {};  // of a client's box: the computer that it is on
  struct Host {
    std::string name;  // unique
    wire::Ipv4 address;
  };
  std::vector<Host> hosts = {};  // of what joins participants to their local network: these
  // Of a site, a device or somebody that the box's parameters name.
  std::function<std::vector<wire::Prefix>(const std::string&)> addressesOf = {};
};

}  // namespace callflow::fabric
