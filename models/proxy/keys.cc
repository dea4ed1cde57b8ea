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
                .help = "It opens what is in tunnels: TURN is not the web's TLS, and is refused. "
                        "One that lets pass what it cannot read takes time: processing.",
                .source = "ours: it does not"})
          .add("processing", &Proxy::processing,
               {.def = "0 ms",
                .max = "10 s",
                .help = "How long it looks at each chunk of bytes, of either direction, before it "
                        "passes it on: that of a proxy that inspects what it lets through.",
                .source = "ours: a pipe takes no time that would count"})
          .add(
              "longest", &Proxy::longest,
              {.min = "1 ms",
               .help = "It closes a tunnel that has stood for so long, and what runs over it ends.",
               .source = "ours: none; squid's client_lifetime is 1 day",
               .absent = "none"})
          .add("idle", &Proxy::idle,
               {.min = "1 ms",
                .help = "It closes a tunnel over which nothing came either way for so long. A "
                        "client's checks, every 2.5 s, keep one open.",
                .source = "ours: none; squid's read_timeout is 15 min, HAProxy's timeout tunnel "
                          "often 1 h",
                .absent = "none"})
          .shorthand("present")
          .check([](Proxy& mine, const config::Context& context) {
            // Who writes what it asks for has one.
            if (!context.has("present")) mine.present = true;
            if (mine.present) return;
            const auto refuse = [&](const char* key, bool said) {
              if (said)
                context.keyError(key, "has no effect, as there is no proxy",
                                 "leave it out, or write present: true");
            };
            refuse("processing", mine.processing > Duration{});
            refuse("longest", mine.longest.has_value());
            refuse("idle", mine.idle.has_value());
          });
  return kTable;
}

}  // namespace callflow::proxy
