// What opens or looks into TLS on the way of media and signaling.
#include <algorithm>
#include <utility>

#include "src/check/rules.h"
#include "src/check/trials.h"
#include "src/check/ways.h"

namespace callflow::check {

std::vector<Finding> findTlsInspection(const Context& context) {
  std::vector<Finding> findings;
  Trials trials(context.graph(), context.topology());
  std::vector<Closed> known;
  for (const Person& person : context.people()) {
    const topology::Site& site = *person.site;
    if (site.proxy.present && site.proxy.inspectsTls)
      findings.push_back(
          {.severity = Severity::warning,
           .pos = site.pos,
           .subject = person.siteName,
           .problem = "the HTTP proxy of " + person.siteName + " opens TLS",
           .effect = "media over TCP 443 is not the web's TLS: the proxy lets none of it through",
           .advice = "exempt 20.202.0.0/16 and the service's names from inspection"});
    if (!person.relay || person.out.empty()) continue;
    // What passes as TLS and does not without: a rule looks into it.
    const wire::Endpoint relay{wire::Ipv4{context.graph().element(*person.relay).address},
                               wire::kTurnTcpPort};
    const auto tls =
        trials.exchange(person.element, person.out, person.back, wire::Protocol::tcp, relay);
    auto plain =
        trials.exchange(person.element, person.out, person.back, wire::Protocol::tcp, relay, true);
    if (tls || !plain || std::find(known.begin(), known.end(), *plain) != known.end()) continue;
    findings.push_back(
        {.severity = Severity::warning,
         .pos = plain->pos,
         .subject = plain->device,
         .problem = plain->device + " inspects TCP 443 to 20.202.0.0/16",
         .effect = "media that it does not take for TLS is dropped, and calls then "
                   "fail though the TCP handshake succeeds",
         .advice = "{allow: tcp, to: azure, ports: 443} before it, without inspect:"});
    known.push_back(std::move(*plain));
  }
  return findings;
}

}  // namespace callflow::check
