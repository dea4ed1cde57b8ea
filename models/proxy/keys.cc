#include "models/wire/keys.h"
#include "models/proxy/parameters.h"
#include "src/config/table.h"

namespace callflow::config {

template <>
struct EnumNames<proxy::Authentication> {
  using E = proxy::Authentication;
  static constexpr std::pair<E, const char*> kValues[] = {
      {E::none, "none"}, {E::basic, "basic"}, {E::negotiate, "negotiate"}, {E::ntlm, "ntlm"}};
};

}  // namespace callflow::config

namespace callflow::proxy {

const config::Table<Proxy>& tableOf(const Proxy*) {
  static const config::Table<Proxy> kTable =
      config::Table<Proxy>("proxy",
                           "An HTTP proxy in a site's local network; `proxy: true` is one without "
                           "more.")
          .add("present", &Proxy::present,
               {.def = "true", .help = "Whether there is one.", .source = "ours"})
          .add("ports", &Proxy::ports,
               {.def = "[443]",
                .help = "Ports that it opens tunnels to; relays are reached at 443.",
                .source = "squid: CONNECT only to SSL_ports, which is 443"})
          .add("authentication", &Proxy::authentication,
               {.def = "none",
                .help = "How it asks who the client is: basic and negotiate cost a round trip to "
                        "it before the tunnel, ntlm two.",
                .source = "RFC 9110 section 11.7, MS-NTHT"})
          .add("inspects-tls", &Proxy::inspectsTls,
               {.def = "false",
                .help = "It opens what is in tunnels: TURN is not the web's TLS, and is refused.",
                .source = "ours: it does not"})
          .shorthand("present")
          .check([](Proxy& mine, const config::Context& context) {
            // Who writes what it asks for has one.
            if (!context.has("present")) mine.present = true;
          });
  return kTable;
}

}  // namespace callflow::proxy
