// Which rules of firewalls the packets of a network can meet.
#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "src/topology/graph.h"

namespace callflow::topology {

// Whether every packet that `later` matches is matched by `earlier`.
bool covers(const FirewallRule& earlier, const FirewallRule& later);

// Follows the graph's routes between all sites and regions, with addresses as they stand at each
// firewall (translated by the NATs on the way). Protocols and ports are not looked at: a rule for
// the web is no mistake because calls do not use it.
class RuleReach {
 public:
  // Whether there are few enough places; what it says of more is nothing.
  static bool follows(const Topology& topology);
  RuleReach(const NetworkGraph& graph, const Topology& topology);

  // May a packet meet the i-th rule of the device?
  bool meets(const std::string& device, std::size_t rule) const;
  // For people: "10.1.0.0/16 goes out to 20.202.0.0/16; 20.202.0.0/16 comes in to 10.1.0.0/16".
  std::string crossing(const std::string& device) const;

 private:
  // Addresses that a host may have; empty: any.
  using Addresses = std::vector<Ipv4Prefix>;
  struct Crossing {
    RuleDirection direction;
    Addresses from;
    Addresses to;
  };

  Addresses addressesOf(ElementId end) const;
  bool overlaps(const std::vector<RuleAddress>& rule, const Addresses& addresses) const;
  void follow(ElementId from, ElementId to);
  void cross(const Element& device, const Firewall& firewall, Crossing crossing);

  const NetworkGraph& graph_;
  const Topology& topology_;
  std::map<ElementId, Addresses> ends_;
  std::set<std::pair<std::string, std::size_t>> met_;
  std::map<std::string, std::vector<std::string>> crossings_;  // by device, for people
  bool complete_ = true;
};

}  // namespace callflow::topology
