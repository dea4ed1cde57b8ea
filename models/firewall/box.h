// A firewall in the fabric, with or without a NAT: hands each packet to the policies, changes it
// and counts.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "models/firewall/gateway.h"
#include "models/nat/counting_box.h"

namespace callflow::firewall {

class FirewallBox : public nat::CountingBox {
 public:
  explicit FirewallBox(GatewayPolicy policy);

  fabric::BoxResult process(fabric::Packet& packet, fabric::Side from, TimePoint now) override;

  void forget(wire::RuleProtocol which) override {
    state_.filter.forget(which);
    state_.nat.forget(which);
  }
  // In the order: open connections, defaults, table, NAT, rules. A packet that passes, or that the
  // firewall denies, counts by the firewall's reason; one that the NAT drops by the NAT's.
  std::vector<nat::BoxCount> counts() const override;
  std::string describeReason(std::uint16_t reason) const override;
  fabric::Ground groundOf(std::uint16_t reason) const override;

  const GatewayPolicy& policy() const { return policy_; }
  const GatewayState& state() const { return state_; }

 private:
  // Numbers of fates: these, the NAT's reasons, the rules, what each of them inspects and refuses.
  static constexpr std::size_t kOpenConnection = 0;
  static constexpr std::size_t kDefaultOut = 1;
  static constexpr std::size_t kDefaultIn = 2;
  static constexpr std::size_t kTableFull = 3;
  static constexpr std::size_t kMadeRoom = 4;
  static constexpr std::size_t kFirstNat = 5;
  static constexpr std::size_t kFirstRule =
      kFirstNat + static_cast<std::size_t>(nat::Reason::count_);

  std::size_t firstInspection() const { return kFirstRule + policy_.filter.rules.size(); }
  std::size_t fateOf(const GatewayVerdict& verdict) const;
  bool passes(std::size_t fate) const;
  std::string describeFate(std::size_t fate) const;

  GatewayPolicy policy_;
  GatewayState state_;
  std::vector<std::int64_t> counts_;  // by fate
};

}  // namespace callflow::firewall
