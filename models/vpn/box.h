// The two ends of a VPN as what they carry meets them: the client, who has an address in the VPN,
// and the inside of the gateway, which has rules and a limit to what it can do.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "models/firewall/policy.h"
#include "models/nat/counting_box.h"
#include "models/vpn/parameters.h"

namespace callflow::vpn {

// Why a packet does not get through, beside rules.
enum class Reason : std::uint16_t {
  gatewayBusy,  // more waits than the gateway keeps
  queueFull,    // in front of the tunnel's TCP socket
  notUp,        // the client has not reached the gateway
  count_
};
std::string describe(Reason reason);

// On a participant's computer: what goes through the tunnel has the address that the VPN gave.
class ClientBox : public nat::CountingBox {
 public:
  ClientBox(const Vpn& parameters, wire::Ipv4 host, wire::Ipv4 given)
      : processing_(parameters.processing), host_(host), given_(given) {}

  fabric::BoxResult process(fabric::Packet& packet, fabric::Side from, TimePoint now) override;
  bool holds() const override { return processing_ > Duration{}; }
  std::vector<nat::BoxCount> counts() const override;
  std::string describeReason(std::uint16_t reason) const override;

 private:
  Duration processing_;
  wire::Ipv4 host_, given_;
  std::int64_t passed_ = 0;
};

// Where the tunnels end, beside the local network. Its inside is where the clients are.
class GatewayBox : public nat::CountingBox {
 public:
  explicit GatewayBox(const Vpn& parameters);

  fabric::BoxResult process(fabric::Packet& packet, fabric::Side from, TimePoint now) override;
  bool holds() const override {
    return processing_ > Duration{} || capacity_ != DataRate::unlimited();
  }
  std::vector<nat::BoxCount> counts() const override;
  std::string describeReason(std::uint16_t reason) const override;
  fabric::Ground groundOf(std::uint16_t reason) const override;

 private:
  static constexpr std::size_t kFirstRule = static_cast<std::size_t>(Reason::count_);

  DataRate capacity_;
  Duration backlog_, processing_;
  // Of what passes by no rule of its own.
  std::size_t firstPass() const { return kFirstRule + 2 * rules_.rules.size(); }

  firewall::Policy rules_;
  firewall::State state_;
  TimePoint free_;  // when all that came before is done
  std::int64_t passed_ = 0;
  std::vector<std::int64_t> dropped_;  // by reason, by rule, and by the rule that inspected
};

}  // namespace callflow::vpn
