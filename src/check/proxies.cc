// Media through HTTP proxies.
#include "src/check/rules.h"
#include "src/check/ways.h"

namespace callflow::check {

std::vector<Finding> findMediaInProxies(const Context& context) {
  std::vector<Finding> findings;
  for (const auto& [name, site] : context.topology().sites) {
    if (!site.proxy.present) continue;
    std::vector<std::string> calls;
    for (const explain::CallPlan& plan : context.plans())
      for (const explain::MediaPath& path : plan.paths)
        for (const explain::Leg& leg : path.legs) {
          const topology::Element& from = context.graph().element(leg.from);
          if (from.kind == topology::ElementKind::proxy && from.site == name)
            addOnce(calls, plan.call);
        }
    if (calls.empty()) continue;
    findings.push_back(
        {.severity = Severity::warning,
         .pos = site.pos,
         .subject = name,
         .problem = "media of call " + listed(calls) + " goes through the HTTP proxy of " + name,
         .effect = "it goes over TCP: each lost packet holds up those behind it, "
                   "and the proxy adds its own delay and limits",
         .advice = "let UDP 3478-3481 to 20.202.0.0/16 out around the proxy, at "
                   "least TCP 443"});
  }
  return findings;
}

}  // namespace callflow::check
