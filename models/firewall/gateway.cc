#include "models/firewall/gateway.h"

namespace callflow::firewall {

GatewayVerdict decide(const GatewayPolicy& policy, GatewayState& state, Direction direction,
                      const wire::Header5& header, TimePoint now, wire::Sight sight) {
  GatewayVerdict result;
  result.header = header;
  wire::Header5 judged = header;
  if (direction == Direction::in && policy.nat) {
    const nat::Verdict translated = nat::translateIn(*policy.nat, state.nat, header, now);
    result.natReason = translated.reason;
    result.byNat = !translated.pass;
    if (!translated.pass) return result;
    judged = translated.header;
  }
  result.filter = decide(policy.filter, state.filter, direction, judged, now, sight);
  if (!result.filter.pass) return result;
  if (direction == Direction::out && policy.nat) {
    const nat::Verdict translated = nat::translateOut(*policy.nat, state.nat, header, now);
    result.natReason = translated.reason;
    result.byNat = !translated.pass;
    if (!translated.pass) return result;
    judged = translated.header;
    result.turned = translated.turned;
  }
  if (result.turned) {
    result.filter = decide(policy.filter, state.filter, Direction::in, judged, now, sight);
    if (!result.filter.pass) return result;
  }
  result.pass = true;
  result.header = judged;
  return result;
}

std::string describe(const GatewayPolicy& policy, const GatewayVerdict& verdict) {
  if (verdict.byNat) return "dropped by its NAT: " + nat::describe(verdict.natReason);
  return describe(policy.filter, verdict.filter);
}

}  // namespace callflow::firewall
