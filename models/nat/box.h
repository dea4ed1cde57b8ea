// A NAT in the fabric: hands each packet to the policy, changes it and counts.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "models/nat/counting_box.h"
#include "models/nat/policy.h"

namespace callflow::nat {

// The reason in the words that all boxes share.
fabric::Cause causeOf(Reason reason);

class NatBox : public CountingBox {
 public:
  explicit NatBox(const Policy& policy) : policy_(policy) {}

  // The reason of a drop is a nat::Reason as a number.
  fabric::BoxResult process(fabric::Packet& packet, fabric::Side from, TimePoint now) override;
  void forget(wire::RuleProtocol which) override { state_.forget(which); }
  // In the order of nat::Reason.
  std::vector<BoxCount> counts() const override;
  std::string describeReason(std::uint16_t reason) const override;
  fabric::Ground groundOf(std::uint16_t reason) const override {
    return {causeOf(static_cast<Reason>(reason))};
  }

  const Policy& policy() const { return policy_; }
  const State& state() const { return state_; }

 private:
  Policy policy_;
  State state_;
  std::array<std::int64_t, static_cast<std::size_t>(Reason::count_)> counts_{};
};

}  // namespace callflow::nat
